namespace Hybrid.StorageAgent.Providers;

/// <summary>
/// Something that lapses and is fetched anew at half its life: credentials of a role, a delegation key. While the old one holds, a
/// failing renewal is tried again every <see cref="RetryAfter"/> and nobody notices; only one renewal runs at a time, and nobody waits
/// for it who has a valid one.
/// </summary>
/// <param name="fetch">Gets a new one and when it lapses.</param>
/// <param name="clock">The present instant.</param>
internal sealed class Renewed<T>(Func<CancellationToken, Task<(T Value, DateTimeOffset ExpiresAt)>> fetch, TimeProvider clock) : IDisposable
{
    /// <summary>Pause after a renewal that failed.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim renewing = new(1, 1);
    private Held? held;

    /// <summary>A valid one.</summary>
    public async ValueTask<(T Value, DateTimeOffset ExpiresAt)> GetAsync(CancellationToken ct)
    {
        var current = held;
        var now = clock.GetUtcNow();
        if (current is not null && now < current.RenewAt) return (current.Value, current.ExpiresAt);
        var valid = current is not null && now < current.ExpiresAt;
        if (!await renewing.WaitAsync(valid ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, ct)) return (current!.Value, current.ExpiresAt);
        try
        {
            if (held is { } other && other != current && now < other.RenewAt) return (other.Value, other.ExpiresAt);
            var (value, expiresAt) = await fetch(ct);
            now = clock.GetUtcNow();
            held = new Held(value, expiresAt, now + ((expiresAt - now) / 2));
            return (value, expiresAt);
        }
        catch (StorageException) when (valid)
        {
            held = current! with { RenewAt = now + RetryAfter < current.ExpiresAt ? now + RetryAfter : current.ExpiresAt };
            return (current.Value, current.ExpiresAt);
        }
        finally
        {
            renewing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => renewing.Dispose();

    private sealed record Held(T Value, DateTimeOffset ExpiresAt, DateTimeOffset RenewAt);
}
