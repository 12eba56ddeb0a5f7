using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Who may give or take which role (workflow-and-quality.md § Roles): a project admin all; a team manager labelers and reviewers.</summary>
internal static class MemberRules
{
    public static bool MayRule(ProjectRole own, ProjectRole other) => own == ProjectRole.ProjectAdmin || (own == ProjectRole.TeamManager && other < ProjectRole.TeamManager);

    /// <summary>
    /// Whether the project would be left without an admin of its own who stays: one by a role of their own and without end. A team does not
    /// count, since anybody who rules over teams could empty it.
    /// </summary>
    public static async Task<bool> IsLastAdminAsync(ControlPlaneDb db, ProjectMember member, CancellationToken ct) =>
        member is { Role: ProjectRole.ProjectAdmin, ValidUntil: null }
        && !await db.ProjectMembers.AnyAsync(m => m.ProjectId == member.ProjectId && m.PersonId != member.PersonId && m.Role == ProjectRole.ProjectAdmin && m.ValidUntil == null, ct);

    /// <summary>Whether an end of access is one: after its beginning, and not past already.</summary>
    public static Error? RefuseDates(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now) =>
        until <= now ? ProjectErrors.PastEnd : until <= from ? ProjectErrors.EndBeforeStart : null;
}
