namespace Hybrid.ControlPlane.Infrastructure.Hosting;

/// <summary>
/// Work in the background, on every replica: one step after the other while there is any, then a pause, which new work may end early. A step
/// that fails is said and tried again after a pause; it never ends the host.
/// </summary>
/// <param name="idle">How long it pauses when there is nothing to do.</param>
internal abstract class StepWorker(TimeSpan idle) : BackgroundService
{
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

    /// <summary>One step, a transaction of its own; false when nothing is to do.</summary>
    internal abstract Task<bool> StepAsync(CancellationToken ct);

    /// <summary>Says that a step failed.</summary>
    protected abstract void SayFailed(Exception failed);

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
                SayFailed(failed);
            }

            if (!worked) await IdleAsync(stoppingToken);
        }
    }

    private async Task IdleAsync(CancellationToken ct)
    {
        try
        {
            await wake.WaitAsync(idle, ct);
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }
}
