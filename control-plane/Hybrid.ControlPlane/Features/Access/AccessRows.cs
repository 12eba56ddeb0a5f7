using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Access;

/// <summary>One way in which a person has access to a project.</summary>
/// <param name="Person">Who.</param>
/// <param name="Email">Their address, to tell namesakes apart.</param>
/// <param name="ProjectId">To which project.</param>
/// <param name="Project">Its name.</param>
/// <param name="Role">With which role.</param>
/// <param name="TeamId">The team that gives it; null = a role of their own.</param>
/// <param name="Team">Its name.</param>
/// <param name="Since">Since when.</param>
/// <param name="ValidFrom">From when it holds, where that is limited.</param>
/// <param name="ValidUntil">Until when it holds, where that is limited.</param>
/// <param name="LastActiveAt">Their last sign of life in a session that is still known; null = none is.</param>
/// <param name="LastLabelAt">Their newest label in this project.</param>
/// <param name="ConfirmedAt">When this way was last confirmed.</param>
/// <param name="ConfirmedBy">By whom.</param>
public sealed record AccessRow(
    PersonRef Person, string Email, Guid ProjectId, string Project, ProjectRole Role, Guid? TeamId, string? Team, DateTimeOffset Since, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil,
    DateTimeOffset? LastActiveAt, DateTimeOffset? LastLabelAt, DateTimeOffset? ConfirmedAt, PersonRef? ConfirmedBy);

/// <summary>Who has what since when, by which way, in all projects or in one.</summary>
internal sealed class AccessRows(ControlPlaneDb db, PersonRefs people)
{
    /// <summary>Rows of one project, or of all, by project and name; those whose person or project contains a text.</summary>
    /// <param name="projectId">The project, or null for all.</param>
    /// <param name="search">A text, or null.</param>
    /// <param name="skip">How many rows to leave out at the beginning.</param>
    /// <param name="take">How many rows at most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(IReadOnlyList<AccessRow> Rows, int Total)> OfAsync(Guid? projectId, string? search, int skip, int take, CancellationToken ct)
    {
        var own = db.ProjectMembers.AsNoTracking().Select(m => new Way { ProjectId = m.ProjectId, PersonId = m.PersonId, Role = m.Role, Since = m.CreatedAt, Given = m.CreatedAt, TeamId = null, ValidFrom = m.ValidFrom, ValidUntil = m.ValidUntil });
        var byTeam =
            from pt in db.ProjectTeams.AsNoTracking()
            join m in db.TeamMembers.AsNoTracking() on pt.TeamId equals m.TeamId
            select new Way { ProjectId = pt.ProjectId, PersonId = m.PersonId, Role = pt.Role, Since = m.CreatedAt, Given = pt.CreatedAt, TeamId = pt.TeamId, ValidFrom = null, ValidUntil = null };
        var ways =
            from w in own.Concat(byTeam)
            join p in db.Projects.AsNoTracking() on w.ProjectId equals p.Id
            join u in db.Users.AsNoTracking() on w.PersonId equals u.Id
            where p.DeletedAt == null && (projectId == null || p.Id == projectId)
            select new { Way = w, Project = p.Name, Name = u.DisplayName, u.Email };
        if (!string.IsNullOrWhiteSpace(search))
        {
            var text = search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
            ways = ways.Where(w => w.Name.ToLower().Contains(text) || w.Email!.ToLower().Contains(text) || w.Project.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await ways.CountAsync(ct);
        var page = await ways.OrderBy(w => w.Project).ThenBy(w => w.Way.ProjectId).ThenBy(w => w.Name).ThenBy(w => w.Way.PersonId).ThenBy(w => w.Way.TeamId).Skip(skip).Take(take).ToListAsync(ct);
        var ids = page.Select(p => p.Way.PersonId).Distinct().ToList();
        var projects = page.Select(p => p.Way.ProjectId).Distinct().ToList();
        var teams = await db.Teams.AsNoTracking().ToDictionaryAsync(t => t.Id, t => t.Name, ct);
        var active = await db.Sessions.AsNoTracking().Where(s => ids.Contains(s.PersonId)).GroupBy(s => s.PersonId).Select(g => new { g.Key, At = g.Max(s => s.LastActiveAt) }).ToDictionaryAsync(g => g.Key, g => (DateTimeOffset?)g.At, ct);
        var labels = await db.Labels.AsNoTracking().Where(l => projects.Contains(l.ProjectId) && ids.Contains(l.AuthorId)).GroupBy(l => new { l.ProjectId, l.AuthorId })
            .Select(g => new { g.Key.ProjectId, g.Key.AuthorId, At = g.Max(l => l.CreatedAt) }).ToDictionaryAsync(g => (g.ProjectId, g.AuthorId), g => (DateTimeOffset?)g.At, ct);
        var reviews = (await db.AccessReviews.AsNoTracking().Where(r => projects.Contains(r.ProjectId) && ids.Contains(r.PersonId) && r.Verdict == AccessVerdict.Confirmed)
            .Select(r => new { r.ProjectId, r.PersonId, r.TeamId, r.DecidedAt, r.DecidedBy }).ToListAsync(ct))
            .GroupBy(r => (r.ProjectId, r.PersonId, r.TeamId)).ToDictionary(g => g.Key, g => g.MaxBy(r => r.DecidedAt)!);
        var refs = await people.OfAsync([.. ids, .. reviews.Values.Select(r => r.DecidedBy)], ct);
        return (
            [.. page.Where(p => refs.ContainsKey(p.Way.PersonId)).Select(p =>
            {
                var (w, review) = (p.Way, reviews.GetValueOrDefault((p.Way.ProjectId, p.Way.PersonId, p.Way.TeamId)));
                return new AccessRow(
                    refs[w.PersonId], p.Email ?? "", w.ProjectId, p.Project, w.Role, w.TeamId, w.TeamId is { } team ? teams.GetValueOrDefault(team) : null, w.Since > w.Given ? w.Since : w.Given, w.ValidFrom, w.ValidUntil,
                    active.GetValueOrDefault(w.PersonId), labels.GetValueOrDefault((w.ProjectId, w.PersonId)), review?.DecidedAt, review is null ? null : refs.GetValueOrDefault(review.DecidedBy));
            })],
            total);
    }

    private sealed class Way
    {
        public Guid ProjectId { get; init; }

        public Guid PersonId { get; init; }

        public ProjectRole Role { get; init; }

        public DateTimeOffset Since { get; init; }

        public DateTimeOffset Given { get; init; }

        public Guid? TeamId { get; init; }

        public DateTimeOffset? ValidFrom { get; init; }

        public DateTimeOffset? ValidUntil { get; init; }
    }
}
