using System.Diagnostics;
using System.Runtime;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.Benchmarks.Work;

/// <summary>One operation of the product through its whole pipeline, against its own statements by the driver alone.</summary>
/// <param name="claim">The next task (claim and two reservations), else a submit.</param>
internal sealed class WorkArea(bool claim) : IArea
{
    // So few that the held tasks at the head of the queue stay as many as in a team, and a round still takes a moment.
    private const int Operations = 320;
    private const int MostWarmUps = 60;
    private const int Rounds = 15;

    public string Name => claim ? "claim" : "submit";

    public string Summary => claim
        ? "NextTask through the pipeline against its statements by the driver alone; PostgreSQL and SQLite"
        : "SubmitLabel through the pipeline against its statements by the driver alone; PostgreSQL and SQLite";

    public async Task RunAsync(CancellationToken ct)
    {
        var rows = new List<IReadOnlyList<string>>();
        if (Environment.GetEnvironmentVariable("HYBRID_BENCH_POSTGRES") is { Length: > 0 } admin)
        {
            foreach (var connections in new[] { 1, 16 })
            {
                var database = await PostgresDatabase.MakeAsync(admin, poolSize: 40);
                rows.Add(await CompareAsync("PostgreSQL 15", database, PostgresDatabase.AdminOf(database, admin), connections, ct));
            }
        }

        var file = Path.Combine(Path.GetTempPath(), $"hybrid-bench-{Guid.NewGuid():N}.db");
        var sqlite = new DatabaseOptions { Provider = DatabaseProvider.Sqlite, ConnectionString = $"Data Source={file}" };
        rows.Add(await CompareAsync("SQLite", sqlite, sqlite.ConnectionString, 1, ct));
        foreach (var left in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(file) + "*")) File.Delete(left);
        Report.Table(Name, ["database", "connections", "statements", "floor, operations/s", "product, operations/s", "product ÷ floor"], rows);
    }

    private async Task<IReadOnlyList<string>> CompareAsync(string title, DatabaseOptions database, string administrator, int connections, CancellationToken ct)
    {
        await using var town = WorkTown.Host(database);
        await town.FillAsync(people: Operations, tasks: 5000);
        var recorder = new StatementRecorder();
        await using var recording = WorkTown.Host(database, recorder).With(town);
        var assets = town.Tasks.ToDictionary(t => t.Task, t => t.Asset);
        await using var stage = new Stage(database.Provider, administrator, town, claim);

        // 1. One operation is recorded once the host is warm, and its statements are prepared on every connection of the floor.
        var key = Guid.NewGuid().ToString();
        Subject recorded = null!;
        for (var i = 0; i < 3; i++)
        {
            await stage.ResetAsync(1);
            recorder.Begin();
            recorded = await OperateAsync(recording, stage.SubjectOf(0), i == 2 ? key : Guid.NewGuid().ToString());
        }

        var replays = new List<Replay>();
        for (var i = 0; i < connections; i++) replays.Add(await Replay.PrepareAsync(database.ConnectionString, recorder, recorded, town, t => assets[t], key));
        if (Environment.GetEnvironmentVariable("HYBRID_BENCH_STATEMENTS") is not null) Show(recorder);

        // 2. Measured is the state of a host that has run for a while: until the compiler has reached its last tier with everything.
        var compiled = 0L;
        for (var warm = 0; warm < MostWarmUps && (warm < 8 || JitInfo.GetCompiledMethodCount() - compiled > 40); warm++)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            Console.Error.Write($"\r{Name}, {title}, {connections} connections: warming up, {warm + 1} ");
            await stage.ResetAsync(Operations);
            await ThroughputAsync(connections, (_, i) => OperateAsync(town, stage.SubjectOf(i), Guid.NewGuid().ToString()));
        }

        // 3. In turns; the first round only warms the floor up.
        var (floor, product, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            Console.Error.Write($"\r{Name}, {title}, {connections} connections: round {round + 1} of {Rounds} ");
            ct.ThrowIfCancellationRequested();
            await stage.ResetAsync(Operations);
            var bare = await ThroughputAsync(connections, (worker, i) => replays[worker].RunAsync(stage.SubjectOf(i), tasksAreGiven: !claim));
            await stage.ResetAsync(Operations);
            var ours = await ThroughputAsync(connections, (_, i) => OperateAsync(town, stage.SubjectOf(i), Guid.NewGuid().ToString()));
            if (round < 0) continue;
            floor.Add(bare);
            product.Add(ours);
            ratios.Add(ours / bare);
        }

        foreach (var replay in replays) await replay.DisposeAsync();
        return
        [
            title, $"{connections}", $"{recorder.Statements.Count}", Report.Number(Median.Of(floor)), Report.Number(Median.Of(product)),
            database.Provider == DatabaseProvider.Postgres ? Report.Against(100 * Median.Of(ratios), 50, atLeast: true, " %") : $"{Report.Number(100 * Median.Of(ratios))} %",
        ];
    }

    private async Task<Subject> OperateAsync(WorkTown town, Subject subject, string key)
    {
        if (claim)
        {
            var next = await town.SendAsync(subject.Person, new NextTask.Command(town.Project.Id, WorkKind.Label, 2));
            return next.Task is { } task && next.Reserved.Count == 2
                ? subject with { Tasks = [task.Id, .. next.Reserved.Select(r => r.TaskId)] }
                : throw new InvalidOperationException("The queue is empty: the benchmark is too small.");
        }

        await town.SendAsync(subject.Person, new SubmitLabel.Command(town.Project.Id, subject.Tasks[0], Documents.Label, 30_000, key));
        return subject;
    }

    private static async Task<double> ThroughputAsync(int workers, Func<int, int, Task> operate)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Operations; i = Interlocked.Increment(ref next)) await operate(worker, i);
        })));
        return Operations / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Show(StatementRecorder recorder)
    {
        foreach (var statement in recorder.Statements) Console.Error.WriteLine($"— {statement.CommandText}\n");
    }
}
