using System.Net;
using Hybrid.ServiceDefaults;

namespace Hybrid.StorageAgent.Configuration;

/// <summary>The agent's own configuration: one local file (and <c>HYBRID_AGENT__…</c> variables), never from the control plane.</summary>
public sealed class AgentOptions
{
    /// <summary>The control plane's public URL, e.g. https://hybrid.example.</summary>
    public Uri? ControlPlane { get; set; }

    /// <summary>PEM file with the authorities that vouch for the control plane's certificate, where the machine's own do not.</summary>
    public string? ControlPlaneCaFile { get; set; }

    /// <summary>HTTP proxy on the way to the control plane, e.g. http://proxy.hospital.example:3128. Unset: <c>HTTPS_PROXY</c> of the environment, if any.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>File whose first line is <c>name:secret</c> for the proxy (Basic, RFC 7617).</summary>
    public string? ProxyCredentialsFile { get; set; }

    /// <summary>Where browsers reach this agent (scheme, host, port). Unset: nowhere; they ask through the control plane's relay, sealed, and no port needs to be open.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Origin that browsers come from. Unset: the control plane's own.</summary>
    public string? WorkspaceOrigin { get; set; }

    /// <summary>Folder of the agent's key, secret and access log; readable by the agent alone. Default: <c>data</c>.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// File with 32 random bytes in base64 that the replicas of one agent share: URL keys and opaque names come from it. Unset: the
    /// replica's own, made at its enrolment.
    /// </summary>
    public string? SecretFile { get; set; }

    /// <summary>Address to listen on. Default: http://127.0.0.1:5090.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5090";

    /// <summary>PEM file with the certificate that <see cref="Listen"/> serves by https, and its intermediates; read again when it changes. Unset: an ingress in front serves https.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the certificate's private key, readable by the agent alone.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Address of the operators' own listener (metrics, health), e.g. http://127.0.0.1:9464. Unset: no listener.</summary>
    public string? OperatorListen { get; set; }

    /// <summary><c>simple</c>, or <c>json</c>: one object a line, for log collectors. Default: simple.</summary>
    public string LogFormat { get; set; } = "simple";

    /// <summary>Least level that is logged. Default: Information.</summary>
    public string LogLevel { get; set; } = "Information";

    /// <summary>Connections, 1–100.</summary>
    public IList<ConnectionOptions> Connections { get; } = [];

    /// <summary>Ceilings for everybody.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>How long the agent still serves after it was told to end, and already says that it is not ready, in seconds, 0–300. Default: 5. Longer than the interval at which a load balancer asks.</summary>
    public int DrainSeconds { get; set; } = 5;

    /// <summary>The access log.</summary>
    public AccessLogOptions AccessLog { get; set; } = new();

    /// <summary>Address ranges of the customer's own ingress, whose word for a browser's address (X-Forwarded-For) counts; empty = nobody's.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The workspace's origin.</summary>
    public string Origin => WorkspaceOrigin ?? ControlPlane!.GetLeftPart(UriPartial.Authority);

    /// <summary>The origins that CORS and the policy admit: the workspace's alone, unless the file lists others.</summary>
    internal IReadOnlyList<string> Origins => Limits.Origins.Count > 0 ? [.. Limits.Origins] : [Origin];

    /// <summary>Folder of the access log.</summary>
    internal string AccessLogFolder => Path.Combine(DataDirectory, "access-log");

    /// <summary>What the agent offers to those who run it.</summary>
    internal OperatorOptions Operator => new() { Listen = OperatorListen, LogFormat = LogFormat, LogLevel = LogLevel };

    /// <summary>Every mistake with its mend, one a line; empty when the agent may start.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (ControlPlane is null) yield return "controlPlane is missing: give the control plane's address, e.g. \"https://hybrid.example\".";
        else if (!IsOrigin(ControlPlane)) yield return $"controlPlane is {ControlPlane}: give scheme, host and port only; plain http is for loopback only.";
        foreach (var served in PublicUrl is null ? Connections.Where(c => c.Provider == "file" || c.IsProxied) : [])
            yield return $"publicUrl is missing: browsers read connection {served.Name} from this agent itself, so give the address at which they reach it.";
        if (PublicUrl is not null && !IsOrigin(PublicUrl)) yield return $"publicUrl is {PublicUrl}: give scheme, host and port only; plain http is for loopback only.";
        if (ControlPlaneCaFile is { } ca && !File.Exists(ca)) yield return $"controlPlaneCaFile {ca} does not exist or cannot be read by this process.";
        if (Proxy is { } proxy && !(proxy.IsAbsoluteUri && proxy.Scheme == Uri.UriSchemeHttp && proxy.UserInfo.Length == 0))
            yield return "proxy is not an address of an HTTP proxy: give e.g. \"http://proxy.example:3128\"; name and secret go to proxyCredentialsFile.";
        if (Proxy is null && ProxyCredentialsFile is not null) yield return "proxyCredentialsFile is for a proxy: give proxy too, or remove it.";
        if (ProxyCredentialsFile is { } credentials && !(File.Exists(credentials) && File.ReadLines(credentials).FirstOrDefault()?.Contains(':', StringComparison.Ordinal) == true))
            yield return $"proxyCredentialsFile {credentials} cannot be read by this process, or its first line is not name:secret.";
        if (SecretFile is { } secret && Identity.SharedSecret.Mistake(secret) is { } unusable) yield return unusable;
        if (CertificateMistake() is { } certificate) yield return certificate;
        if (WorkspaceOrigin is { } origin && !IsOriginText(origin))
            yield return $"workspaceOrigin is {origin}: give scheme, host and port only, without a slash at the end.";
        if (Connections.Count is 0 or > 100) yield return $"connections has {Connections.Count} entries: give 1 to 100.";
        foreach (var twice in Connections.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"connections: the name {twice.Key} stands {twice.Count()} times; names are unique.";
        foreach (var mistake in Connections.SelectMany(c => c.Mistakes())) yield return mistake;
        foreach (var mistake in Limits.Mistakes().Concat(AccessLog.Mistakes())) yield return mistake;
        foreach (var mistake in Operator.Mistakes("operatorListen", "logFormat", "logLevel", Listen.Split(';'))) yield return mistake;
        if (DrainSeconds is < 0 or > 300) yield return $"drainSeconds is {DrainSeconds}; give 0 to 300.";
        foreach (var range in TrustedProxies.Where(r => !IPNetwork.TryParse(r, out _))) yield return $"trustedProxies: {range} is no address range, e.g. \"10.0.0.7/32\".";
    }

    /// <summary>Whether a text is scheme, host and port and no more.</summary>
    internal static bool IsOriginText(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.GetLeftPart(UriPartial.Authority) == text;

    private string? CertificateMistake()
    {
        var https = Listen.Split(';').Count(l => l.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        return (CertificateFile, CertificateKeyFile) switch
        {
            (null, null) => https == 0 ? null : $"listen is {Listen}: https needs certificateFile and certificateKeyFile.",
            ({ } certificate, { } key) => https == Listen.Split(';').Length ? Delivery.CustomerCertificate.Mistake(certificate, key, DateTimeOffset.UtcNow) : $"listen is {Listen}: with certificateFile every address begins with https://.",
            _ => "certificateFile and certificateKeyFile belong together: give both.",
        };
    }

    private static bool IsOrigin(Uri uri) =>
        uri.IsAbsoluteUri && uri.PathAndQuery == "/" && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
