using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Apis.Auth.OAuth2;
using Hybrid.StorageAgent.Providers.Signing;

namespace Hybrid.StorageAgent.Providers.Gcs;

/// <summary>Signs URLs by Google's V4 (Cloud Storage, "V4 signing process"), whoever holds the private key: a key file, or IAM's <c>signBlob</c>.</summary>
public static class GcsV4Signer
{
    private const string Algorithm = "GOOG4-RSA-SHA256";

    /// <summary>A signed URL.</summary>
    /// <param name="signer">Signs by RSA PKCS #1 with SHA-256.</param>
    /// <param name="email">The service account that the signature stands for.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="host">Host header, with its port unless it is the scheme's own.</param>
    /// <param name="path">Path, not yet encoded, beginning with a slash.</param>
    /// <param name="query">Further parameters, not yet encoded.</param>
    /// <param name="headers">Headers to sign beside <c>host</c>.</param>
    /// <param name="seconds">Life in seconds, 1–604800.</param>
    /// <param name="at">The instant of signing.</param>
    /// <param name="ct">Ends a remote signer's question.</param>
    public static async Task<string> SignAsync(
        IBlobSigner signer, string email, string method, string scheme, string host, string path, IEnumerable<KeyValuePair<string, string>> query,
        IEnumerable<KeyValuePair<string, string>> headers, int seconds, DateTimeOffset at, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/auto/storage/goog4_request";
        var signed = new CanonicalHeaders();
        foreach (var (name, value) in headers) signed.Add(name, value);
        signed.Add("host", host);
        var parameters = new CanonicalQuery();
        foreach (var (name, value) in query) parameters.Add(CanonicalRequest.Encode(name, slash: false), value);
        parameters.Add("X-Goog-Algorithm", Algorithm);
        parameters.Add("X-Goog-Credential", $"{email}/{scope}");
        parameters.Add("X-Goog-Date", stamp);
        parameters.Add("X-Goog-Expires", seconds.ToString(CultureInfo.InvariantCulture));
        parameters.Add("X-Goog-SignedHeaders", signed.Names);
        var text = new CanonicalText();
        var (pathIn, queryIn) = CanonicalRequest.Write(text, method, path, parameters, signed, signed.Names, CanonicalRequest.UnsignedPayload);
        var toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(text.Written))}";
        var signature = Convert.FromBase64String(await signer.SignBlobAsync(Encoding.UTF8.GetBytes(toSign), ct));
        return $"{scheme}://{host}{Encoding.ASCII.GetString(text.Written[pathIn])}?{Encoding.ASCII.GetString(text.Written[queryIn])}&X-Goog-Signature={Convert.ToHexStringLower(signature)}";
    }
}
