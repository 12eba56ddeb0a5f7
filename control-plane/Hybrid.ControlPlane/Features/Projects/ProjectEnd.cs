using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>What ends with a project, or with a connection of it.</summary>
internal static class ProjectEnd
{
    /// <summary>Cancels the running imports of a project, or of one of its connections.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> CancelImportsAsync(ControlPlaneDb db, Guid projectId, Guid? connectionId, DateTimeOffset now, CancellationToken ct)
    {
        var running = await db.Imports.Where(i => i.ProjectId == projectId && (connectionId == null || i.ConnectionId == connectionId)
            && (i.State == ImportState.Queued || i.State == ImportState.Listing || i.State == ImportState.Paused)).ToListAsync(ct);
        return running.Count(i => i.Cancel(now));
    }
}
