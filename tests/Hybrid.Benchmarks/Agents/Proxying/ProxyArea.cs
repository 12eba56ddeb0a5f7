using System.Diagnostics;
using Hybrid.Benchmarks.Agents.Signing;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Security.Grants;

namespace Hybrid.Benchmarks.Agents.Proxying;

/// <summary>Proxy delivery: what 50 slow readers of 10 GiB add to the agent's memory, and its throughput against nginx in front of the same store.</summary>
internal sealed class ProxyArea : IArea
{
    private const int ProxyCore = 0;
    private const int OtherCore = 1;
    private const int SlowReaders = 50;
    private const int Rounds = 5;
    private const int AtOnce = 4;
    private const long Large = 10L << 30;
    private const long Piece = 256L << 20;
    private static readonly TimeSpan Slowly = TimeSpan.FromSeconds(20);

    public string Name => "agent-proxy";

    public string Summary => "proxy delivery: memory that 50 slow readers of 10 GiB add, throughput against nginx in front of the same store";

    public async Task RunAsync(CancellationToken ct)
    {
        Cores.Bind(Environment.ProcessId, OtherCore);
        await using var store = await LargeStore.StartAsync();
        await using var town = new SignTown();
        await town.PrepareAsync(store.Url, "proxy");
        using var agent = await town.StartAgentAsync(ProxyCore, [], ct);
        using var nginx = await Nginx.StartAsync(store.Url, ProxyCore, ct);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

        // 1. In turns, so that what else the machine does hits both alike.
        var ways = new (string Name, int Process, Func<long, HttpRequestMessage> Request)[]
        {
            ("nginx", nginx.Id, bytes => new HttpRequestMessage(HttpMethod.Get, new Uri(nginx.Url, $"/pictures/{LargeStore.KeyOf(bytes)}"))),
            ("agent", agent.Id, bytes => ByAgent(town, bytes)),
        };
        foreach (var way in ways) await FetchAsync(http, way.Request, ct);
        var (clock, core) = (ways.ToDictionary(w => w.Name, _ => new List<double>()), ways.ToDictionary(w => w.Name, _ => new List<double>()));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways)
            {
                Console.Error.Write($"\r{Name}: round {round + 1} of {Rounds}, {way.Name} ");
                var (used, began) = (Cores.Used(way.Process), Stopwatch.GetTimestamp());
                var megabytes = await FetchAsync(http, way.Request, ct) / 1048576.0;
                clock[way.Name].Add(megabytes / Stopwatch.GetElapsedTime(began).TotalSeconds);
                core[way.Name].Add(megabytes / (Cores.Used(way.Process) - used).TotalSeconds);
            }
        }

        // 2. Slow readers, for as long as memory could still grow.
        var before = Installation.Resident(agent.Id);
        var most = before;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var readers = Enumerable.Range(0, SlowReaders).Select(_ => ReadSlowlyAsync(http, town, end.Token)).ToList();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Slowly;)
        {
            await Task.Delay(200, ct);
            most = Math.Max(most, Installation.Resident(agent.Id));
        }

        await end.CancelAsync();
        var read = (await Task.WhenAll(readers)).Min();
        if (read == 0) throw new InvalidOperationException("A slow reader was given nothing.");

        double Ratio(Dictionary<string, List<double>> rates) => 100 * Median.Of(rates["agent"]) / Median.Of(rates["nginx"]);
        Report.Table(
            Name, ["", "nginx, MiB/s", "agent, MiB/s", "agent ÷ nginx"],
            [
                [$"by the clock, {AtOnce} at once", Report.Number(Median.Of(clock["nginx"])), Report.Number(Median.Of(clock["agent"])), Report.Against(Ratio(clock), 70, atLeast: true, " %")],
                ["by its processor time", Report.Number(Median.Of(core["nginx"])), Report.Number(Median.Of(core["agent"])), Report.Against(Ratio(core), 70, atLeast: true, " %")],
            ]);
        Report.Table($"{Name}: {SlowReaders} slow readers of 10 GiB", ["VmRSS before", "most", "added"], [[$"{Report.Number(before)} MB", $"{Report.Number(most)} MB", Report.Against(most - before, 100, atLeast: false, " MB")]]);
    }

    private static async Task<long> FetchAsync(HttpClient http, Func<long, HttpRequestMessage> request, CancellationToken ct)
    {
        var read = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            using var message = request(Piece);
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var (buffer, total) = (new byte[256 * 1024], 0L);
            while (await body.ReadAsync(buffer, ct) is var count and > 0) total += count;
            return total == Piece ? total : throw new InvalidOperationException($"{total} bytes came instead of {Piece}.");
        }, ct)));
        return read.Sum();
    }

    private static async Task<long> ReadSlowlyAsync(HttpClient http, SignTown town, CancellationToken end)
    {
        var total = 0L;
        try
        {
            using var message = ByAgent(town, Large);
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, end);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(end);
            var buffer = new byte[16 * 1024];
            while (true)
            {
                total += await body.ReadAsync(buffer, end);
                await Task.Delay(100, end);
            }
        }
        catch (OperationCanceledException)
        {
            return total;
        }
    }

    private static HttpRequestMessage ByAgent(SignTown town, long bytes)
    {
        var secret = SplitSecret.New();
        var path = town.Urls.PathOf("pictures", LargeStore.KeyOf(bytes), null, "application/octet-stream", secret, DateTimeOffset.UtcNow.AddSeconds(60));
        var message = new HttpRequestMessage(HttpMethod.Get, new Uri(town.Url, path));
        message.Content = new ByteArrayContent([]);
        message.Content.Headers.TryAddWithoutValidation(SplitSecret.Header, secret);
        return message;
    }
}
