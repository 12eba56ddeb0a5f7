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
internal sealed partial class PurgeWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PurgeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (ControlPlaneApp.IsDocumentBuild) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await StepAsync(stoppingToken)) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                StepFailed(failed.GetType().Name);
            }

            await Task.Delay(Idle, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Purges one project; false when none is due.</summary>
    internal async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var due = clock.GetUtcNow() - Project.GracePeriod;
        var next = await db.Through(Doors.DeletedProjects).Where(p => p.DeletedAt <= due).OrderBy(p => p.DeletedAt).Select(p => new { p.Id, p.OrganizationId }).FirstOrDefaultAsync(ct);
        if (next is null) return false;
        await using var tenant = await TenantScope.OpenAsync(db, next.OrganizationId, null, ct, $"purge {next.Id}");
        var project = await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == next.Id && p.DeletedAt != null && p.DeletedAt <= due, ct);
        // Restored, or purged by another replica, in the meantime.
        if (project is null) return true;
        var rows = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var type in InOrder(db.Model)) rows[type.GetTableName()!] = await DeleteAsync(db, type, project, ct);
        await db.Projects.Where(p => p.Id == project.Id).ExecuteDeleteAsync(ct);
        scope.ServiceProvider.GetRequiredService<AuditTrail>().RecordAs(ActorKind.System, null, AuditActs.ProjectPurged, project.Id, [project.Id], new { deletedAt = project.DeletedAt, rows = rows.Where(r => r.Value > 0).ToDictionary() });
        await tenant.CommitAsync(ct);
        return true;
    }

    /// <summary>Every table of a project's rows, those that point to others before those.</summary>
    internal static IReadOnlyList<IEntityType> InOrder(IModel model)
    {
        var left = model.GetEntityTypes().Where(t => typeof(IBelongsToProject).IsAssignableFrom(t.ClrType)).ToList();
        var order = new List<IEntityType>();
        while (left.Count > 0)
        {
            var free = left.Where(t => !left.Any(other => other != t && other.GetForeignKeys().Any(k => k.PrincipalEntityType == t))).ToList();
            if (free.Count == 0) throw new InvalidOperationException($"The tables point to each other in a circle: {string.Join(", ", left.Select(t => t.GetTableName()))}.");
            order.AddRange(free);
            left.RemoveAll(free.Contains);
        }

        return order;
    }

    private static Task<int> DeleteAsync(ControlPlaneDb db, IEntityType type, Project project, CancellationToken ct) =>
        (Task<int>)typeof(PurgeWorker).GetMethod(nameof(DeleteRowsAsync), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type.ClrType).Invoke(null, [db, project.Id, ct])!;

    private static Task<int> DeleteRowsAsync<T>(ControlPlaneDb db, Guid projectId, CancellationToken ct)
        where T : class, IBelongsToProject =>
        db.Set<T>().Where(row => row.ProjectId == projectId).ExecuteDeleteAsync(ct);

    [LoggerMessage(1430, LogLevel.Warning, "A project could not be purged ({Kind}); it is tried again")]
    private partial void StepFailed(string kind);
}
