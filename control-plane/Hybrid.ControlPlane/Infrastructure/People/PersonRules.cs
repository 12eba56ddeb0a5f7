using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>Who rules over whom in the organization (workflow-and-quality.md § Roles): admins over members and admins, owners over all.</summary>
internal static class PersonRules
{
    public static readonly Error LastOwner = new(ErrorKind.Conflict, "person.last_owner", "The organization would have no owner.", "Nothing was changed. Make somebody else an owner first.");

    /// <summary>Whether a person of this role may give, take or hold sway over that one.</summary>
    public static bool MayRule(OrganizationRole own, OrganizationRole other) => own >= OrganizationRole.Admin && own >= other;

    /// <summary>Whether nobody else is an owner who can come in.</summary>
    public static async Task<bool> IsLastOwnerAsync(ControlPlaneDb db, OrganizationMember member, CancellationToken ct) =>
        member.Role == OrganizationRole.Owner && member.Status == MemberStatus.Active
        && !await db.OrganizationMembers.AnyAsync(m => m.PersonId != member.PersonId && m.Role == OrganizationRole.Owner && m.Status == MemberStatus.Active, ct);
}
