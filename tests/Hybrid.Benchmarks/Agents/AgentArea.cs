using System.Diagnostics;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Demo;

namespace Hybrid.Benchmarks.Agents;

/// <summary>The published agent: resident memory a minute after its start with the link up, and the time from exec to ready.</summary>
internal sealed class AgentArea : IArea
{
    private const int Starts = 10;

    public string Name => "agent";

    public string Summary => "the published agent's resident memory with the link up, and its time from exec to ready";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var installation = new Installation();
        var folder = Directory.CreateDirectory(Path.Combine(installation.Home, "pictures")).FullName;
        await installation.StartControlPlaneAsync(null, ct);
        string? token = await installation.PrepareAgentAsync(new { name = "pictures", provider = "file", folder });
        // Trimming is not among them: AWSSDK and SignalR find types by reflection.
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (variant, switches) in new (string, string[])[]
        {
            ("framework-dependent", ["--self-contained", "false"]), ("framework-dependent, ReadyToRun", ["--self-contained", "false", "-p:PublishReadyToRun=true"]),
            ("self-contained, ReadyToRun", ["--self-contained", "true", "-p:PublishReadyToRun=true"]),
        })
        {
            rows.Add(await MeasureAsync(installation, variant, switches, token, ct));
            token = null;
        }

        Report.Table(Name, ["published for linux-x64", "folder, MB", "VmRSS 60 s after start, link up", $"exec → 200 on /health/ready, median of {Starts}", "slowest", "processor time of the first minute"], rows);
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(Installation installation, string variant, string[] switches, string? token, CancellationToken ct)
    {
        Console.Error.WriteLine($"Publishing the agent: {variant} …");
        var published = Directory.CreateDirectory(Path.Combine(installation.Home, variant.Replace(", ", "-", StringComparison.Ordinal))).FullName;
        // Intermediates and lock files of a publish for one platform stay away from those of the build.
        await Child.RunAsync(
            "Publishing the agent", "dotnet",
            [
                "publish", "storage-agent/Hybrid.StorageAgent", "-c", "Release", "-r", "linux-x64", "--artifacts-path", published + ".artifacts", "-p:NuGetLockFilePath=obj/publish.lock.json",
                "-o", published, "-v", "q", .. switches,
            ],
            Installation.Root, ct);
        var program = Path.Combine(published, "hybrid-agent");
        if (token is not null) await Child.RunAsync("Enrolling the agent", program, ["enrol", "--config", installation.AgentConfig, "--token", token], installation.Home, ct);

        // 1. Exec to ready, ten times; then one more that stays.
        var ready = new List<double>();
        for (var i = 0; i < Starts; i++) ready.Add(await StartAsync(program, installation, _ => Task.CompletedTask, ct));
        var (memory, idle) = (0.0, 0.0);
        await StartAsync(program, installation, async process =>
        {
            await installation.UntilLinkedAsync(ct);
            var since = DateTime.Now - process.StartTime;
            if (since < TimeSpan.FromSeconds(60)) await Task.Delay(TimeSpan.FromSeconds(60) - since, ct);
            memory = Installation.Resident(process.Id);
            idle = process.TotalProcessorTime.TotalMilliseconds;
        }, ct);

        var size = Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) / 1048576.0;
        return
        [
            variant, Report.Number(size), Report.Against(memory, 80, atLeast: false, " MB"), Report.Against(Median.Of(ready) / 1000, 1, atLeast: false, " s"),
            $"{Report.Number(ready.Max() / 1000)} s", $"{Report.Number(idle)} ms",
        ];
    }

    private static async Task<double> StartAsync(string program, Installation installation, Func<Process, Task> meanwhile, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, ["run", "--config", installation.AgentConfig]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new DemoException("The agent could not be started.");
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var ready = new Uri(installation.AgentUrl, "/health/ready");
            while (!await Installation.AnswersAsync(ready))
            {
                if (process.HasExited) throw new DemoException("The published agent ended by itself.");
                await Task.Delay(5, ct);
            }

            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await meanwhile(process);
            return took;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
