using System.Collections.Concurrent;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Infrastructure.Telemetry;
using Microsoft.AspNetCore.SignalR;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>The links that are up in this process, and the calls over them.</summary>
internal sealed class LinkTable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IHubContext<AgentLink> hub;
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<string, HubCallerContext>> links = new();

    public LinkTable(IHubContext<AgentLink> hub, ControlPlaneMetrics metrics)
    {
        this.hub = hub;
        metrics.ObserveLinks(() => links.Values.Sum(replicas => replicas.Count));
    }

    public bool IsUp(Guid agentId) => links.TryGetValue(agentId, out var replicas) && !replicas.IsEmpty;

    public void Add(Guid agentId, HubCallerContext connection) => links.GetOrAdd(agentId, _ => new()).TryAdd(connection.ConnectionId, connection);

    public void Remove(Guid agentId, string connectionId)
    {
        if (links.TryGetValue(agentId, out var replicas)) replicas.TryRemove(connectionId, out _);
    }

    /// <summary>Closes every link of a revoked agent at once.</summary>
    public void Close(Guid agentId)
    {
        if (!links.TryRemove(agentId, out var replicas)) return;
        foreach (var connection in replicas.Values) connection.Abort();
    }

    /// <summary>Asks any replica; null when none is there or none answers in time.</summary>
    public async Task<T?> AskAsync<T>(Guid agentId, string method, object request, CancellationToken ct)
        where T : class
    {
        if (!links.TryGetValue(agentId, out var replicas)) return null;
        foreach (var connection in replicas.Keys)
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

    public Task<ProbeResult?> ProbeAsync(Guid agentId, ProbeRequest request, CancellationToken ct) => AskAsync<ProbeResult>(agentId, LinkMethods.Probe, request, ct);

    public Task<ListPage?> ListAsync(Guid agentId, ListRequest request, CancellationToken ct) => AskAsync<ListPage>(agentId, LinkMethods.List, request, ct);

    public Task<DescribeResult?> DescribeAsync(Guid agentId, DescribeRequest request, CancellationToken ct) => AskAsync<DescribeResult>(agentId, LinkMethods.Describe, request, ct);
}
