using System.Collections.Concurrent;
using System.Threading.Channels;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Features.Agents;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>
/// Reads a listing ahead while its former pages are written, so that neither waits for the other. At most <see cref="Most"/> pages of an
/// import wait here; what nobody fetches within five minutes (paused, cancelled, another replica went on) is forgotten.
/// </summary>
internal sealed class PagesAhead(LinkTable links, TimeProvider clock)
{
    /// <summary>Pages that wait, and that are given at a time. More would cost memory and make a person's pause wait.</summary>
    public const int Most = 4;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, Reading> readings = new();

    /// <summary>What was read from the cursor on: at least one page, more when they wait here. A page that is no good, or none (null), comes alone.</summary>
    public async Task<IReadOnlyList<ListPage?>> TakeAsync(Guid importId, Guid agentId, ListRequest request, CancellationToken ct)
    {
        if (!readings.TryRemove(importId, out var reading) || !reading.IsAt(request))
        {
            reading?.Dispose();
            reading = new Reading(links, agentId, request, clock);
        }

        IReadOnlyList<ListPage?> pages;
        try
        {
            pages = await reading.NextAsync(ct);
        }
        catch
        {
            // Nobody fetches what it would still read.
            reading.Dispose();
            throw;
        }

        if (pages[^1] is { Error: null, Cursor: not null }) readings[importId] = reading.Keep(Kept, () => readings.TryRemove(new(importId, reading)));
        else reading.Dispose();
        return pages;
    }

    private sealed class Reading : IDisposable
    {
        private readonly Channel<ListPage?> waiting = Channel.CreateBounded<ListPage?>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = true });
        private readonly CancellationTokenSource forgotten = new();
        private readonly TimeProvider clock;
        private ListRequest next;
        private ITimer? patience;

        public Reading(LinkTable links, Guid agentId, ListRequest first, TimeProvider clock)
        {
            (next, this.clock) = (first, clock);
            _ = ReadAsync(links, agentId, first, forgotten.Token);
        }

        public bool IsAt(ListRequest request) => next.Cursor == request.Cursor;

        public async Task<IReadOnlyList<ListPage?>> NextAsync(CancellationToken ct)
        {
            patience?.Dispose();
            var pages = new List<ListPage?> { await waiting.Reader.ReadAsync(ct) };
            while (pages is [.., { Error: null, Cursor: not null }] && pages.Count < Most && waiting.Reader.TryPeek(out var page) && page is { Error: null })
            {
                _ = waiting.Reader.TryRead(out _);
                pages.Add(page);
            }

            next = next with { Cursor = pages[^1]?.Cursor };
            return pages;
        }

        public Reading Keep(TimeSpan time, Action forget)
        {
            patience = clock.CreateTimer(_ =>
            {
                forget();
                Dispose();
            }, null, time, Timeout.InfiniteTimeSpan);
            return this;
        }

        public void Dispose()
        {
            patience?.Dispose();
            forgotten.Cancel();
        }

        private async Task ReadAsync(LinkTable links, Guid agentId, ListRequest request, CancellationToken ct)
        {
            try
            {
                while (await waiting.Writer.WaitToWriteAsync(ct))
                {
                    var page = await links.ListAsync(agentId, request, ct);
                    await waiting.Writer.WriteAsync(page, ct);
                    if (page is not { Error: null, Cursor: { } cursor }) break;
                    request = request with { Cursor = cursor };
                }

                waiting.Writer.TryComplete();
            }
            catch (Exception failed)
            {
                // Whoever waits for the page hears of it.
                waiting.Writer.TryComplete(failed);
            }
        }
    }
}
