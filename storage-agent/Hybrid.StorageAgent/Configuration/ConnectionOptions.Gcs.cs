namespace Hybrid.StorageAgent.Configuration;

/// <content>Provider <c>gcs</c>.</content>
public sealed partial class ConnectionOptions
{
    /// <summary>Service account's key file (JSON). Unset: application default credentials (GOOGLE_APPLICATION_CREDENTIALS, workload identity, the machine's own).</summary>
    public string? KeyFile { get; set; }

    /// <summary>E-mail of a service account to act as; the credentials above need the role Service Account Token Creator on it. Unset: none.</summary>
    public string? Impersonate { get; set; }

    /// <summary>Project that pays for requests (requester-pays buckets). Unset: the bucket's own.</summary>
    public string? UserProject { get; set; }

    private IEnumerable<string> GcsMistakes()
    {
        if (string.IsNullOrEmpty(Bucket)) yield return "bucket is missing.";
        if (KeyFile is not null && !File.Exists(KeyFile)) yield return $"keyFile {KeyFile} does not exist or cannot be read by this process.";
        if (Impersonate is not null && !Impersonate.Contains('@', StringComparison.Ordinal)) yield return $"impersonate is {Impersonate}; give the service account's e-mail, e.g. \"hybrid-agent@project.iam.gserviceaccount.com\".";
    }
}
