using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Life;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hybrid.StorageAgent.Tests.Life;

public sealed class ClockWatchTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private readonly TestClock clock = new();
    private RunningAgent agent = null!;

    private ClockWatch Watch => agent.Services.GetRequiredService<ClockWatch>();

    public async ValueTask InitializeAsync() => agent = await RunningAgent.StartAsync(clock, o => o.Limits.PerPersonPerMinute = 2, new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(60, true)]
    [InlineData(-60, true)]
    [InlineData(61, false)]
    [InlineData(-61, false)]
    public async Task Health_GoesByTheToleranceOfProofs(int seconds, bool healthy)
    {
        Assert.Null(Watch.Skew);
        Watch.Observe(null);
        Assert.Null(Watch.Skew);
        Watch.Observe(clock.GetUtcNow().AddSeconds(-seconds));

        Assert.Equal(TimeSpan.FromSeconds(seconds), Watch.Skew);
        Assert.Equal(healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy, (await Watch.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Jump_OfAnHour_IsSeenOnce_AndNeitherFreesCeilingsNorStopsServing(int hours)
    {
        var picture = new ObjectReference("c", "a.png", null);
        Watch.Observe(clock.GetUtcNow());
        Assert.NotNull((await agent.AskAsync(picture, picture)).Objects[0].Url);

        clock.Jump(TimeSpan.FromHours(hours));
        Assert.True(Watch.Jumped());
        Assert.False(Watch.Jumped());
        Assert.Equal(TimeSpan.FromHours(hours), Watch.Skew);
        Assert.Equal("policy.ceiling", (await agent.AskAsync(picture)).Objects[0].Refusal!.Code);

        clock.Advance(TimeSpan.FromSeconds(65));
        Assert.False(Watch.Jumped());
        Assert.NotNull((await agent.AskAsync(picture)).Objects[0].Url);

        // Back again, and as the control plane has it.
        clock.Jump(TimeSpan.FromHours(-hours));
        Assert.True(Watch.Jumped());
        Assert.Equal(TimeSpan.Zero, Watch.Skew);
        Assert.Null(Hybrid.StorageAgent.AccessLog.AccessJournal.Verify(agent.AccessLog).Break);
    }
}
