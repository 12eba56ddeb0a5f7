using System.Net.Sockets;
using System.Text;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Delivery;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hybrid.StorageAgent.Tests.Faults;

/// <summary>Browsers that hold connections by sending a byte now and then: each is ended, and the others do not notice.</summary>
public sealed class SlowBrowserTests : IAsyncLifetime
{
    private const int Each = 100;

    private static readonly ObjectReference Picture = new("c", "a.png", null);

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-slow").FullName;
    private RunningAgent agent = null!;

    public async ValueTask InitializeAsync() =>
        agent = await RunningAgent.StartAsync(TimeProvider.System, o => (o.Limits.PerPersonPerMinute, o.Limits.PerPersonPerHour) = (1_000_000, 1_000_000), new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Browsers_ThatDrip_AreEnded_AndOthersAreServedMeanwhile()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        var slow = Enumerable.Range(0, 2 * Each).Select(i => i < Each
            ? DripAsync("POST /v1/urls HTTP/1.1\r\nHost: localhost\r\n", "X-Slow: 1\r\n", bound.Token)
            : DripAsync("POST /v1/urls HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n", "x", bound.Token)).ToList();

        var served = 0;
        var longest = TimeSpan.Zero;
        var all = Task.WhenAll(slow);
        while (!all.IsCompleted)
        {
            var asked = System.Diagnostics.Stopwatch.GetTimestamp();
            Assert.NotNull((await agent.AskAsync(Picture)).Objects.Single().Url);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, System.Diagnostics.Stopwatch.GetElapsedTime(asked).Ticks));
            served++;
        }

        Assert.All(await all, ended => Assert.True(ended, "A dripping request was still served after 25 seconds."));
        Assert.True(served > 50, $"{served}");
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Connections_AreBounded()
    {
        var limits = agent.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(SlowBrowsers.MostConnections, limits.MaxConcurrentConnections);
        Assert.Equal(UrlLimits.Bytes + 1, limits.MaxRequestBodySize);
    }

    // Whether the agent ended it before the test lost patience.
    private async Task<bool> DripAsync(string begin, string drop, CancellationToken ct)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(agent.Options.PublicUrl!.Host, agent.Options.PublicUrl.Port, ct);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begin), ct);
        // It says 408 as it ends it, or just closes.
        var ended = stream.ReadAsync(new byte[1], ct).AsTask();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (!ended.IsCompleted)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(drop), ct);
                await timer.WaitForNextTickAsync(ct);
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
