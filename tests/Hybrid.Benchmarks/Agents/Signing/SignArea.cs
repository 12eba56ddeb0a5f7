using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Demo;

namespace Hybrid.Benchmarks.Agents.Signing;

/// <summary>
/// Sealed sign requests of the agent's own process on one core, asked from the other, against the cryptography alone on the same core in
/// the same run. The machine may be busy: a rate is counted by the processor time that the process used, and the one by the clock stands beside it.
/// </summary>
internal sealed class SignArea : IArea
{
    private const int AgentCore = 0;
    private const int BrowserCore = 1;
    private const int Rounds = 3;

    private static readonly (string Name, Dictionary<string, string> Environment)[] Runtimes =
    [
        ("as delivered", []),
        ("server GC", new() { ["DOTNET_gcServer"] = "1" }),
        ("GC not concurrent", new() { ["DOTNET_gcConcurrent"] = "0" }),
        ("tiered PGO", new() { ["DOTNET_TieredPGO"] = "1" }),
        ("without precompiled code", new() { ["DOTNET_ReadyToRun"] = "0" }),
    ];

    public string Name => "agent-sign";

    public string Summary => "sealed sign requests a second and core for 1, 10 and 50 objects, 200 browsers, against the cryptography alone";

    public async Task RunAsync(CancellationToken ct)
    {
        Cores.Bind(Environment.ProcessId, BrowserCore);
        await using var town = new SignTown();
        await town.PrepareAsync(new Uri("http://127.0.0.1:9"));

        // 1. Rates and latencies as delivered.
        var rows = new List<IReadOnlyList<string>>();
        using (var agent = await town.StartAgentAsync(AgentCore, Runtimes[0].Environment, ct))
        {
            using var storm = new BrowserStorm(town.Url);
            var floor = new CryptoFloor(town);
            foreach (var objects in new[] { 50, 10, 1 })
            {
                Console.Error.WriteLine($"{Name}: {objects} objects …");
                await WarmAsync(town, storm, objects, ct);
                var (rates, floors, walls) = (new List<double>(), new List<double>(), new List<double>());
                for (var round = 0; round < Rounds; round++)
                {
                    floors.Add(floor.Measure(town.Make(1, objects)[0], objects, AgentCore));
                    var (rate, wall) = await RateAsync(town, storm, agent, objects, objects == 50 ? 2000 : 4000, ct);
                    rates.Add(rate);
                    walls.Add(wall);
                }

                var (own, alone, highest) = (Median.Of(rates), Median.Of(floors), walls.Max());
                var latencies = await storm.AtRateAsync(town.Make((int)(highest / 2 * 5), objects), highest / 2, ct);
                rows.Add(
                [
                    Report.Number(objects), Report.Number(own), objects == 50 ? Report.Against(own * objects, 5000, atLeast: true, "") : Report.Number(own * objects), Report.Number(alone),
                    Report.Against(100 * own / alone, 60, atLeast: true, " %"), Report.Number(highest), $"{Report.Number(latencies[latencies.Length / 2])} ms", Report.Against(latencies[latencies.Length * 99 / 100], 10, atLeast: false, " ms"),
                ]);
            }
        }

        Report.Table(Name, ["objects", "requests/s of a core", "URLs/s of a core", "cryptography alone, requests/s", "agent ÷ cryptography", "highest rate by the clock", "p50 at half of it", "p99 at half of it"], rows);
        if (StorageAgent.AccessLog.AccessJournal.Verify(town.AccessLog) is not (_, null)) throw new DemoException("The access log's chain is broken.");

        // 2. The same with other settings of the runtime.
        var settings = new List<IReadOnlyList<string>>();
        foreach (var (name, environment) in Runtimes)
        {
            Console.Error.WriteLine($"{Name}: {name} …");
            using var agent = await town.StartAgentAsync(AgentCore, environment, ct);
            using var storm = new BrowserStorm(town.Url);
            await WarmAsync(town, storm, 50, ct);
            var rates = new List<double>();
            for (var round = 0; round < Rounds; round++) rates.Add((await RateAsync(town, storm, agent, 50, 2000, ct)).Rate);
            settings.Add([name, Report.Number(Median.Of(rates)), $"{Report.Number(Installation.Resident(agent.Id))} MB"]);
        }

        Report.Table($"{Name}: settings of the runtime, 50 objects", ["setting", "requests/s of a core", "VmRSS after the storm"], settings);
    }

    private static async Task WarmAsync(SignTown town, BrowserStorm storm, int objects, CancellationToken ct)
    {
        var first = town.Make(1, objects)[0];
        town.Check(first, await storm.SendAsync(first, ct), objects);
        // Until the compiler has reached its last tier.
        for (var i = 0; i < 3; i++) await storm.AsFastAsItGoesAsync(town.Make(1000, objects), ct);
    }

    private static async Task<(double Rate, double Wall)> RateAsync(SignTown town, BrowserStorm storm, Child agent, int objects, int count, CancellationToken ct)
    {
        var requests = town.Make(count, objects);
        var before = Cores.Used(agent.Id);
        var took = await storm.AsFastAsItGoesAsync(requests, ct);
        return (count / (Cores.Used(agent.Id) - before).TotalSeconds, count / took.TotalSeconds);
    }
}
