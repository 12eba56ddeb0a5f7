namespace Hybrid.StorageAgent.Policy;

/// <summary>How many objects may be opened in any window of a length.</summary>
/// <param name="Name">Its rule's name in the access log, e.g. person-per-hour.</param>
/// <param name="Window">Length.</param>
/// <param name="Most">Objects, at least 1.</param>
public sealed record Ceiling(string Name, TimeSpan Window, int Most);

/// <summary>
/// Counts within one sliding window, in 12 parts of its length and the one that runs: what was counted is forgotten one window later at
/// the earliest, and one part after that at the latest. So no window of this length ever holds more than the ceiling, wherever it begins.
/// </summary>
internal struct SlidingCount
{
    private const int Parts = 12;

    private int[]? parts;
    private long newest;
    private int sum;

    /// <summary>What the window holds at a moment.</summary>
    /// <param name="window">The window's length.</param>
    /// <param name="now">Time that only ever goes forward, from any beginning.</param>
    public int At(TimeSpan window, TimeSpan now)
    {
        if (parts is null) return 0;
        var part = PartOf(window, now);
        for (var old = Math.Max(newest + 1, part - Parts); old <= part; old++)
        {
            ref var slot = ref parts[old % (Parts + 1)];
            sum -= slot;
            slot = 0;
        }

        newest = Math.Max(newest, part);
        return sum;
    }

    /// <summary>Counts some.</summary>
    public void Add(TimeSpan window, TimeSpan now, int objects)
    {
        if (parts is null) (parts, newest) = (new int[Parts + 1], PartOf(window, now));
        At(window, now);
        parts[newest % (Parts + 1)] += objects;
        sum += objects;
    }

    // Rounded up: 12 parts are never shorter than the window.
    private static long PartOf(TimeSpan window, TimeSpan now) => now.Ticks / ((window.Ticks + Parts - 1) / Parts);
}
