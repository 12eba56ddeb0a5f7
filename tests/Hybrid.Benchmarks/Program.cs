using Hybrid.Benchmarks;
using Hybrid.Benchmarks.Agents;
using Hybrid.Benchmarks.Agents.Proxying;
using Hybrid.Benchmarks.Agents.Signing;
using Hybrid.Benchmarks.Imports;
using Hybrid.Benchmarks.People;
using Hybrid.Benchmarks.Pictures;
using Hybrid.Benchmarks.Presign;
using Hybrid.Benchmarks.Quality;
using Hybrid.Benchmarks.Work;

IArea[] areas = [new PresignArea(), new WorkArea(claim: true), new WorkArea(claim: false), new QueueArea(), new AgentArea(), new SignArea(), new ProxyArea(), new ImportArea(), new PictureArea(), new PeopleArea(), new QualityArea()];
if (args is [] or ["--list"])
{
    foreach (var area in areas) Console.WriteLine($"{area.Name,-12} {area.Summary}");
    return 0;
}

if (areas.SingleOrDefault(a => a.Name == args[0]) is not { } wanted)
{
    Console.Error.WriteLine($"There is no area '{args[0]}'. Areas: {string.Join(' ', areas.Select(a => a.Name))}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
await wanted.RunAsync(stop.Token);
return 0;
