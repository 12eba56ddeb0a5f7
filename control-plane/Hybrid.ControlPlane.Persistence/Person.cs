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

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
