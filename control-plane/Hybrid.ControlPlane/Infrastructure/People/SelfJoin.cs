using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>
/// Joining a team must be no quiet way to what "make oneself project admin" does aloud: who rules over teams and puts themselves into one is
/// announced in every project where that gives them more than they had.
/// </summary>
internal static class SelfJoin
{
    /// <summary>The announcements; call it before the person is in the team.</summary>
    public static async Task<IReadOnlyList<ProjectNotice>> NoticesAsync(ControlPlaneDb db, Guid organizationId, Guid personId, Guid teamId, DateTimeOffset now, CancellationToken ct)
    {
        var given = await db.ProjectTeams.AsNoTracking().Where(t => t.TeamId == teamId).Select(t => new { t.ProjectId, t.Role }).ToListAsync(ct);
        if (given.Count == 0) return [];
        var has = await Places.OfAsync(db, personId, now, ct);
        return [.. given.Where(g => !has.TryGetValue(g.ProjectId, out var role) || role < g.Role).Select(g => ProjectNotice.Create(organizationId, g.ProjectId, personId, g.Role, teamId, now))];
    }
}
