using Microsoft.AspNetCore.Identity;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// Somebody who can sign in. People stand above organizations (one person may belong to several), so this row carries none;
/// which organizations it belongs to says <see cref="Domain.Organizations.OrganizationMember"/>.
/// </summary>
public sealed class Person : IdentityUser<Guid>
{
    /// <summary>Name shown to others; leaves the server only inside a <c>PersonRef</c>.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>No human being: acts by API keys only, and never signs in.</summary>
    public bool IsServiceAccount { get; set; }

    /// <summary>Seed of the authenticator app (RFC 6238), protected at rest; null without one.</summary>
    public string? AuthenticatorSeed { get; set; }

    /// <summary>Seed that was shown and not confirmed yet, protected at rest.</summary>
    public string? PendingSeed { get; set; }

    /// <summary>The last time step whose code was accepted: no code is taken twice.</summary>
    public long? AuthenticatorStep { get; set; }

    /// <summary>Language that the person has chosen, a code of <see cref="Languages"/>; null leaves it to the browser.</summary>
    public string? Language { get; set; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A way in without the authenticator, for one time. Only its digest is kept.</summary>
public sealed class RecoveryCode
{
    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; set; }

    /// <summary>Whose.</summary>
    public Guid PersonId { get; set; }

    /// <summary>SHA-256 of the code, which has 80 random bits.</summary>
    public byte[] Hash { get; set; } = [];

    /// <summary>When it was used; null while it is good.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}
