using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Attacks;

/// <summary>
/// sqlmap (apt-get install sqlmap) over every place of every operation of the OpenAPI document, against 127.0.0.1 alone and bounded in time. It takes minutes, so it
/// runs where <c>HYBRID_TEST_SQLMAP</c> says for how many seconds at most: <c>tests/Hybrid.Attacks/sqlmap.sh</c>.
/// </summary>
[Collection("attacks")] // One after the other: they watch how long answers take.
public sealed class SqlmapTests(AttackedTown shared)
{
    private static readonly TimeSpan OfOneOperation = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan? Bound =
        int.TryParse(Environment.GetEnvironmentVariable("HYBRID_TEST_SQLMAP"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sqlmap_FindsAHole_WhereThereIsOne()
    {
        if (Bound is null) Assert.Skip("sqlmap takes minutes: run tests/Hybrid.Attacks/sqlmap.sh.");
        // A route that does what none of ours does: it writes what it is given into a statement.
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var leaky = builder.Build();
        leaky.MapGet("/leaky", async (string name) =>
        {
            await using var db = shared.Host.Database.Open();
#pragma warning disable EF1003 // The hole is the point.
            var found = await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(
                Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.SqlQueryRaw<string>(db.Database, "select display_name as \"Value\" from people where display_name = '" + name + "'"));
#pragma warning restore EF1003
            return Results.Json(found);
        });
        await leaky.StartAsync(Ct);
        var url = new Uri(leaky.Urls.Single());

        var (outcome, said) = await RunAsync($"GET /leaky?name=Olga%20Owner* HTTP/1.1\nHost: {url.Authority}\n\n");

        Assert.True(outcome == Outcome.Hole, said);
    }

    [Fact]
    public async Task Sqlmap_FindsNone_InAnyParameter()
    {
        if (Bound is null) Assert.Skip("sqlmap takes minutes: run tests/Hybrid.Attacks/sqlmap.sh.");
        var bound = Bound.Value;
        var town = shared.Town;
        var cookies = string.Join("; ", town.Owner.Cookies.GetCookies(shared.Host.Url).Select(c => $"{c.Name}={c.Value}"));
        // What ends or limits the session that all others need stays out.
        var operations = ApiDocument.Operations.Where(o => o.Places.Count > 0 && !o.Path.StartsWith("/api/session", StringComparison.Ordinal) && !o.Path.StartsWith("/api/profile", StringComparison.Ordinal) && !o.Path.StartsWith("/api/mail-links", StringComparison.Ordinal)).ToList();
        var outcomes = new ConcurrentBag<(string Operation, int Places, Outcome Outcome, string Said)>();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(operations, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Ct }, async (operation, _) =>
        {
            if (watch.Elapsed > bound) return;
            var (outcome, said) = await RunAsync(RequestOf(operation, cookies));
            outcomes.Add((operation.ToString(), operation.Places.Count, outcome, said));
        });

        var done = outcomes.Where(o => o.Outcome == Outcome.None).ToList();
        var summary = $"{done.Count} of {operations.Count} operations with {done.Sum(o => o.Places)} of {operations.Sum(o => o.Places.Count)} places in {watch.Elapsed.TotalSeconds:F0} s; "
            + $"not finished: {string.Join(", ", outcomes.Where(o => o.Outcome == Outcome.Late).Select(o => o.Operation))}; not judged: {string.Join(", ", outcomes.Where(o => o.Outcome == Outcome.Unknown).Select(o => $"{o.Operation}: {o.Said[Math.Max(0, o.Said.Length - 300)..]}"))}";
        if (Environment.GetEnvironmentVariable("HYBRID_TEST_SQLMAP_REPORT") is { Length: > 0 } report) await File.WriteAllTextAsync(report, summary, Ct);
        Assert.Empty(outcomes.Where(o => o.Outcome == Outcome.Hole).Select(o => $"{o.Operation}\n{o.Said}"));
        Assert.True(done.Count > 20, summary);
        // Nothing was dropped, and the town works.
        Assert.True((await town.Owner.GetAsync("/api/people")).GetProperty("items").GetArrayLength() > 3);
    }

    private enum Outcome
    {
        None,
        Hole,
        Late,
        Unknown,
    }

    private string RequestOf(Operation operation, string cookies)
    {
        // A star behind a value tells sqlmap to try it. Other projects' ids are nobody's, so that nothing is lost.
        var path = operation.Path;
        foreach (var place in operation.Places.Where(p => p.In == "path")) path = path.Replace($"{{{place.Name}}}", (place.Name == "projectId" ? shared.Town.Project.ToString() : Guid.NewGuid().ToString()) + "*", StringComparison.Ordinal);
        var query = operation.Places.Where(p => p.In == "query").Select(p => $"{p.Name}=1*").ToList();
        if (query.Count > 0) path += "?" + string.Join("&", query);
        var request = new StringBuilder($"{operation.Method} {path} HTTP/1.1\nHost: {shared.Host.Url.Authority}\nCookie: {cookies}\nX-Hybrid-Request: 1\nIdempotency-Key: attack-0001\n");
        if (operation.Body is null) return request.Append('\n').ToString();
        var body = (JsonObject)operation.Body.DeepClone();
        foreach (var place in operation.Places.Where(p => p.In == "body" && body[p.Name] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String)) body[place.Name] = (string)body[place.Name]! + "*";
        return request.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\n\n{body.ToJsonString()}\n").ToString();
    }

    private async Task<(Outcome Outcome, string Said)> RunAsync(string request)
    {
        var folder = Directory.CreateTempSubdirectory("hybrid-sqlmap").FullName;
        try
        {
            var file = Path.Combine(folder, "request");
            await File.WriteAllTextAsync(file, request, Ct);
            var start = new ProcessStartInfo("sqlmap") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in new[] { "-r", file, "--ignore-stdin", "--batch", "--level=1", "--risk=1", "--flush-session", "--disable-coloring", "--timeout=10", "--retries=0", "--ignore-code=*", $"--dbms={(shared.Host.Database.Provider == DatabaseProvider.Postgres ? "PostgreSQL" : "SQLite")}", $"--output-dir={folder}" }) start.ArgumentList.Add(argument);
            start.Environment["HOME"] = folder;
            using var sqlmap = Process.Start(start)!;
            var said = sqlmap.StandardOutput.ReadToEndAsync(Ct);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            late.CancelAfter(OfOneOperation);
            try
            {
                await sqlmap.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
            {
                sqlmap.Kill(entireProcessTree: true);
            }

            var text = await said;
            return (text.Contains("identified the following injection point", StringComparison.Ordinal) ? Outcome.Hole
                : text.Contains("do not appear to be injectable", StringComparison.Ordinal) ? Outcome.None
                : late.IsCancellationRequested ? Outcome.Late : Outcome.Unknown, text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
