using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>One way in which a person has a role in a project now.</summary>
internal sealed class Place
{
    /// <summary>The project.</summary>
    public Guid ProjectId { get; init; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; init; }

    /// <summary>The role, as its number, so that the highest can be asked for.</summary>
    public int Role { get; init; }
}

/// <summary>
/// Who has which role in which project at an instant: by a role of their own within its dates, or by a team. The highest of all counts
/// (ADR 12). Everything that asks about access asks here or, for the caller of a request, in <see cref="ProjectAccess"/>.
/// </summary>
internal static class Places
{
    /// <summary>Every way of every person.</summary>
    public static IQueryable<Place> At(ControlPlaneDb db, DateTimeOffset now) =>
        Ways(db, db.ProjectMembers.AsNoTracking().Where(m => (m.ValidFrom == null || m.ValidFrom <= now) && (m.ValidUntil == null || m.ValidUntil > now)));

    /// <summary>The same whatever the dates: for plans, in which somebody who comes next week can stand.</summary>
    public static IQueryable<Place> AtAnyTime(ControlPlaneDb db) => Ways(db, db.ProjectMembers.AsNoTracking());

    /// <summary>The projects where a person has a role, with the highest; deleted ones are none.</summary>
    public static async Task<IReadOnlyDictionary<Guid, ProjectRole>> OfAsync(ControlPlaneDb db, Guid personId, DateTimeOffset now, CancellationToken ct) =>
        await At(db, now).Where(p => p.PersonId == personId && db.Projects.Any(x => x.Id == p.ProjectId && x.DeletedAt == null))
            .GroupBy(p => p.ProjectId).Select(g => new { g.Key, Role = g.Max(p => p.Role) }).ToDictionaryAsync(g => g.Key, g => (ProjectRole)g.Role, ct);

    private static IQueryable<Place> Ways(ControlPlaneDb db, IQueryable<ProjectMember> own) =>
        own.Select(m => new Place { ProjectId = m.ProjectId, PersonId = m.PersonId, Role = (int)m.Role })
            .Concat(
                from t in db.ProjectTeams.AsNoTracking()
                join m in db.TeamMembers.AsNoTracking() on t.TeamId equals m.TeamId
                select new Place { ProjectId = t.ProjectId, PersonId = m.PersonId, Role = (int)t.Role });
}
