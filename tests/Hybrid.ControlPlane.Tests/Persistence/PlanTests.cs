using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hybrid.ControlPlane.Tests.Persistence;

/// <summary>How PostgreSQL goes about the statements of daily work, in tables that have grown.</summary>
public sealed class PlanTests
{
    // Each row of work so many times more: enough for the planner to see what a scan would cost.
    private const int Times = 1500;

    [Fact]
    public async Task Work_InTablesThatHaveGrown_ScansNoneOfThem()
    {
        var recorder = new Recorder();
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Postgres, "http", b => b.Services.ConfigureDbContext<ControlPlaneDb>(o => o.AddInterceptors(recorder)));
        await using var town = await Town.BuildAsync(host, 12);
        recorder.Statements.Clear();
        await WorkAsync(town);
        var statements = recorder.Statements.ToArray();
        Assert.True(statements.Length > 60, $"{statements.Length} statements were recorded.");

        var organization = await GrowAsync(host.Database);
        await using var app = await host.Database.ConnectAsync(DatabaseRoles.App);
        var scans = new List<string>();
        foreach (var statement in statements.DistinctBy(s => s.CommandText)) scans.AddRange(await ScansOfAsync(app, organization, statement));
        Assert.True(scans.Count == 0, string.Join("\n\n", scans));
    }

    // A day's work: next, by id, draft, heartbeat, submit, review, correction, sent back, given back, skipped, grants.
    private static async Task WorkAsync(Town town)
    {
        for (var i = 0; i < 4; i++)
        {
            var task = await IdOfAsync(NextAsync(town, town.Ana, "label"));
            await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/draft", new { document = Town.Label(), revision = 1, activeMs = 1 }));
            await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/heartbeat"));
            await BrowserSession.OkAsync(await town.Ana.GrantAsync($"{town.Tasks}/{task}/grant", new { }));
            await town.Ana.GetAsync($"{town.Tasks}/{task}");
            await town.Ana.PostAsync($"{town.Tasks}/{task}/submit", new { document = Town.Label(i), activeMs = 1 }, $"submit-{task}");
        }

        foreach (var outcome in new[] { "approve", "correct", "sendBack" })
        {
            var task = (await NextAsync(town, town.Reviewer, "review")).GetProperty("task");
            await town.Reviewer.PostAsync(
                $"{town.Tasks}/{task.GetProperty("id").GetGuid()}/review",
                new { outcome, labelId = task.GetProperty("label").GetProperty("id").GetGuid(), document = outcome == "correct" ? Town.Label(30) : null, reason = outcome == "sendBack" ? "Look again" : null, activeMs = 1 },
                $"review-{outcome}");
        }

        var back = await IdOfAsync(NextAsync(town, town.Ana, "label"));
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{back}/release"));
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{back}/claim"));
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{back}/skip", new { reason = "Too dark" }));
        // A page of what there is, behind the first one, which counts.
        foreach (var list in new[] { "assets", "tasks" }) await town.Manager.GetAsync($"/api/projects/{town.Project}/{list}?limit=5&after={Guid.Empty}");
    }

    private static Task<JsonElement> NextAsync(Town town, BrowserSession who, string kind) => who.PostAsync($"{town.Tasks}/next", new { kind, reserve = 2 });

    private static async Task<Guid> IdOfAsync(Task<JsonElement> next) => (await next).GetProperty("task").GetProperty("id").GetGuid();

    // Every row of the work again and again, under ids that are made from its own: what belonged together still does.
    private static async Task<Guid> GrowAsync(TestDatabase database)
    {
        await using var admin = new NpgsqlConnection(database.Admin);
        await admin.OpenAsync();
        foreach (var (table, ids, more) in new[]
        {
            ("assets", "id", ", 'key', r.key || n"), ("tasks", "id,asset_id,label_id", ", 'sent_back_to', null, 'holder_id', null, 'held_until', null, 'reserved', false"), ("labels", "id,task_id,asset_id,before_id", ""), ("label_classes", "label_id", ""), ("step_work", "asset_id", ""),
            ("reviews", "id,task_id,label_id,corrected_label_id,asset_id", ""), ("sampling_decisions", "asset_id,label_id", ", 'arrived_before', n"), ("drafts", "task_id", ""), ("audit_entries", "id", ", 'seq', null"),
        })
        {
            var columns = await Sql.ListAsync(admin, $"select column_name from information_schema.columns where table_name = '{table}' and column_name = any(string_to_array('{ids}', ','))");
            Assert.NotEmpty(columns);
            var set = string.Join(", ", columns.Select(c => $"'{c}', case when r.{c} is null then null else md5(r.{c}::text || n)::uuid end"));
            await Sql.ExecuteAsync(admin, $"""
                set session_replication_role = replica;
                insert into {table} select (jsonb_populate_record(r, jsonb_build_object({set}{more}))).* from {table} r, generate_series(1, {Times}) n;
                """);
        }

        await Sql.ExecuteAsync(admin, "analyze");
        return (Guid)(await Sql.ScalarAsync(admin, "select organization_id from projects limit 1"))!;
    }

    private static async Task<IReadOnlyList<string>> ScansOfAsync(NpgsqlConnection app, Guid organization, NpgsqlCommand statement)
    {
        await using var transaction = await app.BeginTransactionAsync();
        await using (var scope = new NpgsqlCommand("select set_config('hybrid.organization', $1, true)", app, transaction) { Parameters = { new() { Value = organization.ToString() } } }) await scope.ExecuteNonQueryAsync();
        var scans = new List<string>();
        // A batch of EF's is explained one statement after the other.
        foreach (var sql in statement.CommandText.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (sql.StartsWith("select set_config", StringComparison.Ordinal)) continue;
#pragma warning disable CA2100 // The product's own statement.
            await using var explain = new NpgsqlCommand("explain (format json) " + sql, app, transaction);
#pragma warning restore CA2100
            foreach (NpgsqlParameter p in statement.Parameters) explain.Parameters.Add(p.Clone());
            var plan = JsonElement.Parse((string)(await explain.ExecuteScalarAsync())!);
            scans.AddRange(ScansIn(plan[0].GetProperty("Plan"), double.MaxValue).Select(table => $"{table} is scanned by:\n{sql}\n{plan}"));
        }

        await transaction.RollbackAsync();
        return scans;
    }

    // A scan that a limit ends after the first rows reads few; what a filter leaves says nothing of what was read, but the cost does.
    private static IEnumerable<string> ScansIn(JsonElement node, double limit)
    {
        var (kind, cost) = (node.GetProperty("Node Type").GetString(), node.GetProperty("Total Cost").GetDouble());
        if (kind == "Limit") limit = Math.Min(limit, cost);
        if (kind == "Seq Scan" && Math.Min(cost, limit) > 100) yield return node.GetProperty("Relation Name").GetString()!;
        if (!node.TryGetProperty("Plans", out var inner)) yield break;
        foreach (var table in inner.EnumerateArray().SelectMany(n => ScansIn(n, limit))) yield return table;
    }

    private sealed class Recorder : DbCommandInterceptor
    {
        public ConcurrentQueue<NpgsqlCommand> Statements { get; } = new();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => Keep(command, result);

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => Keep(command, result);

        private ValueTask<T> Keep<T>(DbCommand command, T result)
        {
            var copy = new NpgsqlCommand(command.CommandText);
            foreach (NpgsqlParameter p in command.Parameters) copy.Parameters.Add(p.Clone());
            Statements.Enqueue(copy);
            return ValueTask.FromResult(result);
        }
    }
}
