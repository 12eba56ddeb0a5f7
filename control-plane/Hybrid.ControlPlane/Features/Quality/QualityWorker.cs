using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Does in the background what follows a submit, one row at a time: figures, decisions, audit entries and the row's end are committed together, so
/// that a crash leaves all of it or nothing, and nothing is done twice. What fails waits longer each time and lets the others pass.
/// </summary>
internal sealed partial class QualityWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<QualityWorker> logger) : StepWorker(TimeSpan.FromSeconds(2))
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>One row; false when none is due.</summary>
    internal override async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var next = await db.Through(Doors.QualityJobsDueAt, clock.GetUtcNow()).OrderBy(j => j.NotBefore).ThenBy(j => j.Id)
            .Select(j => new { j.Id, j.OrganizationId, j.ProjectId, j.Failures }).FirstOrDefaultAsync(ct);
        if (next is null) return false;
        try
        {
            // One row of a project at a time, on every replica: who settles an asset sees every answer that was committed before.
            await using var tenant = await TenantScope.OpenAsync(db, next.OrganizationId, null, ct, $"quality {next.ProjectId}");
            var job = await db.QualityJobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == next.Id, ct);
            if (job is null) return true;
            await scope.ServiceProvider.GetRequiredService<SubmitFollowUp>().WorkAsync(job, ct);
            await db.QualityJobs.Where(j => j.Id == next.Id).ExecuteDeleteAsync(ct);
            await tenant.CommitAsync(ct);
        }
        catch (Exception failed) when (LostRace.Is(failed))
        {
            // A task of it was changed at the same moment.
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException and not OutOfMemoryException)
        {
            SayFailed(failed);
            await PutOffAsync(next.OrganizationId, next.Id, next.Failures, ct);
        }

        return true;
    }

    protected override void SayFailed(Exception failed) => StepFailed(failed.GetType().Name);

    private async Task PutOffAsync(Guid organization, Guid id, int failures, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        await using var tenant = await TenantScope.OpenAsync(db, organization, null, ct);
        var until = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(failures, 20)), LongestPause.TotalSeconds));
        await db.QualityJobs.Where(j => j.Id == id).ExecuteUpdateAsync(j => j.SetProperty(x => x.NotBefore, until).SetProperty(x => x.Failures, x => x.Failures + 1), ct);
        await tenant.CommitAsync(ct);
    }

    [LoggerMessage(1480, LogLevel.Warning, "What follows a submit failed ({Kind}) and is tried again")]
    private partial void StepFailed(string kind);
}
