using System.Collections.Concurrent;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Telemetry;
using Microsoft.AspNetCore.SignalR;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>
/// The links to agents, and the calls over them. Those of this process are known here; those of other replicas through
/// <see cref="LinkPresence"/>, and SignalR's backplane carries the call there.
/// </summary>
internal sealed class LinkTable : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IHubContext<AgentLink> hub;
    private readonly LinkPresence? presence;
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<string, (HubCallerContext Context, long Order)>> links = new();
    private long order;

    // A storm of browsers waits here, and never in front of a listing; one person's storm never in front of the others.
    private readonly PartitionedRateLimiter<(Guid Agent, Guid Person)> relay = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(Guid Agent, Guid Person), (Guid, Guid)>(who => RateLimitPartition.GetConcurrencyLimiter(who, _ => Room(permits: 8, waiting: 64))),
        PartitionedRateLimiter.Create<(Guid Agent, Guid Person), Guid>(who => RateLimitPartition.GetConcurrencyLimiter(who.Agent, _ => Room(permits: 64, waiting: 512))));

    public LinkTable(IHubContext<AgentLink> hub, ControlPlaneMetrics metrics, LinkPresence? presence = null)
    {
        (this.hub, this.presence) = (hub, presence);
        metrics.ObserveLinks(() => links.Values.Sum(replicas => replicas.Count));
    }

    /// <summary>The links of this process: agent, connection, and the key by which it came.</summary>
    public IReadOnlyList<(Guid Agent, string Connection, string KeyId)> Own =>
        [.. links.SelectMany(agent => agent.Value.Values.Select(c => (agent.Key, c.Context.ConnectionId, c.Context.User!.FindFirstValue(AgentAuthentication.KeyClaim)!)))];

    /// <summary>A link came up in this process: what waited for its agent may go on.</summary>
    public event Action? Linked;

    public async Task<bool> IsUpAsync(Guid agentId) => (await ConnectionsAsync(agentId)).Count > 0;

    /// <summary>Which of these agents have a link anywhere.</summary>
    public async Task<IReadOnlySet<Guid>> UpAsync(IEnumerable<Guid> agents)
    {
        var asked = await Task.WhenAll(agents.Distinct().Select(async agent => (Agent: agent, Up: await IsUpAsync(agent))));
        return asked.Where(a => a.Up).Select(a => a.Agent).ToHashSet();
    }

    public async Task AddAsync(Guid agentId, HubCallerContext connection)
    {
        links.GetOrAdd(agentId, _ => new()).TryAdd(connection.ConnectionId, (connection, Interlocked.Increment(ref order)));
        if (presence is not null) await presence.SayAsync([(agentId, connection.ConnectionId)]);
        Linked?.Invoke();
    }

    public Task RemoveAsync(Guid agentId, string connectionId)
    {
        if (links.TryGetValue(agentId, out var replicas)) replicas.TryRemove(connectionId, out _);
        return presence?.ForgetAsync(agentId, connectionId) ?? Task.CompletedTask;
    }

    /// <summary>Closes every link of a revoked agent in this process at once; other replicas see the revocation within seconds (<see cref="LinkKeeper"/>).</summary>
    public void Close(Guid agentId)
    {
        if (!links.TryRemove(agentId, out var replicas)) return;
        foreach (var (connection, _) in replicas.Values) connection.Abort();
    }

    /// <summary>Closes one link of this process.</summary>
    public void Close(Guid agentId, string connectionId)
    {
        if (links.TryGetValue(agentId, out var replicas) && replicas.TryRemove(connectionId, out var link)) link.Context.Abort();
    }

    public void Dispose() => relay.Dispose();

    public Task<ProbeResult?> ProbeAsync(Guid agentId, ProbeRequest request, CancellationToken ct) => AskAsync<ProbeResult>(agentId, LinkMethods.Probe, request, ct);

    public Task<ListPage?> ListAsync(Guid agentId, ListRequest request, CancellationToken ct) => AskAsync<ListPage>(agentId, LinkMethods.List, request, ct);

    public Task<DescribeResult?> DescribeAsync(Guid agentId, DescribeRequest request, CancellationToken ct) => AskAsync<DescribeResult>(agentId, LinkMethods.Describe, request, ct);

    /// <summary>Hands on a browser's request for URLs.</summary>
    public async Task<Result<RelayedAnswer>> UrlsAsync(Guid agentId, Guid personId, RelayedRequest request, CancellationToken ct)
    {
        using var room = await relay.AcquireAsync((agentId, personId), 1, ct);
        if (!room.IsAcquired) return AgentErrors.Busy;
        return await AskAsync<RelayedAnswer>(agentId, LinkMethods.Urls, request, ct) is { } answer ? answer : AgentErrors.Unreachable;
    }

    /// <summary>Asks any replica; null when none is there or none answers in time.</summary>
    private async Task<T?> AskAsync<T>(Guid agentId, string method, object request, CancellationToken ct)
        where T : class
    {
        foreach (var connection in await ConnectionsAsync(agentId))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            try
            {
                return await hub.Clients.Client(connection).InvokeAsync<T>(method, request, patience.Token);
            }
            catch (Exception failed) when (failed is IOException or HubException or InvalidOperationException || (failed is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // This replica went away or is stuck: the next one may answer.
            }
        }

        return null;
    }

    // This process's own first: they cost no detour; and the newest of them, since an agent that came back may have left a link behind
    // at which nobody is any more.
    private async Task<IReadOnlyList<string>> ConnectionsAsync(Guid agentId)
    {
        string[] own = links.TryGetValue(agentId, out var replicas) ? [.. replicas.OrderByDescending(r => r.Value.Order).Select(r => r.Key)] : [];
        return presence is null ? own : [.. own.Union(await presence.ConnectionsAsync(agentId), StringComparer.Ordinal)];
    }

    private static ConcurrencyLimiterOptions Room(int permits, int waiting) => new() { PermitLimit = permits, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
}
