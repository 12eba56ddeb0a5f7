using Hybrid.ControlPlane.Infrastructure.Mail;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ServiceDefaults;

namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>Configuration of the host. Each value can come from a file, the environment (<c>HYBRID__PublicUrl</c>) or the command line.</summary>
public sealed class ControlPlaneOptions
{
    /// <summary>Where browsers and agents reach the control plane. Plain http only on loopback. Default: http://localhost:5080.</summary>
    public Uri PublicUrl { get; set; } = new("http://localhost:5080");

    /// <summary>Folder of the built workspace; unset = <c>workspace</c> beside the executable.</summary>
    public string? WorkspaceFolder { get; set; }

    /// <summary>The database.</summary>
    public DatabaseOptions Database { get; set; } = new();

    /// <summary>Redis (StackExchange.Redis configuration, e.g. <c>redis:6379,ssl=true</c>) through which several replicas share the links of agents; unset: one replica.</summary>
    public string? Redis { get; set; }

    /// <summary>File with a 256-bit key (base64) that encrypts the Data Protection key ring; unset = not encrypted, loopback only.</summary>
    public string? DataProtectionKeyFile { get; set; }

    /// <summary>File with the filter of passwords from breaches, made by <c>build-password-filter</c>; unset: the one that comes with the product.</summary>
    public string? PasswordFilterFile { get; set; }

    /// <summary>Apply pending migrations at start. Unset: yes on SQLite, no on PostgreSQL (run <c>migrate</c> there).</summary>
    public bool? MigrateAtStart { get; set; }

    /// <summary>Single sign-on: what the operator allows and vouches for.</summary>
    public SingleSignOnOptions SingleSignOn { get; set; } = new();

    /// <summary>Addresses or networks (CIDR) of reverse proxies whose <c>X-Forwarded-For</c> is believed. Empty: the address of the connection counts.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>How mails leave.</summary>
    public MailOptions Mail { get; set; } = new();

    /// <summary>Metrics and logs for those who run the host.</summary>
    public OperatorOptions Operator { get; set; } = new();

    /// <summary>Every mistake with its mend; empty when the host may start.</summary>
    public IEnumerable<string> Mistakes()
    {
        foreach (var mistake in Operator.Mistakes("Operator:Listen", "Operator:LogFormat", "Operator:LogLevel", PublicUrl.IsLoopback ? PublicUrl.ToString() : null)) yield return mistake;
        if (PublicUrl.Scheme is not ("https" or "http"))
            yield return $"PublicUrl is {PublicUrl}: give an https address.";
        else if (PublicUrl.Scheme == Uri.UriSchemeHttp && !PublicUrl.IsLoopback)
            yield return $"PublicUrl is {PublicUrl}: plain http is for loopback only. Give an https address.";
        if (PublicUrl.PathAndQuery != "/")
            yield return $"PublicUrl is {PublicUrl}: give scheme, host and port only.";
        if (DataProtectionKeyFile is null && !PublicUrl.IsLoopback)
            yield return "DataProtectionKeyFile is not set: name a file with 32 random bytes in base64 (openssl rand -base64 32), readable by the service alone.";
        if (DataProtectionKeyFile is { } file && !File.Exists(file))
            yield return $"DataProtectionKeyFile {file} does not exist: make it with openssl rand -base64 32.";
        if (PasswordFilterFile is { } filter && !File.Exists(filter))
            yield return $"PasswordFilterFile {filter} does not exist: make it with build-password-filter, or leave the setting out.";
        foreach (var proxy in TrustedProxies.Where(p => !System.Net.IPAddress.TryParse(p, out _) && !System.Net.IPNetwork.TryParse(p, out _)))
            yield return $"TrustedProxies has {proxy}: give an address (10.0.0.5) or a network (10.0.0.0/24).";
        foreach (var mistake in Database.Mistakes()) yield return mistake;
        foreach (var mistake in Mail.Mistakes(PublicUrl)) yield return mistake;
        if (WorkspaceFolder is { } folder && !Directory.Exists(folder))
            yield return $"WorkspaceFolder {folder} does not exist: build the workspace, or leave the setting out.";
    }
}

/// <summary>What the operator of an installation allows and vouches for in single sign-on.</summary>
public sealed class SingleSignOnOptions
{
    /// <summary>Hosts of identity providers that may lie in a private network and speak plain http. Empty: public addresses over https alone.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>Mail domain → id of the organization that owns it, where no DNS can prove it (air-gapped installations).</summary>
    public IReadOnlyDictionary<string, Guid> ProvenDomains { get; set; } = new Dictionary<string, Guid>();

    /// <summary>
    /// Cloud of Entra ID (<c>Public</c>, <c>UsGovernment</c>, <c>China</c>) → address of its sign-in service, where that is another than Microsoft
    /// publishes.
    /// </summary>
    public IReadOnlyDictionary<string, Uri> EntraInstances { get; set; } = new Dictionary<string, Uri>();
}
