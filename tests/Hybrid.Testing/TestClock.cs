namespace Hybrid.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class TestClock(DateTimeOffset? start = null) : TimeProvider
{
    private long ticks = (start ?? new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)).UtcTicks;
    private long off;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks) + Interlocked.Read(ref off), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Moves the clock; negative goes back.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    /// <summary>Sets the clock on the wall ahead or back, as an administrator or a time server does; the time that passes is not touched.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref off, by.Ticks);
}
