using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>The caller's role in a project, asked once a request.</summary>
internal sealed class ProjectAccess(ControlPlaneDb db, ICurrentUser user)
{
    private static readonly Func<ControlPlaneDb, Guid, Guid, Guid, IAsyncEnumerable<ProjectRole>> Roles = EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid organizationId, Guid projectId, Guid personId) => db.ProjectMembers.IgnoreQueryFilters().AsNoTracking()
            .Where(m => m.OrganizationId == organizationId && m.ProjectId == projectId && m.PersonId == personId)
            .Select(m => m.Role));

    private (Guid Project, ProjectRole? Role)? known;

    /// <summary>The role, or null when the project does not exist for the caller.</summary>
    public async Task<ProjectRole?> RoleInAsync(Guid projectId, CancellationToken ct)
    {
        if (known is { } k && k.Project == projectId) return k.Role;
        ProjectRole? role = null;
        await foreach (var found in Roles(db, user.OrganizationId, projectId, user.PersonId).WithCancellation(ct)) role = found;
        known = (projectId, role);
        return role;
    }
}
