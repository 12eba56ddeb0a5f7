using System.Net;
using System.Security.Cryptography;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers;

/// <summary>A store that is slow, refuses, fails, is not there, or breaks off: always a named reason with its remedy, never a hang.</summary>
public abstract class StorageFaultTests : IAsyncLifetime
{
    private static readonly ObjectReference Object = new("c", "in/large.bin", null);

    private readonly byte[] content = RandomNumberGenerator.GetBytes(2_000_000);
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Uri store = null!;
    private FaultyRoad road = null!;
    private IStorageProvider provider = null!;

    /// <summary>Stores one object and tells the store's address.</summary>
    protected abstract Task<Uri> PrepareAsync(string key, byte[] content);

    /// <summary>A provider that reaches the same store at another address.</summary>
    protected abstract IStorageProvider Provider(Uri endpoint, TimeProvider clock);

    public async ValueTask InitializeAsync()
    {
        store = await PrepareAsync(Object.Key, content);
        await BreakAsync(Fault.None);
        Assert.Equal(content, await provider.ReadStartAsync(Object, content.Length, Ct));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        provider?.Dispose();
        if (road is not null) await road.DisposeAsync();
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "storage.forbidden")]
    [InlineData(HttpStatusCode.Unauthorized, "storage.forbidden")]
    [InlineData(HttpStatusCode.NotFound, "storage.not_found")]
    [InlineData(HttpStatusCode.InternalServerError, "storage.failed")]
    [InlineData(HttpStatusCode.BadGateway, "storage.failed")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "storage.busy")]
    [InlineData(HttpStatusCode.TooManyRequests, "storage.busy")]
    public async Task Question_WhenTheStoreAnswersWithAnError_IsNamedByIt(HttpStatusCode status, string code)
    {
        await BreakAsync(Fault.Answer, status: status);

        await FailsAsync(code, () => provider.ListAsync("in/", null, 10, Ct));
        await FailsAsync(code, () => provider.ReadStartAsync(Object, 100, Ct));
    }

    [Theory]
    [InlineData(Fault.Silence)]
    [InlineData(Fault.Stall)]
    public async Task Question_WhenTheStoreDoesNotAnswerInTime_IsSlow(Fault fault)
    {
        await BreakAsync(fault, afterBytes: 100_000);
        var asking = provider.ReadStartAsync(Object, content.Length, Ct);
        await road.Broken.WaitAsync(Ct);
        Assert.False(asking.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(20));

        await FailsAsync("storage.slow", () => asking);
    }

    [Fact]
    public async Task Listing_WhenTheStoreDoesNotAnswerInTime_IsSlow()
    {
        await BreakAsync(Fault.Silence);
        var asking = provider.ListAsync("in/", null, 10, Ct);
        await road.Broken.WaitAsync(Ct);
        Assert.False(asking.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(20));

        await FailsAsync("storage.slow", () => asking);
    }

    [Fact]
    public async Task Question_WhenTheConnectionIsResetInMidBody_IsInterrupted()
    {
        await BreakAsync(Fault.Reset, afterBytes: 100_000);

        await FailsAsync("storage.interrupted", () => provider.ReadStartAsync(Object, content.Length, Ct));
    }

    [Fact]
    public async Task Question_WhenNobodyIsThere_IsUnreachable()
    {
        await road.DisposeAsync();

        await FailsAsync("storage.unreachable", () => provider.ListAsync("in/", null, 10, Ct));
        await FailsAsync("storage.unreachable", () => provider.ReadStartAsync(Object, 100, Ct));
    }

    [Fact]
    public async Task Question_WhenTheNameHasNoAddress_NamesDns()
    {
        provider.Dispose();
        provider = Provider(new Uri("http://store.invalid:7480"), clock);

        await FailsAsync("storage.unreachable", () => provider.ListAsync("in/", null, 10, Ct), "DNS");
        await FailsAsync("storage.unreachable", () => provider.ReadStartAsync(Object, 100, Ct), "this machine's resolver");
    }

    [Fact]
    public async Task Question_AfterTheFaultHasPassed_IsAnsweredAgain()
    {
        await BreakAsync(Fault.Answer, status: HttpStatusCode.InternalServerError);
        await FailsAsync("storage.failed", () => provider.ReadStartAsync(Object, 100, Ct));
        await BreakAsync(Fault.None);

        Assert.Equal(content[..100], await provider.ReadStartAsync(Object, 100, Ct));
    }

    [Fact]
    public async Task Store_ThatFailsAgainAndAgain_RestsAndComesBackByItself()
    {
        await BreakAsync(Fault.Answer, status: HttpStatusCode.InternalServerError);
        for (var i = 0; i < CircuitBreaker.Failures; i++) await FailsAsync("storage.failed", () => provider.ReadStartAsync(Object, 100, Ct));
        var before = road.Opened;
        await FailsAsync("storage.resting", () => provider.ReadStartAsync(Object, 100, Ct));
        await FailsAsync("storage.resting", () => provider.ListAsync("in/", null, 10, Ct));
        Assert.Equal(before, road.Opened);

        road.Fault = Fault.None;
        clock.Advance(CircuitBreaker.FirstPause);
        Assert.Equal(content[..100], await provider.ReadStartAsync(Object, 100, Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task FailsAsync<T>(string code, Func<Task<T>> ask, string says = "")
    {
        var failed = await Assert.ThrowsAsync<StorageException>(ask);
        Assert.True(code == failed.Code, $"{code} expected: {failed.Code} {failed.Message} {failed.InnerException}");
        Assert.Contains(says, failed.Message, StringComparison.Ordinal);
        // A remedy stands in each: what happened, and then what to do.
        Assert.InRange(failed.Message.Split(". ").Length, 2, 5);
    }

    // A new road and a new provider: a connection that is open already would pass the fault by.
    private async Task BreakAsync(Fault fault, int afterBytes = 0, HttpStatusCode status = default)
    {
        await DisposeAsync();
        road = new FaultyRoad(store) { Fault = fault, AfterBytes = afterBytes, Status = status };
        provider = Provider(road.Url, clock);
    }
}
