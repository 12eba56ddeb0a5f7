using System.Reflection;
using Hybrid.ControlPlane.Domain;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>
/// Purges projects whose grace period is over: every row of every table that belongs to a project, as the model knows them, so that a new table
/// cannot be forgotten. The log keeps its entries and gets one more: what was purged, by table and number.
/// </summary>
internal sealed partial class PurgeWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PurgeWorker> logger) : StepWorker(TimeSpan.FromSeconds(10))
{
    /// <summary>Purges one project; false when none is due.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var due = clock.GetUtcNow() - Project.GracePeriod;
        var next = await db.Through(Doors.ProjectsDeletedBefore, due).OrderBy(p => p.DeletedAt).Select(p => new { p.Id, p.OrganizationId }).FirstOrDefaultAsync(ct);
        if (next is null) return false;
        await using var tenant = await TenantScope.OpenAsync(db, next.OrganizationId, null, ct, $"purge {next.Id}");
        var project = await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == next.Id && p.DeletedAt != null && p.DeletedAt <= due, ct);
        // Restored, or purged by another replica, in the meantime.
        if (project is null) return true;
        var rows = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var type in TableOrder.Of(db.Model).Reverse().Where(t => typeof(IBelongsToProject).IsAssignableFrom(t.ClrType))) rows[type.GetTableName()!] = await DeleteAsync(db, type, project, ct);
        await db.Projects.Where(p => p.Id == project.Id).ExecuteDeleteAsync(ct);
        scope.ServiceProvider.GetRequiredService<AuditTrail>().RecordAs(ActorKind.System, null, AuditActs.ProjectPurged, project.Id, [project.Id], new { deletedAt = project.DeletedAt, rows = rows.Where(r => r.Value > 0).ToDictionary() });
        await tenant.CommitAsync(ct);
        return true;
    }

    private static Task<int> DeleteAsync(ControlPlaneDb db, IEntityType type, Project project, CancellationToken ct) =>
        (Task<int>)typeof(PurgeWorker).GetMethod(nameof(DeleteRowsAsync), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type.ClrType).Invoke(null, [db, project.Id, ct])!;

    private static Task<int> DeleteRowsAsync<T>(ControlPlaneDb db, Guid projectId, CancellationToken ct)
        where T : class, IBelongsToProject =>
        db.Set<T>().Where(row => row.ProjectId == projectId).ExecuteDeleteAsync(ct);

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    [LoggerMessage(1430, LogLevel.Warning, "A project could not be purged ({Kind}); it is tried again")]
    private partial void StepFailed(string kind);
}
