using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>The caller's role in a project, asked once a request.</summary>
internal sealed class ProjectAccess(ControlPlaneDb db, ICurrentUser user)
{
    private (Guid Project, ProjectRole? Role)? known;

    /// <summary>The role, or null when the project does not exist for the caller.</summary>
    public async Task<ProjectRole?> RoleInAsync(Guid projectId, CancellationToken ct)
    {
        if (known is { } k && k.Project == projectId) return k.Role;
        var role = await db.ProjectMembers.AsNoTracking()
            .Where(m => m.ProjectId == projectId && m.PersonId == user.PersonId).Select(m => (ProjectRole?)m.Role).SingleOrDefaultAsync(ct);
        known = (projectId, role);
        return role;
    }
}
