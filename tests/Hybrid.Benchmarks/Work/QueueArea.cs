using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hybrid.Benchmarks.Work;

/// <summary>
/// The next task in queues that grow: <see cref="NextTask"/> through the whole pipeline, in process, on PostgreSQL with fsync. The sizes come from
/// HYBRID_BENCH_QUEUE (default 10000,1000000); nasty cases have as many tasks as the size, at most a million.
/// </summary>
internal sealed class QueueArea : IArea
{
    private const int Connections = 16;
    private const int People = 200;
    private const int Rounds = 12;
    private const int Most = 1_000_000;

    private static readonly Case[] Cases =
    [
        new("five priorities", WorkKind.Label, "n % 5", ""),
        new("all of one priority", WorkKind.Label, "0", ""),
        new("90 % assigned to others", WorkKind.Label, "n % 5", "assigned_to = case when n % 10 > 0 then gen_random_uuid() end"),
        new("100,000 leases lapsed at once", WorkKind.Label, "n % 5", "holder_id = case when n <= 100000 then gen_random_uuid() end, held_until = case when n <= 100000 then now() - interval '1 second' end"),
        new("review", WorkKind.Review, "n % 5", "labeled_by = @other"),
        new("review, the first of the queue all labeled by oneself", WorkKind.Review, "0", "labeled_by = case when n <= @size - 2000 then @me else @other end"),
    ];

    public string Name => "queue";

    public string Summary => "NextTask at 10 thousand and 1 million tasks (HYBRID_BENCH_QUEUE=10000,1000000,10000000), 1, 50 and 200 people, and the nasty cases";

    public async Task RunAsync(CancellationToken ct)
    {
        var admin = Environment.GetEnvironmentVariable("HYBRID_BENCH_POSTGRES") ?? throw new InvalidOperationException("Run infra/bench.sh queue.");
        var sizes = (Environment.GetEnvironmentVariable("HYBRID_BENCH_QUEUE") ?? "10000,1000000").Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
        var (sizeRows, caseRows) = (new List<IReadOnlyList<string>>(), new List<IReadOnlyList<string>>());
        var smallest = new Dictionary<int, double>();
        foreach (var size in sizes)
        {
            var database = await PostgresDatabase.MakeAsync(admin, poolSize: 40);
            await using var town = WorkTown.Host(database);
            await town.FillAsync(People, tasks: 1, ProjectRole.Reviewer);
            await using var queue = new GrownQueue(PostgresDatabase.AdminOf(database, admin), town);
            await queue.OpenAsync();
            var normal = await FilledAsync(town, queue, Cases[0], size);
            foreach (var people in new[] { 1, 50, People })
            {
                var times = await MeasureAsync(town, queue, normal, WorkKind.Label, people, ct);
                smallest.TryAdd(people, times.P99);
                sizeRows.Add([
                    Report.Number(size), $"{people}", Report.Number(times.PerSecond), Report.Number(times.Median), Report.Number(times.P99),
                    size == sizes[0] ? "–" : Report.Against(times.P99 / smallest[people], 1.5, atLeast: false),
                ]);
            }

            if (size > Most) continue;
            var usual = new Dictionary<WorkKind, double>();
            foreach (var one in Cases)
            {
                var project = await FilledAsync(town, queue, one, size);
                var times = await MeasureAsync(town, queue, project, one.Kind, one.Name.EndsWith("oneself", StringComparison.Ordinal) ? 1 : People, ct);
                usual.TryAdd(one.Kind, times.Median);
                caseRows.Add([Report.Number(size), one.Name, Report.Number(times.Median), Report.Number(times.P99), Report.Against(times.Median / usual[one.Kind], 3, atLeast: false)]);
            }
        }

        Report.Table("queue: next task by size", ["tasks", "people", "operations/s", "median, ms", "p99, ms", "p99 ÷ that of the smallest"], sizeRows);
        Report.Table("queue: nasty cases", ["tasks", "case", "median, ms", "p99, ms", "median ÷ the usual"], caseRows);
    }

    private static async Task<Guid> FilledAsync(WorkTown town, GrownQueue queue, Case one, int size)
    {
        Console.Error.Write($"\rqueue: {size} tasks, {one.Name}                    ");
        return await queue.FillAsync(one, size, town.People[0], town.People[1]);
    }

