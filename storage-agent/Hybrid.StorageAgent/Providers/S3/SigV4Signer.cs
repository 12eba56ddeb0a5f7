using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hybrid.StorageAgent.Providers.Signing;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>Credentials of one moment.</summary>
/// <param name="AccessKey">Access key id.</param>
/// <param name="SecretKey">Secret access key.</param>
/// <param name="SessionToken">Session token of temporary credentials.</param>
/// <param name="ExpiresAt">When temporary credentials lapse.</param>
public sealed record S3Credentials(string AccessKey, string SecretKey, string? SessionToken = null, DateTimeOffset? ExpiresAt = null);

/// <summary>
/// Signs URLs by AWS Signature Version 4, query form (AWS General Reference, "Authenticating Requests: Using Query Parameters").
/// The derived key depends only on day, region and secret, so it is computed once a day; what remains for a URL is two hashes.
/// </summary>
public sealed class SigV4Signer(string region, string service = "s3")
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly ConcurrentDictionary<(string Secret, string Day), byte[]> derived = new();

    /// <summary>A presigned URL.</summary>
    /// <param name="credentials">Credentials.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="host">Host header, with its port unless it is the scheme's own.</param>
    /// <param name="path">Path, not yet encoded, beginning with a slash.</param>
    /// <param name="query">Further parameters, not yet encoded.</param>
    /// <param name="headers">Headers to sign beside <c>host</c>.</param>
    /// <param name="seconds">Life in seconds, 1–604800.</param>
    /// <param name="at">The instant of signing.</param>
    /// <param name="payload">Hash of the body, where it is signed too; S3's URLs never sign it.</param>
    public string Presign(
        S3Credentials credentials, string method, string scheme, string host, string path, IEnumerable<KeyValuePair<string, string>> query,
        IEnumerable<KeyValuePair<string, string>> headers, int seconds, DateTimeOffset at, string payload = CanonicalRequest.UnsignedPayload)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = stamp[..8];
        var scope = $"{day}/{region}/{service}/aws4_request";
        var signed = CanonicalRequest.Headers(headers.Append(new("host", host)));
        var parameters = new List<KeyValuePair<string, string>>(query)
        {
            new("X-Amz-Algorithm", Algorithm),
            new("X-Amz-Credential", $"{credentials.AccessKey}/{scope}"),
            new("X-Amz-Date", stamp),
            new("X-Amz-Expires", seconds.ToString(CultureInfo.InvariantCulture)),
            new("X-Amz-SignedHeaders", signed.Names),
        };
        if (credentials.SessionToken is { } token) parameters.Add(new("X-Amz-Security-Token", token));
        var canonicalQuery = CanonicalRequest.Query(parameters);
        var canonicalPath = CanonicalRequest.Encode(path, slash: true);
        var request = CanonicalRequest.Text(method, canonicalPath, canonicalQuery, signed, payload);
        var toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var signature = HMACSHA256.HashData(KeyOf(credentials.SecretKey, day), Encoding.UTF8.GetBytes(toSign));
        return $"{scheme}://{host}{canonicalPath}?{canonicalQuery}&X-Amz-Signature={Convert.ToHexStringLower(signature)}";
    }

    private byte[] KeyOf(string secret, string day)
    {
        if (derived.TryGetValue((secret, day), out var known)) return known;
        // Yesterday's keys and lapsed credentials' keys are of no more use.
        if (derived.Count > 8) derived.Clear();
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.ASCII.GetBytes(day));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(service));
        return derived[(secret, day)] = HMACSHA256.HashData(key, "aws4_request"u8.ToArray());
    }
}
