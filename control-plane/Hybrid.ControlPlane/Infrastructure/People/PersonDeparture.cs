using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>
/// Shuts a person out of an organization, all in the caller's transaction: their sessions end with the next request, their leases go back to
/// the queue, their places in projects and teams go. Labels, drafts and the log stay.
/// </summary>
internal sealed class PersonDeparture(ControlPlaneDb db, SessionEnd end, LeaseRelease leases, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Shuts out.</summary>
    /// <param name="member">Their place in the organization, tracked.</param>
    /// <param name="actor">What kind of actor decided; the identity provider's word comes as <see cref="ActorKind.System"/> or an API key.</param>
    /// <param name="actorId">Who.</param>
    /// <param name="ct">Cancels.</param>
    public async Task DeactivateAsync(OrganizationMember member, ActorKind actor, Guid? actorId, CancellationToken ct)
    {
        var person = member.PersonId;
        var sessions = await end.EndAsync(db.Sessions.Where(s => s.PersonId == person), ct);
        var projects = await db.ProjectMembers.Where(m => m.PersonId == person).ExecuteDeleteAsync(ct);
        var teams = await db.TeamMembers.Where(m => m.PersonId == person).ExecuteDeleteAsync(ct);
        var held = await leases.AfterLossAsync([person], null, ct);
        member.Deactivate(clock.GetUtcNow());
        audit.RecordAs(actor, actorId, AuditActs.PersonDeactivated, null, [person], new { sessions = sessions.Count, projects, teams, leases = held });
    }
}
