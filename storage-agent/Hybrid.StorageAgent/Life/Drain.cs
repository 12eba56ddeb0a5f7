using Hybrid.StorageAgent.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hybrid.StorageAgent.Life;

/// <summary>
/// The way out after SIGTERM: 1 not ready any more, so that nobody sends new work, and everything that still comes is served for
/// <see cref="AgentOptions.DrainSeconds"/>; 2 the port and the link close, and what is under way may finish within <see cref="LastPatience"/>.
/// </summary>
internal sealed partial class Drain(AgentOptions options, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>How long requests under way may take once the port is closed.</summary>
    public static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(20);

    private volatile bool isDraining;

    /// <summary>Registers it, and the time that all of it may take.</summary>
    public static void Add(WebApplicationBuilder builder, AgentOptions options)
    {
        builder.Services.AddSingleton<Drain>().AddSingleton<IHostedService>(s => s.GetRequiredService<Drain>()).AddHealthChecks().AddCheck<Drain>("drain", tags: ["ready"]);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds) + LastPatience);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isDraining = true;
        Draining(options.DrainSeconds);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any longer.
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isDraining ? HealthCheckResult.Unhealthy("The agent was told to end: it finishes what is under way.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3310, LogLevel.Information, "Told to end: not ready any more; what still comes within {Seconds} seconds is served, then the port and the link close")]
    private partial void Draining(int seconds);
}
