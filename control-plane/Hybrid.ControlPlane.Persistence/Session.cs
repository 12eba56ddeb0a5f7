using Hybrid.ControlPlane.Domain;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>One signed-in browser (security.md § 3). The cookie holds a random value; only its SHA-256 is here.</summary>
public sealed class Session : IBelongsToOrganization
{
    /// <summary>Public identifier (UUIDv7), not a secret; the unlock proof names it.</summary>
    public Guid Id { get; set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; set; }

    /// <summary>SHA-256 of the cookie's value.</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>SHA-256 of the value before, which counts until <see cref="PreviousUntil"/>: requests of the page were under way when it changed.</summary>
    public byte[]? PreviousTokenHash { get; set; }

    /// <summary>Until when the value before counts: for what it could do then, and not for what was gained since.</summary>
    public DateTimeOffset? PreviousUntil { get; set; }

    /// <summary>The factors that had been given while the value before was the one.</summary>
    public int PreviousMfaLevel { get; set; }

    /// <summary>RFC 7638 thumbprint of the browser's key.</summary>
    public string KeyThumbprint { get; set; } = "";

    /// <summary>When the browser proved that it holds the key; null = locked.</summary>
    public DateTimeOffset? UnlockedAt { get; set; }

    /// <summary>1 = password alone, 2 = with a second factor.</summary>
    public int MfaLevel { get; set; }

    /// <summary>True while the second factor of the account is still to come: such a session cannot be unlocked.</summary>
    public bool AwaitsFactor { get; set; }

    /// <summary>When the person last proved that it is they: what some acts want within five minutes.</summary>
    public DateTimeOffset SteppedUpAt { get; set; }

    /// <summary>What the browser calls itself, at most 200 characters, for the person's own list.</summary>
    public string UserAgent { get; set; } = "";

    /// <summary>The issuer that signed the person in; null = a password did.</summary>
    public string? Issuer { get; set; }

    /// <summary>The issuer's subject, for back-channel logout.</summary>
    public string? IssuerSubject { get; set; }

    /// <summary>The issuer's own session (<c>sid</c>), when it names one.</summary>
    public string? IssuerSession { get; set; }

    /// <summary>The ID token by which it began, encrypted by Data Protection: a hint for the issuer when the person signs out there too.</summary>
    public byte[]? ProtectedIdToken { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Last real activity, to the minute.</summary>
    public DateTimeOffset LastActiveAt { get; set; }

    /// <summary>When it ends whatever happens.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
