using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>
/// Works imports off their rows: a restart goes on from the cursor. When nothing is to be listed it asks agents for picture sizes: the
/// slower pass, of lower priority.
/// </summary>
internal sealed partial class ImportWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>Something may have come in.</summary>
    public void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (ControlPlaneApp.IsDocumentBuild) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await StepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                StepFailed(failed.GetType().Name, failed.Message);
            }

            if (!worked) await Task.WhenAny(wake.WaitAsync(stoppingToken), Task.Delay(Idle, clock, stoppingToken));
        }
    }

    /// <summary>One page of one import, or one batch of sizes; false when nothing is to do.</summary>
    internal async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var next = await db.Imports.IgnoreQueryFilters().AsNoTracking()
            .Where(i => i.State == ImportState.Queued || i.State == ImportState.Listing).OrderBy(i => i.CreatedAt)
            .Select(i => new { i.Id, i.OrganizationId }).FirstOrDefaultAsync(ct);
        if (next is not null)
        {
            await scope.ServiceProvider.GetRequiredService<ImportPage>().TakeAsync(next.OrganizationId, next.Id, ct);
            return true;
        }

        return await scope.ServiceProvider.GetRequiredService<DescribeAssets>().TakeAsync(ct);
    }

    [LoggerMessage(1400, LogLevel.Warning, "An import step failed ({Kind}: {Reason}) and is tried again")]
    private partial void StepFailed(string kind, string reason);
}
