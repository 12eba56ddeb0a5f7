using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>A page of a project's members by name, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
public sealed record MemberPage(IReadOnlyList<MemberItem> Items, Guid? Next, int? Total);

/// <summary>One member. Role is what counts now, null outside of their dates; Own is their own role, Teams are those that give one.</summary>
public sealed record MemberItem(PersonRef Person, ProjectRole? Role, DateTimeOffset Since, OwnRole? Own, IReadOnlyList<TeamRole> Teams);

/// <summary>A role of one's own, from when until when (exclusive).</summary>
public sealed record OwnRole(ProjectRole Role, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

/// <summary>A role by a team.</summary>
public sealed record TeamRole(Guid TeamId, string Name, ProjectRole Role);

/// <summary>Lists the members of a project, those by teams as well: for its own people, and for organization admins.</summary>
internal sealed class MemberList(ControlPlaneDb db, PersonRefs people, TimeProvider clock)
{
    /// <summary>A page after a member, of those whose name contains a text.</summary>
    public async Task<Result<MemberPage>> PageAsync(Guid projectId, Guid? after, int limit, string? search, CancellationToken ct)
    {
        var members = db.Users.AsNoTracking().Where(p =>
            db.ProjectMembers.Any(m => m.ProjectId == projectId && m.PersonId == p.Id)
            || db.TeamMembers.Any(m => m.PersonId == p.Id && db.ProjectTeams.Any(t => t.ProjectId == projectId && t.TeamId == m.TeamId)));
        if (!string.IsNullOrWhiteSpace(search))
        {
            var text = search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own lower() is meant.
            members = members.Where(p => p.DisplayName.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
        }

        int? total = after is null ? await members.CountAsync(ct) : null;
        if (after is { } last)
        {
            var name = await db.Users.Where(p => p.Id == last && db.OrganizationMembers.Any(m => m.PersonId == p.Id)).Select(p => p.DisplayName).SingleOrDefaultAsync(ct);
            if (name is null) return RequestErrors.NotFound;
            members = members.Where(p => string.Compare(p.DisplayName, name) > 0 || (p.DisplayName == name && p.Id > last));
        }

        var ids = await members.OrderBy(p => p.DisplayName).ThenBy(p => p.Id).Take(limit + 1).Select(p => p.Id).ToListAsync(ct);
        var page = ids.Take(limit).ToList();
        var now = clock.GetUtcNow();
        var own = await db.ProjectMembers.AsNoTracking().Where(m => m.ProjectId == projectId && page.Contains(m.PersonId)).ToDictionaryAsync(m => m.PersonId, ct);
        var byTeam = (await (
            from pt in db.ProjectTeams.AsNoTracking()
            join m in db.TeamMembers on pt.TeamId equals m.TeamId
            join t in db.Teams on pt.TeamId equals t.Id
            where pt.ProjectId == projectId && page.Contains(m.PersonId)
            select new { m.PersonId, t.Id, t.Name, pt.Role, Joined = m.CreatedAt, Given = pt.CreatedAt }).ToListAsync(ct)).ToLookup(t => t.PersonId);
        var refs = await people.NamedAsync(page, ct);
        return new MemberPage(
            [.. page.Where(refs.ContainsKey).Select(id =>
            {
                var mine = own.GetValueOrDefault(id);
                var holds = mine is not null && (mine.ValidFrom is null || mine.ValidFrom <= now) && (mine.ValidUntil is null || mine.ValidUntil > now);
                var teams = byTeam[id].OrderByDescending(t => t.Role).ThenBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToList();
                IEnumerable<ProjectRole?> roles = [holds ? mine!.Role : null, .. teams.Select(t => (ProjectRole?)t.Role)];
                IEnumerable<DateTimeOffset?> since = [mine?.CreatedAt, .. teams.Select(t => (DateTimeOffset?)(t.Joined > t.Given ? t.Joined : t.Given))];
                return new MemberItem(
                    refs[id], roles.Max(), since.Min() ?? now, mine is null ? null : new OwnRole(mine.Role, mine.ValidFrom, mine.ValidUntil), [.. teams.Select(t => new TeamRole(t.Id, t.Name, t.Role))]);
            })],
            ids.Count > limit ? page[^1] : null,
            total);
    }
}
