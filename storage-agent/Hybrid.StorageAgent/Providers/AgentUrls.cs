using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Providers.Signing;

namespace Hybrid.StorageAgent.Providers;

/// <summary>
/// The agent's own signed URLs, of folders and of proxy delivery: HMAC-SHA256 over connection, key, version, content type, expiry and secret header, by a key that HKDF (RFC 5869)
/// makes anew each hour from the agent's secret. Any replica can check what any other has signed.
/// </summary>
public sealed class AgentUrls(byte[] agentSecret, TimeProvider clock)
{
    /// <summary>The path and query of a signed URL.</summary>
    public string PathOf(string connection, string key, string? version, string type, string secret, DateTimeOffset expires)
    {
        var seconds = expires.ToUnixTimeSeconds();
        var hour = Hour(clock.GetUtcNow());
        var signature = Base64UrlStrict.Encode(Sign(hour, connection, key, version, type, secret, seconds));
        var pinned = version is null ? "" : $"&v={CanonicalRequest.Encode(version, slash: false)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/objects/{connection}/{CanonicalRequest.Encode(key, slash: true)}?e={seconds}&h={hour}&t={CanonicalRequest.Encode(type, slash: false)}{pinned}&s={signature}");
    }

    /// <summary>Whether a URL and its header belong together and have not lapsed. Equal time whatever is wrong.</summary>
    public bool IsValid(string connection, string key, string? secret, IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!long.TryParse(query["e"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || !long.TryParse(query["h"], NumberStyles.None, CultureInfo.InvariantCulture, out var h)) return false;
        if (!Base64UrlStrict.TryDecode(query["s"], out var said)) return false;
        var now = clock.GetUtcNow();
        var expected = Sign(h, connection, key, VersionOf(query), TypeOf(query), secret ?? "", seconds);
        // A key serves the hour that made it and the next: longer than any URL lives.
        var current = Hour(now) - h is 0 or 1;
        return CryptographicOperations.FixedTimeEquals(expected, said) && current && now.ToUnixTimeSeconds() < seconds;
    }

    /// <summary>The content type that a URL pins.</summary>
    public static string TypeOf(IQueryCollection query) => query["t"].ToString();

    /// <summary>The version that a URL pins; null for the newest.</summary>
    public static string? VersionOf(IQueryCollection query) => query.TryGetValue("v", out var version) ? version.ToString() : null;

    private static long Hour(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    private byte[] Sign(long hour, string connection, string key, string? version, string type, string secret, long expires)
    {
        Span<byte> hourKey = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, agentSecret, hourKey, default, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"hybrid file url {hour}")));
        // Lengths first, so that no two different requests spell the same bytes.
        return HMACSHA256.HashData(hourKey, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"GET\n{connection.Length}:{connection}\n{key.Length}:{key}\n{version?.Length ?? -1}:{version}\n{type.Length}:{type}\n{secret.Length}:{secret}\n{expires}")));
    }
}
