using System.Collections.Concurrent;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Features.Agents;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>
/// Asks the agent for the next page of a listing while the present one is written. At most one page of an import waits here; one that is
/// not fetched within a minute (paused, cancelled, another replica went on) is forgotten.
/// </summary>
internal sealed class PagesAhead(LinkTable links, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, (string? Cursor, DateTimeOffset At, Task<ListPage?> Page)> ahead = new();

    /// <summary>The page of a cursor: the one that waits here, or asked for now.</summary>
    public Task<ListPage?> TakeAsync(Guid importId, Guid agentId, ListRequest request, CancellationToken ct)
    {
        foreach (var (old, waiting) in ahead)
        {
            if (clock.GetUtcNow() - waiting.At > Kept) ahead.TryRemove(old, out _);
        }

        return ahead.TryRemove(importId, out var page) && page.Cursor == request.Cursor ? page.Page : links.ListAsync(agentId, request, ct);
    }

    /// <summary>Begins to ask for the page that follows.</summary>
    public void Begin(Guid importId, Guid agentId, ListRequest next) =>
        ahead[importId] = (next.Cursor, clock.GetUtcNow(), links.ListAsync(agentId, next, CancellationToken.None));
}
