using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>Ends a team with the roles that it gave; whoever loses access by it gives back what they hold. In the open transaction.</summary>
internal sealed class TeamEnd(ControlPlaneDb db, LeaseRelease leases, AuditTrail audit)
{
    /// <summary>Deletes it.</summary>
    public async Task DeleteAsync(Guid team, CancellationToken ct)
    {
        var people = await db.TeamMembers.Where(m => m.TeamId == team).Select(m => m.PersonId).ToListAsync(ct);
        var projects = await db.ProjectTeams.Where(p => p.TeamId == team).Select(p => p.ProjectId).ToListAsync(ct);
        await db.ProjectTeams.Where(p => p.TeamId == team).ExecuteDeleteAsync(ct);
        await db.TeamMembers.Where(m => m.TeamId == team).ExecuteDeleteAsync(ct);
        await db.Teams.Where(t => t.Id == team).ExecuteDeleteAsync(ct);
        await leases.AfterLossAsync(people, projects, ct);
        audit.Record(AuditActs.TeamDeleted, null, [team], new { people = people.Count, projects = projects.Count });
    }
}
