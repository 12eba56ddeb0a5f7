namespace Hybrid.StorageAgent.Configuration;

/// <summary>One named connection to storage. What belongs to one provider stands in a file of its own.</summary>
public sealed partial class ConnectionOptions
{
    /// <summary>Name, <c>[a-z0-9-]{1,64}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>file</c>, <c>s3</c>, <c>azure-blob</c> or <c>gcs</c>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>
    /// <c>presigned</c>: browsers fetch from the store; <c>proxy</c>: through the agent, for stores that only the agent reaches. Default:
    /// presigned. A folder is always served by the agent.
    /// </summary>
    public string Delivery { get; set; } = "presigned";

    /// <summary>
    /// Whether objects' names stay here: the control plane gets a keyed hash of each instead, with size and media type. Default: no. Fixed
    /// before the first import: afterwards every object would be a new one.
    /// </summary>
    public bool OpaqueKeys { get; set; }

    /// <summary>Folder (provider file).</summary>
    public string? Folder { get; set; }

    /// <summary>Bucket (providers s3 and gcs).</summary>
    public string? Bucket { get; set; }

    /// <summary>Endpoint that the agent itself uses; unset = the provider's public one.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Endpoint that browsers use, when it differs; URLs are signed for it.</summary>
    public Uri? PublicEndpoint { get; set; }

    /// <summary>PEM file with the authorities that the store's certificate may come from, instead of this machine's. Unset: this machine's.</summary>
    public string? CaFile { get; set; }

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

    /// <summary>Whether every setting is the same.</summary>
    internal bool IsSameAs(ConnectionOptions other) =>
        System.Text.Json.JsonSerializer.Serialize(this, AgentJson.Default.ConnectionOptions) == System.Text.Json.JsonSerializer.Serialize(other, AgentJson.Default.ConnectionOptions);

    /// <summary>Whether browsers fetch through the agent.</summary>
    internal bool IsProxied => Delivery == "proxy";

    internal IEnumerable<string> Mistakes()
    {
        if (Name.Length is 0 or > 64 || Name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            yield return $"connection \"{Name}\": a name has 1–64 lower-case letters, digits and hyphens.";
        if (Delivery is not ("presigned" or "proxy")) yield return $"connection {Name}: delivery is \"{Delivery}\"; give \"presigned\" or \"proxy\".";
        if (IsProxied && Provider == "file") yield return $"connection {Name}: a folder is always served by the agent: remove delivery.";
        if (IsProxied && PublicEndpoint is not null) yield return $"connection {Name}: with delivery \"proxy\" no browser reaches the store: remove publicEndpoint.";
        if (MaxUrlSeconds is < 10 or > 3600) yield return $"connection {Name}: maxUrlSeconds is {MaxUrlSeconds}; give 10 to 3600.";
        if (TimeoutSeconds is < 1 or > 20) yield return $"connection {Name}: timeoutSeconds is {TimeoutSeconds}; give 1 to 20.";
        if (CaFile is not null && !File.Exists(CaFile)) yield return $"connection {Name}: caFile {CaFile} does not exist or cannot be read by this process.";
        foreach (var (option, value) in new (string, Uri?)[] {("endpoint", Endpoint), ("publicEndpoint", PublicEndpoint), ("stsEndpoint", StsEndpoint) })
        {
            if (value is not null && !(value.IsAbsoluteUri && (value.Scheme == Uri.UriSchemeHttps || value.Scheme == Uri.UriSchemeHttp) && value.Query.Length + value.UserInfo.Length == 0))
                yield return $"connection {Name}: {option} is {value}; give an address that begins with https:// (or http:// within a trusted network), without a query.";
        }

        var own = Provider switch
        {
            "file" => FileMistakes(),
            "s3" => S3Mistakes(),
            "azure-blob" => AzureMistakes(),
            "gcs" => GcsMistakes(),
            _ => [$"provider is \"{Provider}\"; give \"file\", \"s3\", \"azure-blob\" or \"gcs\"."],
        };
        foreach (var mistake in own) yield return $"connection {Name}: {mistake}";
    }

    private IEnumerable<string> FileMistakes()
    {
        if (Folder is null) yield return "folder is missing.";
        else if (!Directory.Exists(Folder)) yield return $"folder {Folder} does not exist or cannot be read by this process.";
    }
}
