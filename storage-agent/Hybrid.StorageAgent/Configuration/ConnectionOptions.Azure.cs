using System.Net;

namespace Hybrid.StorageAgent.Configuration;

/// <content>Provider <c>azure-blob</c>.</content>
public sealed partial class ConnectionOptions
{
    /// <summary>Storage account's name.</summary>
    public string? Account { get; set; }

    /// <summary>Container.</summary>
    public string? Container { get; set; }

    /// <summary>Account key, base64. Weaker than an identity: it opens the whole account, and its URLs cannot be bound to the secret header. Unset: DefaultAzureCredential.</summary>
    public string? AccountKey { get; set; }

    /// <summary>Client id of a user-assigned managed identity. Unset: what the environment says, else the machine's own.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Whether URLs are bound to their secret header by the signed request headers of a user-delegation SAS (service version 2026-04-06 and
    /// newer). Default: yes. Without it, URLs alone open the object for their 60 seconds, and the agent says so.
    /// </summary>
    public bool SignedHeaders { get; set; } = true;

    /// <summary>Address or range (a-b) that browsers reach Azure from; goes into the SAS. Unset: any.</summary>
    public string? SignedIp { get; set; }

    /// <summary>Whether snapshots and earlier versions are listed too, each as a version of its blob. Default: no.</summary>
    public bool Snapshots { get; set; }

    private IEnumerable<string> AzureMistakes()
    {
        if (string.IsNullOrEmpty(Account)) yield return "account is missing: give the storage account's name.";
        if (string.IsNullOrEmpty(Container)) yield return "container is missing.";
        if (AccountKey is not null && !Convert.TryFromBase64String(AccountKey, new byte[AccountKey.Length], out _)) yield return "accountKey is not complete: copy it again as a whole, it is base64.";
        if (AccountKey is not null && ClientId is not null) yield return "accountKey and clientId are both given: remove one.";
        if (AccountKey is null && (Endpoint ?? PublicEndpoint)?.Scheme == Uri.UriSchemeHttp) yield return "an identity is never shown over plain http: give an endpoint with https://, or an accountKey.";
        if (SignedIp is not null && !SignedIp.Split('-').All(a => IPAddress.TryParse(a, out _))) yield return $"signedIp is {SignedIp}; give an address or a range, e.g. \"203.0.113.7\" or \"203.0.113.0-203.0.113.255\".";
    }
}
