using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.EndToEnd;

/// <summary>
/// The control plane's own program is killed (SIGKILL) again and again while many people label. HYBRID_KILLS and HYBRID_KILL_PEOPLE ask for more
/// of both than a usual run has time for: infra/faults.md.
/// </summary>
public sealed class KillTests
{
    private static readonly int Kills = Asked("HYBRID_KILLS", 2);
    private static readonly int People = Asked("HYBRID_KILL_PEOPLE", 24);

    private readonly ConcurrentBag<(Guid Label, Guid Task, string Digest)> acknowledged = [];
    private readonly ConcurrentBag<string> surprises = [];
    private volatile bool over;

    [Fact]
    public async Task ControlPlane_KilledWhilePeopleLabel_LosesNothing_AndDoesNothingTwice()
    {
        var ct = TestContext.Current.CancellationToken;
        // 1. People and pictures, and then the real program in the place of the host that made them.
        TestDatabase database;
        Uri url;
        string tasks;
        List<BrowserSession> people = [];
        await using (var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Postgres))
        {
            await using var town = await Town.BuildAsync(host, assets: 200 + (Kills * 600));
            (database, url, tasks) = (host.Database, host.Url, town.Tasks);
            for (var i = 0; i < People; i++) people.Add(await host.SignInAsync(await EmailOfNewAsync(town, i)));
        }

        var program = await StartAsync(database, url);
        try
        {
            // 2. Everybody labels; the program dies in the midst of it.
            var work = people.Select(p => LabelAsync(p, tasks, ct)).ToArray();
            for (var kill = 0; kill < Kills; kill++)
            {
                var before = acknowledged.Count;
                await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count >= before + 20 + Random.Shared.Next(60)));
                await program.DisposeAsync();
                program = await StartAsync(database, url);
            }

            var last = acknowledged.Count;
            await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count >= last + 20));
            over = true;
            await Task.WhenAll(work);
        }
        finally
        {
            over = true;
            await program.DisposeAsync();
            people.ForEach(p => p.Dispose());
        }

        // 3. What the database has is what people were told, each once.
        Assert.Empty(surprises);
        await using var db = database.Open();
        var labels = await db.Labels.IgnoreQueryFilters().Select(l => new { l.Id, l.TaskId, l.Digest, l.AuthorId }).ToListAsync(ct);
        Assert.Equal(acknowledged.Select(a => a.Label).Order(), labels.Select(l => l.Id).Order());
        Assert.Equal(labels.Count, labels.Select(l => l.TaskId).Distinct().Count());
        var digests = labels.ToDictionary(l => l.Id, l => Convert.ToHexStringLower(l.Digest));
        Assert.All(acknowledged, a => Assert.Equal(a.Digest, digests[a.Label]));

        var labeling = await db.Tasks.IgnoreQueryFilters().Where(t => t.StepKind == StepKind.Labeling).ToListAsync(ct);
        var done = labeling.Where(t => t.State == TaskState.Done).ToList();
        Assert.Equal(labels.Select(l => l.TaskId).Order(), done.Select(t => t.Id).Order());
        Assert.All(done, t => Assert.Null(t.HolderId));
        Assert.All(labeling.Where(t => t.HolderId is not null), t => Assert.InRange(t.HeldUntil!.Value, DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow + WorkTask.LeaseDuration));
        var holders = labeling.Where(t => t is { State: TaskState.Open, HolderId: not null, Reserved: false }).Select(t => t.HolderId).ToList();
        Assert.Equal(holders.Count, holders.Distinct().Count());

        // Every label went on exactly once, and every act has its entry.
        var next = await db.Tasks.IgnoreQueryFilters().Where(t => t.StepKind == StepKind.Review).Select(t => t.LabelId!.Value).ToListAsync(ct);
        Assert.Equal(labels.Select(l => l.Id).Order(), next.Order());
        var submitted = await db.AuditEntries.IgnoreQueryFilters().CountAsync(e => e.Act == AuditActs.LabelSubmitted, ct);
        Assert.Equal(labels.Count, submitted);
    }

    // Takes a task, submits it, and asks again until there is an answer, as the workspace does.
    private async Task LabelAsync(BrowserSession person, string tasks, CancellationToken ct)
    {
        while (!over)
        {
            var next = await AnswerAsync(() => person.SendAsync(HttpMethod.Post, $"{tasks}/next", new { kind = "label", reserve = 2 }), ct);
            if (next is not { } given || given.GetProperty("task").ValueKind == JsonValueKind.Null) return;
            var task = given.GetProperty("task").GetProperty("id").GetGuid();
            var (label, key) = (Town.Label(), Guid.NewGuid().ToString());
            if (await AnswerAsync(() => person.SendAsync(HttpMethod.Post, $"{tasks}/{task}/submit", new { document = label, activeMs = 1000 }, key), ct) is { } kept)
                acknowledged.Add((kept.GetProperty("labelId").GetGuid(), task, kept.GetProperty("digest").GetString()!));
        }
    }

    private async Task<JsonElement?> AnswerAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                using var answer = await ask();
                if (answer.IsSuccessStatusCode) return JsonElement.Parse(await answer.Content.ReadAsStringAsync(ct));
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    surprises.Add($"{(int)answer.StatusCode} {answer.RequestMessage?.RequestUri?.AbsolutePath}: {await answer.Content.ReadAsStringAsync(ct)}");
                    return null;
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // Dead, or not up again.
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<RunningProgram> StartAsync(TestDatabase database, Uri url)
    {
        var program = RunningProgram.Start(
            Installation.Host("control-plane/Hybrid.ControlPlane", "hybrid-control-plane"), ["--urls", url.ToString()],
            new Dictionary<string, string> { ["HYBRID__PublicUrl"] = url.ToString(), ["HYBRID__Database__Provider"] = "Postgres", ["HYBRID__Database__ConnectionString"] = database.App });
        await program.AnswersAsync(new Uri(url, "/health/ready"));
        return program;
    }

    private static async Task<string> EmailOfNewAsync(Town town, int i)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"labeler-{i}-{Guid.NewGuid():N}@example.org");
        var person = await town.Owner.PostAsync("/api/people", new { email, name = "Labeler", role = "member", password = ControlPlaneHost.Password });
        await town.Owner.PostAsync($"/api/projects/{town.Project}/members", new { personId = person.GetProperty("id").GetGuid(), role = "labeler" });
        return email;
    }

    private static int Asked(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : usual;
}
