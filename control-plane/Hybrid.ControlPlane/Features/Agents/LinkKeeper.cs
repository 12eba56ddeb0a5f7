using System.Text.Json;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>
/// Every few seconds: 1. closes links of this process whose key was revoked, by whichever replica, so that a revocation holds everywhere
/// within 5 seconds; 2. says to the other replicas which links are up here.
/// </summary>
internal sealed partial class LinkKeeper(LinkTable links, IServiceScopeFactory scopes, TimeProvider clock, ILogger<LinkKeeper> logger, LinkPresence? presence = null) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>One round.</summary>
    internal async Task RunOnceAsync(CancellationToken ct)
    {
        if (links.Own is not { Count: > 0 } own) return;

        // 1
        var now = clock.GetUtcNow();
        var keys = JsonSerializer.Serialize(own.Select(l => l.KeyId).Distinct());
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
            // Of every organization: this is the host asking about its own connections.
            var revoked = await db.Through(Doors.AgentKeys, keys).Where(k => k.RevokedAt <= now).Select(k => k.KeyId).ToListAsync(ct);
            foreach (var (agent, connection, _) in own.Where(l => revoked.Contains(l.KeyId))) links.Close(agent, connection);
        }

        // 2
        if (presence is not null) await presence.SayAsync(links.Own.Select(l => (l.Agent, l.Connection)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (ControlPlaneApp.IsDocumentBuild) return;
        using var timer = new PeriodicTimer(Round, clock);
        var failing = false;
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                failing = false;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                if (!failing) RoundFailed(failed.GetType().Name);
                failing = true;
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1503, LogLevel.Warning, "Links could not be checked for revoked keys ({Kind}); it is tried again every 3 seconds")]
    private partial void RoundFailed(string kind);
}
