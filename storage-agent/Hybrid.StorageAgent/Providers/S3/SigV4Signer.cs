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

    // One is enough: a connection has one set of credentials at a time, and yesterday's key is of no more use.
    private SigningDay? today;

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
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(headers);
        var signing = SigningOf(credentials, at);
        var desk = signing.Desks.Get();
        try
        {
            foreach (var (name, value) in headers) desk.Headers.Add(name, value);
            desk.Headers.Add("host", host);
            return Presign(signing, desk, method, scheme, host, path, query, seconds, at, payload);
        }
        finally
        {
            desk.Clear();
            signing.Desks.Return(desk);
        }
    }

    private static string Presign(
        SigningDay signing, SigningDesk desk, string method, string scheme, string host, string path, IEnumerable<KeyValuePair<string, string>> further, int seconds, DateTimeOffset at, string payload)
    {
        // 1. The parameters, the signature's own first: capitals stand before small letters.
        var (stamp, names) = (desk.StampOf(at), desk.Headers.Names);
        var query = desk.Query;
        query.Add("X-Amz-Algorithm", Algorithm, clean: true);
        query.Add("X-Amz-Credential", signing.Credential, clean: true);
        query.Add("X-Amz-Date", stamp, clean: true);
        query.Add("X-Amz-Expires", seconds.ToString(CultureInfo.InvariantCulture), clean: true);
        if (signing.Token is { } token) query.Add("X-Amz-Security-Token", token, clean: true);
        query.Add("X-Amz-SignedHeaders", names);
        foreach (var (name, value) in further) query.Add(CanonicalRequest.Encode(name, slash: false), value);

        // 2. The canonical request.
        var text = desk.Text;
        var (pathIn, queryIn) = CanonicalRequest.Write(text, method, path, query, desk.Headers, names, payload);

        // 3. Its digest, signed with day and scope.
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        desk.Digest(text.Written, digest);
        var requestEnd = text.Length;
        text.Plain(Algorithm);
        text.Plain("\n");
        text.Plain(stamp);
        text.Plain("\n");
        text.Plain(signing.Scope);
        text.Plain("\n");
        text.Hex(digest);
        desk.Sign(text.Written[requestEnd..], digest);

        // 4. The URL.
        var signatureAt = text.Length;
        text.Hex(digest);
        var written = text.Written;
        return Url(scheme, host, written[pathIn], written[queryIn], written[signatureAt..]);
    }

    private static string Url(string scheme, string host, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, ReadOnlySpan<byte> signature)
    {
        const string mark = "&X-Amz-Signature=";
        var length = scheme.Length + 3 + host.Length + path.Length + 1 + query.Length + mark.Length + signature.Length;
        return string.Create(length, new UrlParts(scheme, host, path, query, signature), static (url, parts) =>
        {
            static Span<char> Put(Span<char> rest, ReadOnlySpan<char> text)
            {
                text.CopyTo(rest);
                return rest[text.Length..];
            }

            static Span<char> PutAscii(Span<char> rest, ReadOnlySpan<byte> text) => rest[Encoding.ASCII.GetChars(text, rest)..];

            var rest = Put(Put(Put(url, parts.Scheme), "://"), parts.Host);
            rest = PutAscii(Put(PutAscii(rest, parts.Path), "?"), parts.Query);
            PutAscii(Put(rest, mark), parts.Signature);
        });
    }

    private SigningDay SigningOf(S3Credentials credentials, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (today is { } known && known.IsOf(credentials, day)) return known;
        return today = new SigningDay(credentials, day, region, service);
    }

    private readonly ref struct UrlParts(string scheme, string host, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, ReadOnlySpan<byte> signature)
    {
        public string Scheme { get; } = scheme;

        public string Host { get; } = host;

        public ReadOnlySpan<byte> Path { get; } = path;

        public ReadOnlySpan<byte> Query { get; } = query;

        public ReadOnlySpan<byte> Signature { get; } = signature;
    }
}
