using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>The caller's place in a project.</summary>
/// <param name="Role">Their role.</param>
/// <param name="Separation">Nobody works on two steps of one asset there.</param>
/// <param name="Anonymized">People appear there by pseudonyms.</param>
/// <param name="PseudonymKey">Key of the project's pseudonyms.</param>
/// <param name="MfaFrom">The least role there that needs a second factor.</param>
internal sealed record Place(ProjectRole Role, bool Separation, bool Anonymized, byte[] PseudonymKey, ProjectRole? MfaFrom);

/// <summary>The caller's place in a project, asked once a request.</summary>
internal sealed class ProjectAccess(ControlPlaneDb db, ICurrentUser user)
{
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, CancellationToken, Task<Place?>>> PlaceIn = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, Guid person, CancellationToken _) => (
            from m in db.ProjectMembers.AsNoTracking()
            join p in db.Projects on m.ProjectId equals p.Id
            where m.ProjectId == project && m.PersonId == person
            select new Place(m.Role, p.StepSeparation, p.Anonymized, p.PseudonymKey, p.MfaFrom)).SingleOrDefault()));

    private (Guid Project, Place? Place)? known;

    /// <summary>The role, or null when the project does not exist for the caller.</summary>
    public async Task<ProjectRole?> RoleInAsync(Guid projectId, CancellationToken ct) => (await PlaceInAsync(projectId, ct))?.Role;

    /// <summary>Whether nobody works on two steps of one asset there.</summary>
    public async Task<bool> IsSeparatedAsync(Guid projectId, CancellationToken ct) => (await PlaceInAsync(projectId, ct))?.Separation ?? true;

    /// <summary>Where the request runs, once the pipeline has asked; null outside projects and for those who have no role.</summary>
    public Place? Here => known?.Place;

    private async Task<Place?> PlaceInAsync(Guid projectId, CancellationToken ct)
    {
        if (known is { } k && k.Project == projectId) return k.Place;
        var place = await PlaceIn.In(db)(db, projectId, user.PersonId, ct);
        known = (projectId, place);
        return place;
    }

}
