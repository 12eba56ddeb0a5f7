using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Persistence;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Files;

namespace Hybrid.Benchmarks.Imports;

/// <summary>
/// A listing of very many names imported through both hosts, against as many names fetched by both hosts and left out there (a type that
/// cannot be labeled), and against the same pages listed, written as messages, read and thrown away in one process; and what it adds to
/// the hosts' resident memory. As many names as HYBRID_BENCH_NAMES says, else a million.
/// </summary>
internal sealed class ImportArea : IArea
{
    private const int PageSize = 1000;
    private const int PerFolder = 5000;
    private const string Pictures = "pictures/";
    private const string Texts = "texts/";

    public string Name => "import";

    public string Summary => "a million names of a folder imported through both hosts, against the same pages fetched and discarded; PostgreSQL and SQLite";

    public async Task RunAsync(CancellationToken ct)
    {
        var names = int.TryParse(Environment.GetEnvironmentVariable("HYBRID_BENCH_NAMES"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("hybrid-names-").FullName;
        try
        {
            Console.Error.WriteLine($"Making {names:N0} files …");
            for (var i = 0; i < names; i++)
            {
                foreach (var (kind, extension) in new[] { (Pictures, "png"), (Texts, "txt") })
                {
                    var study = Path.Combine(folder, kind, $"study-{i / PerFolder:D4}");
                    if (i % PerFolder == 0) Directory.CreateDirectory(study);
                    File.Create(Path.Combine(study, $"image-{i:D8}.{extension}")).Dispose();
                }
            }

            var rows = new List<IReadOnlyList<string>>();
            if (Environment.GetEnvironmentVariable("HYBRID_BENCH_POSTGRES") is { Length: > 0 } admin) rows.Add(await MeasureAsync("PostgreSQL 15", await PostgresDatabase.MakeAsync(admin), folder, names, ct));
            rows.Add(await MeasureAsync("SQLite", null, folder, names, ct));
            Report.Table($"{Name}: {names.ToString("N0", CultureInfo.InvariantCulture)} names", 
            [
                "database", "fetched and discarded in one process, names/s", "by both hosts, names/s", "imported, names/s", "imported ÷ discarded in one process", "÷ by both hosts",
                "processor time of 1,000 names, both hosts: discarded", "imported", "memory added: control plane", "agent",
            ], rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(string title, DatabaseOptions? postgres, string folder, int names, CancellationToken ct)
    {
        var floor = await DiscardAsync(folder, ct);
        await using var installation = new Installation();
        await installation.StartControlPlaneAsync(null, ct, postgres);
        await installation.StartAgentAsync(await installation.PrepareAgentAsync(new { name = "pictures", provider = "file", folder }), ct);
        var connection = (await installation.Owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var project = (await installation.Owner.PostAsync("/api/projects", new { name = "Many", connectionIds = new[] { connection } })).GetProperty("id").GetGuid();
        // Both have run once before anything is measured, so that neither pays for the other's first time.
        await ImportAsync(installation, title, project, connection, $"{Texts}study-0000/", Math.Min(names, PerFolder), ct);
        var discarded = await ImportAsync(installation, title, project, connection, Texts, names, ct);
        if (discarded.Import.GetProperty("refused").GetInt64() != names) throw new InvalidOperationException($"Not every name was left out: {discarded.Import.GetRawText()}");
        var imported = await ImportAsync(installation, title, project, connection, Pictures, names, ct);
        if (imported.Import.GetProperty("added").GetInt64() != names) throw new InvalidOperationException($"The import did not bring every name: {imported.Import.GetRawText()}");
        return
        [
            title, Report.Number(floor), Report.Number(discarded.Rate), Report.Number(imported.Rate), Report.Against(100 * imported.Rate / floor, 50, atLeast: true, " %"),
            Report.Against(100 * imported.Rate / discarded.Rate, 50, atLeast: true, " %"), $"{Report.Number(1_000_000 * discarded.Processor / names)} ms", $"{Report.Number(1_000_000 * imported.Processor / names)} ms",
            Report.Against(imported.Added[0], 50, atLeast: false, " MB"), Report.Against(imported.Added[1], 50, atLeast: false, " MB"),
        ];
    }

    /// <summary>One import from its start to its end: names a second, seconds of both hosts' processors, and MB that each host's resident memory grew by at most.</summary>
    private static async Task<(JsonElement Import, double Rate, double Processor, IReadOnlyList<double> Added)> ImportAsync(
        Installation installation, string title, Guid project, Guid connection, string prefix, int names, CancellationToken ct)
    {
        var before = installation.Processes.Select(Installation.Resident).ToList();
        var processor = installation.Processes.Sum(Installation.ProcessorTime);
        var most = before.ToList();
        await installation.Owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection, prefix });
        JsonElement import;
        while (true)
        {
            import = (await installation.Owner.GetAsync($"/api/projects/{project}/imports?limit=1")).GetProperty("items")[0];
            for (var i = 0; i < most.Count; i++) most[i] = Math.Max(most[i], Installation.Resident(installation.Processes[i]));
            if (import.GetProperty("state").GetString() is "done" or "failed") break;
            Console.Error.Write($"\rimport, {title}, {prefix}: {import.GetProperty("listed").GetInt64():N0} of {names:N0} ");
            await Task.Delay(500, ct);
        }

        var took = Instant("finishedAt") - Instant("createdAt");
        return (import, names / took.TotalSeconds, installation.Processes.Sum(Installation.ProcessorTime) - processor, [.. most.Zip(before, (now, then) => now - then)]);

        DateTimeOffset Instant(string name) => DateTimeOffset.Parse(import.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }

    /// <summary>Names a second that the agent's own provider lists in the same pages, each turned into a message and back.</summary>
    private static async Task<double> DiscardAsync(string folder, CancellationToken ct)
    {
        using var provider = new FileProvider(new ConnectionOptions { Name = "floor", Provider = "file", Folder = folder }, "http://localhost", new AgentUrls(new byte[32], TimeProvider.System), TimeProvider.System);
        var began = Stopwatch.GetTimestamp();
        var (count, cursor) = (0L, (string?)null);
        do
        {
            var (objects, next) = await provider.ListAsync(Pictures, cursor, PageSize, ct);
            var message = JsonSerializer.SerializeToUtf8Bytes(new ListPage(objects, next, null), JsonSerializerOptions.Web);
            count += JsonSerializer.Deserialize<ListPage>(message, JsonSerializerOptions.Web)!.Objects.Count;
            cursor = next;
        }
        while (cursor is not null);
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
