using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hybrid.StorageAgent.Providers.Signing;
using Microsoft.Extensions.ObjectPool;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>What all URLs have in common that the same credentials sign on the same day (UTC).</summary>
internal sealed class SigningDay
{
    private readonly S3Credentials credentials;
    private readonly DateOnly day;

    public SigningDay(S3Credentials credentials, DateOnly day, string region, string service)
    {
        (this.credentials, this.day) = (credentials, day);
        var date = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        Scope = $"{date}/{region}/{service}/aws4_request";
        Credential = CanonicalRequest.Encode($"{credentials.AccessKey}/{Scope}", slash: false);
        Token = credentials.SessionToken is { } token ? CanonicalRequest.Encode(token, slash: false) : null;
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), Encoding.ASCII.GetBytes(date));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(service));
        key = HMACSHA256.HashData(key, "aws4_request"u8);
        Desks = new DefaultObjectPoolProvider().Create(new Policy(key));
    }

    /// <summary>Credential scope.</summary>
    public string Scope { get; }

    /// <summary>Access key and scope, encoded.</summary>
    public string Credential { get; }

    /// <summary>Session token, encoded.</summary>
    public string? Token { get; }

    /// <summary>Hashes that know the day's key already: making them anew costs as much as the hashing itself.</summary>
    public ObjectPool<SigningDesk> Desks { get; }

    public bool IsOf(S3Credentials others, DateOnly when) =>
        when == day && others.AccessKey == credentials.AccessKey && others.SecretKey == credentials.SecretKey && others.SessionToken == credentials.SessionToken;

    private sealed class Policy(byte[] key) : PooledObjectPolicy<SigningDesk>
    {
        public override SigningDesk Create() => new(key);

        public override bool Return(SigningDesk obj) => true;
    }
}

/// <summary>What one signing at a time works with; pooled, so that a URL allocates hardly more than itself.</summary>
internal sealed class SigningDesk(byte[] key) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HMACSHA256 hmac = new(key);
    private string stamp = "";
    private long second = -1;

    public CanonicalText Text { get; } = new();

    public CanonicalQuery Query { get; } = new();

    public CanonicalHeaders Headers { get; } = new();

    public void Clear()
    {
        Text.Clear();
        Query.Clear();
        Headers.Clear();
    }

    /// <summary>The instant as SigV4 writes it; URLs of one second share it.</summary>
    public string StampOf(DateTimeOffset at)
    {
        if (at.ToUnixTimeSeconds() == second) return stamp;
        second = at.ToUnixTimeSeconds();
        return stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
    }

    public void Digest(ReadOnlySpan<byte> text, Span<byte> into)
    {
        hash.AppendData(text);
        hash.GetHashAndReset(into);
    }

    public void Sign(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!hmac.TryComputeHash(text, into, out _)) throw new CryptographicException("HMAC-SHA256 did not fit its 32 bytes.");
    }

    public void Dispose()
    {
        hash.Dispose();
        hmac.Dispose();
    }
}
