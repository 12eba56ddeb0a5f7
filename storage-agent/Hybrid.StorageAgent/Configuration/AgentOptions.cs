using System.Net;

namespace Hybrid.StorageAgent.Configuration;

/// <summary>The agent's own configuration: one local file (and <c>HYBRID_AGENT__…</c> variables), never from the control plane.</summary>
public sealed class AgentOptions
{
    /// <summary>The control plane's public URL, e.g. https://hybrid.example.</summary>
    public Uri? ControlPlane { get; set; }

    /// <summary>Where browsers reach this agent (scheme, host, port).</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Origin that browsers come from. Unset: the control plane's own.</summary>
    public string? WorkspaceOrigin { get; set; }

    /// <summary>Folder of the agent's key, secret and access log; readable by the agent alone. Default: <c>data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Address to listen on. Default: http://127.0.0.1:5090.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5090";

    /// <summary>Connections, 1–100.</summary>
    public IList<ConnectionOptions> Connections { get; } = [];

    /// <summary>Ceilings for everybody.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>The origin that CORS admits: exactly one.</summary>
    public string Origin => WorkspaceOrigin ?? ControlPlane!.GetLeftPart(UriPartial.Authority);

    /// <summary>Every mistake with its mend, one a line; empty when the agent may start.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (ControlPlane is null) yield return "controlPlane is missing: give the control plane's address, e.g. \"https://hybrid.example\".";
        else if (!IsOrigin(ControlPlane)) yield return $"controlPlane is {ControlPlane}: give scheme, host and port only; plain http is for loopback only.";
        if (PublicUrl is null) yield return "publicUrl is missing: give the address at which browsers reach this agent.";
        else if (!IsOrigin(PublicUrl)) yield return $"publicUrl is {PublicUrl}: give scheme, host and port only; plain http is for loopback only.";
        if (WorkspaceOrigin is { } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin))
            yield return $"workspaceOrigin is {origin}: give scheme, host and port only, without a slash at the end.";
        if (Connections.Count is 0 or > 100) yield return $"connections has {Connections.Count} entries: give 1 to 100.";
        foreach (var twice in Connections.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"connections: the name {twice.Key} stands {twice.Count()} times; names are unique.";
        foreach (var mistake in Connections.SelectMany(c => c.Mistakes())) yield return mistake;
        if (Limits.PerPersonPerMinute < 1) yield return $"limits.perPersonPerMinute is {Limits.PerPersonPerMinute}: give at least 1.";
        if (Limits.PerPersonPerHour < Limits.PerPersonPerMinute) yield return "limits.perPersonPerHour is below the minute's ceiling: raise it.";
        foreach (var range in Limits.ClientRanges.Where(r => !IPNetwork.TryParse(r, out _))) yield return $"limits.clientRanges: {range} is no address range, e.g. \"10.0.0.0/8\".";
    }

    private static bool IsOrigin(Uri uri) =>
        uri.IsAbsoluteUri && uri.PathAndQuery == "/" && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}

/// <summary>One named connection to storage.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Name, <c>[a-z0-9-]{1,64}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>file</c> or <c>s3</c>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>Folder (provider file).</summary>
    public string? Folder { get; set; }

    /// <summary>Bucket (provider s3).</summary>
    public string? Bucket { get; set; }

    /// <summary>Endpoint that the agent itself uses; unset = AWS.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Endpoint that browsers use, when it differs; URLs are signed for it.</summary>
    public Uri? PublicEndpoint { get; set; }

    /// <summary>Region. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Path style (https://host/bucket/key) instead of virtual-host style. Unset: path style where an endpoint is given.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>Static access key; unset = the default credential chain.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Static secret key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Key prefixes that may be reached; empty = all.</summary>
    public IList<string> Prefixes { get; } = [];

    /// <summary>Projects that may use the connection; empty = all.</summary>
    public IList<Guid> Projects { get; } = [];

    /// <summary>Longest life of a URL in seconds, 10–3600. Default: 60.</summary>
    public int MaxUrlSeconds { get; set; } = 60;

    /// <summary>
    /// Longest time for one question to the store in seconds, its retries included, 1–20: shorter than the 25 seconds that the control
    /// plane's own questions have. Default: 20.
    /// </summary>
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>The same as a time span.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    internal IEnumerable<string> Mistakes()
    {
        if (Name.Length is 0 or > 64 || Name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            yield return $"connection \"{Name}\": a name has 1–64 lower-case letters, digits and hyphens.";
        if (MaxUrlSeconds is < 10 or > 3600) yield return $"connection {Name}: maxUrlSeconds is {MaxUrlSeconds}; give 10 to 3600.";
        if (TimeoutSeconds is < 1 or > 20) yield return $"connection {Name}: timeoutSeconds is {TimeoutSeconds}; give 1 to 20.";
        switch (Provider)
        {
            case "file":
                if (Folder is null) yield return $"connection {Name}: folder is missing.";
                else if (!Directory.Exists(Folder)) yield return $"connection {Name}: folder {Folder} does not exist or cannot be read by this process.";
                break;
            case "s3":
                if (string.IsNullOrEmpty(Bucket)) yield return $"connection {Name}: bucket is missing.";
                if ((AccessKey is null) != (SecretKey is null)) yield return $"connection {Name}: give accessKey and secretKey both, or neither (then the default chain is used).";
                break;
            default:
                yield return $"connection {Name}: provider is \"{Provider}\"; give \"file\" or \"s3\".";
                break;
        }
    }
}

/// <summary>Ceilings, so that a hostile or hijacked labeler cannot drain the storage.</summary>
public sealed class LimitOptions
{
    /// <summary>URLs a person may have in a minute. Default: 600.</summary>
    public int PerPersonPerMinute { get; set; } = 600;

    /// <summary>URLs a person may have in an hour. Default: 6000.</summary>
    public int PerPersonPerHour { get; set; } = 6000;

    /// <summary>Address ranges that browsers may come from; empty = any.</summary>
    public IList<string> ClientRanges { get; } = [];

    /// <summary>Whether explicit looks (act <c>view</c>) are allowed. Default: yes.</summary>
    public bool AllowView { get; set; } = true;
}
