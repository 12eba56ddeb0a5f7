using Hybrid.StorageAgent.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hybrid.StorageAgent.Life;

/// <summary>
/// Holds this machine's clock against the control plane's, which every answer carries (Date), and against the time that passes, which no
/// one can set. A wrong clock refuses honest browsers (their proofs may be off by 60 seconds), so it is named, not guessed at.
/// </summary>
public sealed partial class ClockWatch : IHealthCheck
{
    /// <summary>From here on it is said.</summary>
    public static readonly TimeSpan Warn = TimeSpan.FromSeconds(30);

    /// <summary>From here on the agent is not ready: proofs of browsers with a right clock are refused.</summary>
    public static readonly TimeSpan Fail = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock;
    private readonly ILogger<ClockWatch> logger;
    private readonly Lock gate = new();
    private (DateTimeOffset Wall, long Passed) last;
    private TimeSpan? skew;
    private bool isSaid;

    /// <summary>Begins to watch; the skew is a metric too.</summary>
    public ClockWatch(TimeProvider clock, AgentMetrics metrics, ILogger<ClockWatch> logger)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(metrics);
        (this.clock, this.logger) = (clock, logger);
        last = (clock.GetUtcNow(), clock.GetTimestamp());
        metrics.ObserveClock(() => Skew);
    }

    /// <summary>How far this clock is ahead of the control plane's, to the second; null before its first answer.</summary>
    public TimeSpan? Skew
    {
        get
        {
            lock (gate) return skew;
        }
    }

    /// <summary>Takes note of what an answer says of the time.</summary>
    public void Observe(DateTimeOffset? date)
    {
        if (date is not { } theirs) return;
        lock (gate)
        {
            var off = clock.GetUtcNow() - theirs;
            skew = off;
            if (off.Duration() > Warn && !isSaid) Wrong(off.Duration().TotalSeconds, off > TimeSpan.Zero ? "ahead of" : "behind");
            else if (off.Duration() <= Warn && isSaid) Right();
            isSaid = off.Duration() > Warn;
        }
    }

    /// <summary>Whether the clock was set since the last look; says so when it was.</summary>
    public bool Jumped()
    {
        lock (gate)
        {
            var jump = clock.GetUtcNow() - last.Wall - clock.GetElapsedTime(last.Passed);
            last = (clock.GetUtcNow(), clock.GetTimestamp());
            if (jump.Duration() < Jump) return false;
            if (skew is not null) skew += jump;
            Set(jump.Duration().TotalSeconds, jump > TimeSpan.Zero ? "ahead" : "back");
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Skew is { } off && off.Duration() > Fail
        ? HealthCheckResult.Unhealthy(FormattableString.Invariant($"This machine's clock is {off.Duration().TotalSeconds:0} seconds {(off > TimeSpan.Zero ? "ahead of" : "behind")} the control plane's, so browsers' proofs are refused: set it by time server."))
        : HealthCheckResult.Healthy());

    /// <summary>Looks at every answer that comes by a handler.</summary>
    public DelegatingHandler Watching(HttpMessageHandler handler) => new Watcher(this, handler);

    [LoggerMessage(3320, LogLevel.Error, "This machine's clock is {Seconds:0} seconds {Direction} the control plane's: set it by time server. Browsers' proofs are refused from 60 seconds on")]
    private partial void Wrong(double seconds, string direction);

    [LoggerMessage(3321, LogLevel.Information, "This machine's clock agrees with the control plane's again")]
    private partial void Right();

    [LoggerMessage(3322, LogLevel.Warning, "This machine's clock was set {Direction} by {Seconds:0} seconds; ceilings go by the time that passes and did not notice")]
    private partial void Set(double seconds, string direction);

    private sealed class Watcher(ClockWatch watch, HttpMessageHandler handler) : DelegatingHandler(handler)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            watch.Observe(answer.Headers.Date);
            return answer;
        }
    }
}
