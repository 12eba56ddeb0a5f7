using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>
/// A key by which a program acts as a service account. It narrows what the account's roles allow, by act, project and address; it never
/// widens it. Only the digest of its secret is kept.
/// </summary>
public sealed class ApiKey : IBelongsToOrganization
{
    /// <summary>Longest life: a key that nobody remembers ends by itself.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(366);

    /// <summary>The scope, beside the acts, under which a key may get grants for objects in storage.</summary>
    public const string FetchScope = "assets.fetch";

    private ApiKey() => (Name, Prefix, SecretHash, Scopes, Addresses) = ("", "", [], [], []);

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The service account that it acts as.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>What it is for, 1–200 characters.</summary>
    public string Name { get; private set; }

    /// <summary>The part that is shown and looked up: eight characters, unique in the installation.</summary>
    public string Prefix { get; private set; }

    /// <summary>SHA-256 of the secret part, which has 256 random bits and so needs no slow hash.</summary>
    public byte[] SecretHash { get; private set; }

    /// <summary>Acts that it may do, and <see cref="FetchScope"/>.</summary>
    public IReadOnlyList<string> Scopes { get; private set; }

    /// <summary>Projects that exist for it; null = all of the account's.</summary>
    public IReadOnlyList<Guid>? Projects { get; private set; }

    /// <summary>Networks (CIDR) that it may come from; empty = any.</summary>
    public IReadOnlyList<string> Addresses { get; private set; }

    /// <summary>RFC 7638 thumbprint of the program's own key, which grants are bound to; needed for <see cref="FetchScope"/>.</summary>
    public string? KeyThumbprint { get; private set; }

    /// <summary>Who issued it.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From then on it is refused.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was revoked; null while it lives.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>The key that takes its place, after a rotation.</summary>
    public Guid? ReplacedBy { get; private set; }

    /// <summary>Issues a key; the text is given out once and kept by nobody.</summary>
    public static (ApiKey Key, ApiKeyText Text) Issue(Guid organizationId, Guid accountId, ApiKeyTerms terms, Guid by, DateTimeOffset now)
    {
        var text = ApiKeyText.New();
        return (new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            AccountId = accountId,
            Name = terms.Name.Trim(),
            Prefix = text.Prefix,
            SecretHash = text.Hash(),
            Scopes = [.. terms.Scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Projects = terms.Projects is null ? null : [.. terms.Projects.Distinct()],
            Addresses = [.. terms.Addresses.Distinct(StringComparer.Ordinal)],
            KeyThumbprint = terms.KeyThumbprint,
            CreatedBy = by,
            CreatedAt = now,
            ExpiresAt = terms.ExpiresAt,
        }, text);
    }

    /// <summary>A key on the same terms in place of this one, which lives on for the overlap.</summary>
    /// <param name="overlap">How long both are valid.</param>
    /// <param name="expiresAt">When the new one ends.</param>
    /// <param name="by">Who rotates.</param>
    /// <param name="now">The time.</param>
    public (ApiKey Key, ApiKeyText Text) Rotate(TimeSpan overlap, DateTimeOffset expiresAt, Guid by, DateTimeOffset now)
    {
        var next = Issue(OrganizationId, AccountId, new ApiKeyTerms(Name, Scopes, Projects, Addresses, KeyThumbprint, expiresAt), by, now);
        if (now + overlap < ExpiresAt) ExpiresAt = now + overlap;
        ReplacedBy = next.Key.Id;
        return next;
    }

    /// <summary>Ends it at once.</summary>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;

    /// <summary>Whether it is neither revoked nor lapsed.</summary>
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;

    /// <summary>Whether the secret is the one that was given out, in constant time.</summary>
    public bool Is(ApiKeyText text) => CryptographicOperations.FixedTimeEquals(SecretHash, text.Hash());

    /// <summary>Whether it may come from this address. Without a known address only a key for any.</summary>
    public bool ComesFrom(IPAddress? address)
    {
        if (Addresses.Count == 0) return true;
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Addresses.Any(a => IPNetwork.TryParse(a, out var network) && network.Contains(plain));
    }
}

/// <summary>On what terms a key is issued.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">Acts, and <see cref="ApiKey.FetchScope"/>.</param>
/// <param name="Projects">Projects that exist for it; null = all of the account's.</param>
/// <param name="Addresses">Networks (CIDR); empty = any.</param>
/// <param name="KeyThumbprint">RFC 7638 thumbprint that grants are bound to, or null.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record ApiKeyTerms(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<Guid>? Projects, IReadOnlyList<string> Addresses, string? KeyThumbprint, DateTimeOffset ExpiresAt);

/// <summary>A key as programs send it: <c>hyk1_PREFIX_SECRET</c>. The form is fixed, so that scanners of source code can find a lost one.</summary>
/// <param name="Prefix">Eight lower-case letters or digits (Crockford's base 32).</param>
/// <param name="Secret">256 random bits in hexadecimal digits.</param>
public sealed partial record ApiKeyText(string Prefix, string Secret)
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int PrefixLength = 8;
    private const int SecretLength = 64;

    /// <summary>A new one.</summary>
    public static ApiKeyText New() => new(RandomNumberGenerator.GetString(Letters, PrefixLength), RandomNumberGenerator.GetHexString(SecretLength, lowercase: true));

    /// <summary>Reads what a program sent; null when it is no key.</summary>
    public static ApiKeyText? Parse(string? text) => Pattern().Match(text ?? "") is { Success: true } match ? new ApiKeyText(match.Groups[1].Value, match.Groups[2].Value) : null;

    /// <summary>SHA-256 of the secret.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Secret));

    /// <summary>The whole key. Never for a log.</summary>
    public override string ToString() => $"hyk1_{Prefix}_{Secret}";

    [GeneratedRegex(@"^hyk1_([0-9a-hjkmnp-tv-z]{8})_([0-9a-f]{64})\z")]
    private static partial Regex Pattern();
}
