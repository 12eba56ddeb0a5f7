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
/// A listing of very many names imported through both hosts, against the same pages listed, written as messages, read and thrown away in
/// one process; and what it adds to the hosts' resident memory. As many names as HYBRID_BENCH_NAMES says, else a million.
/// </summary>
internal sealed class ImportArea : IArea
{
    private const int PageSize = 1000;
    private const int PerFolder = 5000;

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
                if (i % PerFolder == 0) Directory.CreateDirectory(Path.Combine(folder, $"study-{i / PerFolder:D4}"));
                File.Create(Path.Combine(folder, $"study-{i / PerFolder:D4}", $"image-{i:D8}.png")).Dispose();
            }

            var rows = new List<IReadOnlyList<string>>();
            if (Environment.GetEnvironmentVariable("HYBRID_BENCH_POSTGRES") is { Length: > 0 } admin) rows.Add(await MeasureAsync("PostgreSQL 15", await PostgresDatabase.MakeAsync(admin), folder, names, ct));
            rows.Add(await MeasureAsync("SQLite", null, folder, names, ct));
            Report.Table($"{Name}: {names.ToString("N0", CultureInfo.InvariantCulture)} names", ["database", "fetched and discarded, names/s", "imported, names/s", "imported ÷ discarded", "memory added: control plane", "agent"], rows);
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
        var before = installation.Processes.Select(Installation.Resident).ToList();
        var most = before.ToList();

        var began = Stopwatch.GetTimestamp();
        await installation.Owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        JsonElement import;
        while (true)
        {
            import = (await installation.Owner.GetAsync($"/api/projects/{project}/imports?limit=1")).GetProperty("items")[0];
            for (var i = 0; i < most.Count; i++) most[i] = Math.Max(most[i], Installation.Resident(installation.Processes[i]));
            if (import.GetProperty("state").GetString() is "done" or "failed") break;
            Console.Error.Write($"\rimport, {title}: {import.GetProperty("listed").GetInt64():N0} of {names:N0} ");
            await Task.Delay(2000, ct);
        }

        var took = DateTimeOffset.Parse(import.GetProperty("finishedAt").GetString()!, CultureInfo.InvariantCulture) - DateTimeOffset.Parse(import.GetProperty("createdAt").GetString()!, CultureInfo.InvariantCulture);
        if (import.GetProperty("added").GetInt64() != names) throw new InvalidOperationException($"The import did not bring every name in {Stopwatch.GetElapsedTime(began)}: {import.GetRawText()}");
        var rate = names / took.TotalSeconds;
        return
        [
            title, Report.Number(floor), Report.Number(rate), Report.Against(100 * rate / floor, 50, atLeast: true, " %"),
            Report.Against(most[0] - before[0], 50, atLeast: false, " MB"), Report.Against(most[1] - before[1], 50, atLeast: false, " MB"),
        ];
    }

    /// <summary>Names a second that the agent's own provider lists in the same pages, each turned into a message and back.</summary>
    private static async Task<double> DiscardAsync(string folder, CancellationToken ct)
    {
        using var provider = new FileProvider(new ConnectionOptions { Name = "floor", Provider = "file", Folder = folder }, "http://localhost", new AgentUrls(new byte[32], TimeProvider.System), TimeProvider.System);
        var began = Stopwatch.GetTimestamp();
        var (count, cursor) = (0L, (string?)null);
        do
        {
            var (objects, next) = await provider.ListAsync("", cursor, PageSize, ct);
            var message = JsonSerializer.SerializeToUtf8Bytes(new ListPage(objects, next, null), JsonSerializerOptions.Web);
            count += JsonSerializer.Deserialize<ListPage>(message, JsonSerializerOptions.Web)!.Objects.Count;
            cursor = next;
        }
        while (cursor is not null);
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
