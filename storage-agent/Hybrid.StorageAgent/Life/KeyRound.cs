using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;

namespace Hybrid.StorageAgent.Life;

/// <summary>
/// Every few seconds: was the clock set, and does the folder hold a newer key of this replica (<c>hybrid-agent rotate-key</c>)? Every
/// ten minutes, and after the clock was set, it asks for the control plane's keys, and so for its time.
/// </summary>
internal sealed partial class KeyRound(AgentIdentity identity, GrantKeyring keyring, ControlPlaneLink link, ClockWatch watch, TimeProvider clock, ILogger<KeyRound> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Ask = TimeSpan.FromMinutes(10);

    private long? lastAsked;

    /// <summary>One round.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        if (identity.TakeOverNewKey() is { } key)
        {
            Rotated(key);
            link.Renew();
        }

        if (watch.Jumped()) lastAsked = null;
        if (lastAsked is { } last && clock.GetElapsedTime(last) < Ask) return;
        lastAsked = clock.GetTimestamp();
        await keyring.RefreshAsync(ct);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            do await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent ends.
        }
    }

    [LoggerMessage(3330, LogLevel.Information, "This replica has a new key {Key}: the link is made anew by it, and it signs answers once every browser knows it")]
    private partial void Rotated(string key);
}