    private static async Task<Times> MeasureAsync(WorkTown town, GrownQueue queue, Guid project, WorkKind kind, int people, CancellationToken ct)
    {
        var times = new ConcurrentBag<double>();
        var busy = 0.0;
        var rounds = people == 1 ? 10 * Rounds : Rounds;
        for (var round = -3; round < rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            await queue.ReleaseAsync();
            var next = -1;
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Math.Min(people, Connections)).Select(_ => Task.Run(async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < people; i = Interlocked.Increment(ref next))
                {
                    var started = Stopwatch.GetTimestamp();
                    var given = await town.SendAsync(town.People[i], new NextTask.Command(project, kind, 2));
                    if (given.Task is null || given.Reserved.Count < 2) throw new InvalidOperationException("The queue was empty.");
                    if (round >= 0) times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }, ct)));
            if (round >= 0) busy += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        var sorted = times.Order().ToArray();
        return new Times(sorted.Length / busy, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
    }

    private sealed record Times(double PerSecond, double Median, double P99);

    /// <summary>How the tasks of a project differ.</summary>
    /// <param name="Name">Said in the table.</param>
    /// <param name="Kind">Which step they wait at.</param>
    /// <param name="Priority">SQL of the n-th.</param>
    /// <param name="Set">SQL of further columns, each "column = value".</param>
    internal sealed record Case(string Name, WorkKind Kind, string Priority, string Set);
}

/// <summary>Projects with as many tasks as wanted, made by the database itself.</summary>
internal sealed class GrownQueue(string administrator, WorkTown town) : IAsyncDisposable
{
    private readonly NpgsqlConnection connection = new(administrator);
    private int projects;

    public Task OpenAsync() => connection.OpenAsync();

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>A project whose tasks are copies of the town's one.</summary>
    public async Task<Guid> FillAsync(QueueArea.Case one, int size, Guid me, Guid other)
    {
        var project = Guid.CreateVersion7();
        projects++;
        var review = one.Kind == WorkKind.Review;
        await RunAsync("set session_replication_role = replica; set synchronous_commit = off");
        await CopyAsync("projects", "1", $"id = '{project}', name = 'Copy {projects}'");
        await CopyAsync("project_members", "1", $"project_id = '{project}'");
        // Ids rise with the tasks', as those of an import do.
        string Id(char kind) => $"('{kind}{projects:x3}0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
        await CopyAsync("assets", $"{size}", $"id = {Id('a')}, key = 'grown/' || n, project_id = '{project}'");
        // Steps keep their ids: a copy of a project has other ones, which no statement of the queue would notice.
        var more = one.Set.Replace("@me", $"'{me}'::uuid", StringComparison.Ordinal).Replace("@other", $"'{other}'::uuid", StringComparison.Ordinal).Replace("@size", $"{size}", StringComparison.Ordinal);
        await CopyAsync(
            "tasks", $"{size}",
            $"id = {Id('7')}, asset_id = {Id('a')}, project_id = '{project}', step_kind = {(review ? 1 : 0)}, priority = {one.Priority}, arrived_at = now() - interval '30 days' + n * interval '1 millisecond'"
            + (review ? ", step_id = (select id from workflow_steps where kind = 1)" : "") + (more.Length > 0 ? ", " + more : ""));
        if (review)
        {
            await RunAsync($"""
                insert into step_work (organization_id, project_id, asset_id, person_id, step_id)
                select organization_id, project_id, asset_id, labeled_by, (select id from workflow_steps where kind = 0) from tasks where project_id = '{project}'
                """);
        }

        await RunAsync("vacuum analyze");
        return project;
    }

    /// <summary>Everything that is held goes back.</summary>
    public Task ReleaseAsync() => RunAsync("update tasks set holder_id = null, reserved = false, held_until = null where holder_id is not null and held_until > now()");

    private async Task CopyAsync(string table, string times, string set)
    {
        var values = Split(set).Select(s => s.Split(" = ", 2)).ToDictionary(s => s[0].Trim(), s => s[1]);
        var columns = new List<string>();
        await using (var ask = new NpgsqlCommand("select column_name from information_schema.columns where table_name = $1 and table_schema = 'public'", connection) { Parameters = { new() { Value = table } } })
        await using (var reader = await ask.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) columns.Add(reader.GetString(0));
        }

        var original = table == "projects" ? $"r.id = '{town.Project.Id}'" : $"r.project_id = '{town.Project.Id}'";
        await RunAsync($"insert into {table} ({string.Join(", ", columns)}) select {string.Join(", ", columns.Select(c => values.TryGetValue(c, out var v) ? v : "r." + c))} from {table} r, generate_series(1, {times}) n where {original}");
    }

    // At commas outside of parentheses.
    private static IEnumerable<string> Split(string set)
    {
        var (depth, from) = (0, 0);
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i] == '(') depth++;
            else if (set[i] == ')') depth--;
            else if (set[i] == ',' && depth == 0)
            {
                yield return set[from..i];
                from = i + 1;
            }
        }

        yield return set[from..];
    }

    private async Task RunAsync(string sql)
    {
#pragma warning disable CA2100 // The statements stand above.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
