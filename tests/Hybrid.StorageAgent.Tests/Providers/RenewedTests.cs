using Hybrid.StorageAgent.Providers;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers;

public sealed class RenewedTests
{
    private readonly TestClock clock = new();
    private int fetched;

    [Fact]
    public async Task Get_FetchesOnceForAllWhoWait_AndAgainAtHalfLife()
    {
        using var renewed = new Renewed<int>(async ct =>
        {
            await Task.Yield();
            return (Interlocked.Increment(ref fetched), clock.GetUtcNow().AddMinutes(10));
        }, clock);

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => renewed.GetAsync(Ct).AsTask()));
        Assert.All(all, one => Assert.Equal(1, one.Value));
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal(1, (await renewed.GetAsync(Ct)).Value);

        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(2, (await renewed.GetAsync(Ct)).Value);
    }

    [Fact]
    public async Task Get_WhileSomebodyElseRenews_GivesTheOldOneAtOnce()
    {
        var hanging = new TaskCompletionSource<(int, DateTimeOffset)>();
        using var renewed = new Renewed<int>(_ => ++fetched == 1 ? Task.FromResult((1, clock.GetUtcNow().AddMinutes(10))) : hanging.Task, clock);
        await renewed.GetAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(6));
        var renewing = renewed.GetAsync(Ct).AsTask();
        Assert.False(renewing.IsCompleted);

        Assert.Equal(1, (await renewed.GetAsync(Ct)).Value);

        hanging.SetResult((2, clock.GetUtcNow().AddMinutes(10)));
        Assert.Equal(2, (await renewing).Value);
    }

    [Fact]
    public async Task Get_WhenThereIsNoneYetOrTheOldOneHasLapsed_TellsTheFailure()
    {
        using var renewed = new Renewed<int>(_ => ++fetched == 2 ? Task.FromResult((2, clock.GetUtcNow().AddMinutes(10))) : throw new StorageException("storage.failed", "no"), clock);
        await Assert.ThrowsAsync<StorageException>(async () => await renewed.GetAsync(Ct));
        Assert.Equal(2, (await renewed.GetAsync(Ct)).Value);

        clock.Advance(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<StorageException>(async () => await renewed.GetAsync(Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
