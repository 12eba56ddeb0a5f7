using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>The caller's place in a project.</summary>
/// <param name="Role">Their role.</param>
/// <param name="Separation">Nobody works on two steps of one asset there.</param>
/// <param name="Named">Some step there is for named members alone.</param>
/// <param name="Anonymized">People appear there by pseudonyms.</param>
/// <param name="PseudonymKey">Key of the project's pseudonyms.</param>
/// <param name="MfaFrom">The least role there that needs a second factor.</param>
/// <param name="Consensus">Several people are asked for some assets there.</param>
/// <param name="Honeypots">Honeypots are mixed in there.</param>
/// <param name="Paused">The caller may not claim there until a manager lifts it.</param>
/// <param name="ToRead">The guideline version that they must say to have read before they claim; null = none.</param>
/// <param name="IssuesBlock">Nothing is approved while an issue of the asset's round is open.</param>
internal sealed record ProjectPlace(
    ProjectRole Role, bool Separation, bool Named, bool Anonymized, byte[] PseudonymKey, ProjectRole? MfaFrom, bool Consensus, bool Honeypots, bool Paused, int? ToRead, bool IssuesBlock)
{
    /// <summary>Something follows every label.</summary>
    public bool IsMeasured => Consensus || Honeypots;
}

/// <summary>The caller's place in a project, asked once a request, by one query: the highest of their own role and their teams' (ADR 12).</summary>
internal sealed class ProjectAccess(ControlPlaneDb db, ICurrentUser user, TimeProvider clock)
{
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, DateTimeOffset, CancellationToken, Task<Standing?>>> StandingIn = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, Guid person, DateTimeOffset now, CancellationToken _) => (
            from p in db.Projects.AsNoTracking()
            where p.Id == project
            select new Standing(
                db.ProjectMembers.Where(m => m.ProjectId == project && m.PersonId == person && (m.ValidFrom == null || m.ValidFrom <= now) && (m.ValidUntil == null || m.ValidUntil > now))
                    .Max(m => (ProjectRole?)m.Role),
                (from t in db.ProjectTeams
                    join m in db.TeamMembers on t.TeamId equals m.TeamId
                    where t.ProjectId == project && m.PersonId == person
                    select (ProjectRole?)t.Role).Max(),
                p.StepSeparation, p.HasNamedSteps, p.Anonymized, p.PseudonymKey, p.MfaFrom, p.ArchivedAt != null, p.DeletedAt != null,
                p.HasConsensus, p.HasHoneypots, db.LabelerStandings.Any(s => s.ProjectId == project && s.PersonId == person && s.PausedAt != null),
                p.MustReadVersion != null && !db.GuidelineReadings.Any(r => r.ProjectId == project && r.PersonId == person && r.Number >= p.MustReadVersion) ? p.GuidelineVersion : null, p.IssuesBlock)).SingleOrDefault()));

    private (Guid Project, Standing? Standing)? known;

    /// <summary>The role, or null when the project does not exist for the caller.</summary>
    public async Task<ProjectRole?> RoleInAsync(Guid projectId, CancellationToken ct) =>
        await StandingInAsync(projectId, ct) is { IsDeleted: false } standing ? standing.Role : null;

    /// <summary>The role in a project that may be deleted already; null when it does not exist for the caller.</summary>
    public async Task<ProjectRole?> RoleInDeletedTooAsync(Guid projectId, CancellationToken ct) => (await StandingInAsync(projectId, ct))?.Role;

    /// <summary>Whether nothing is worked on there.</summary>
    public async Task<bool> IsArchivedAsync(Guid projectId, CancellationToken ct) => (await StandingInAsync(projectId, ct))?.IsArchived ?? false;

    /// <summary>Whether nobody works on two steps of one asset there.</summary>
    public async Task<bool> IsSeparatedAsync(Guid projectId, CancellationToken ct) => (await StandingInAsync(projectId, ct))?.Separation ?? true;

    /// <summary>Where the request runs, once the pipeline has asked; null outside projects and for those who have no role.</summary>
    public ProjectPlace? Here => known?.Standing is { Role: { } role } s ? new ProjectPlace(role, s.Separation, s.Named, s.Anonymized, s.PseudonymKey, s.MfaFrom, s.Consensus, s.Honeypots, s.Paused, s.ToRead, s.IssuesBlock) : null;

    private async Task<Standing?> StandingInAsync(Guid projectId, CancellationToken ct)
    {
        if (known is { } k && k.Project == projectId) return k.Standing;
        var standing = await StandingIn.In(db)(db, projectId, user.PersonId, clock.GetUtcNow(), ct);
        known = (projectId, standing);
        return standing;
    }

    private sealed record Standing(
        ProjectRole? Own, ProjectRole? Team, bool Separation, bool Named, bool Anonymized, byte[] PseudonymKey, ProjectRole? MfaFrom, bool IsArchived, bool IsDeleted,
        bool Consensus, bool Honeypots, bool Paused, int? ToRead, bool IssuesBlock)
    {
        public ProjectRole? Role => Own is { } own && Team is { } team ? (own > team ? own : team) : Own ?? Team;
    }
}
