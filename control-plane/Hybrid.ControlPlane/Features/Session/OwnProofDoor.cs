using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Which organizations a person may come into by a proof of their own, a password or a passkey: not those that ask for single sign-on, save to break the glass.</summary>
internal sealed class OwnProofDoor(ControlPlaneDb db)
{
    /// <summary>The first that lets them in; null when none does. Outside every scope.</summary>
    public async Task<OrganizationMember?> FirstAsync(Guid personId, IEnumerable<OrganizationMember> members, CancellationToken ct)
    {
        foreach (var member in members)
        {
            if (await LetsInAsync(personId, member, ct)) return member;
        }

        return null;
    }

    /// <summary>Whether one does. Outside every scope.</summary>
    public async Task<bool> LetsInAsync(Guid personId, OrganizationMember member, CancellationToken ct)
    {
        await using var scope = await TenantScope.OpenAsync(db, member.OrganizationId, personId, ct);
        var provider = await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(ct);
        return provider is not { Enforced: true } || (member.Role == OrganizationRole.Owner && provider.BreakGlass.Contains(personId));
    }
}
