using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>The same thing twice, and two at the same moment: one answer, one holder, one row; never a 500.</summary>
public abstract class RaceTests(SharedTown shared)
{
    private readonly Town town = shared.Town;

    [Fact]
    public async Task Submit_WhenSentManyTimesAtOnce_GivesOneAnswer()
    {
        var task = await TakeAsync(town.Ana);
        var document = Town.Label();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TextAsync(town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document, activeMs = 1000 + i }, "at-once-0001"))));

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, answers[0].Text), a));
        Assert.Single(await AuditOfAsync(task, AuditActs.LabelSubmitted));
    }

    [Fact]
    public async Task Submit_WhenTheKeyWasUsedForOtherWork_IsRefusedAndTheFirstStands()
    {
        var task = await TakeAsync(town.Ana);
        var document = Town.Label(10);
        var first = await town.Ana.PostAsync($"{town.Tasks}/{task}/submit", new { document, activeMs = 1 }, "reused-0001");

        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(20), activeMs = 1 }, "reused-0001").IsProblemAsync(HttpStatusCode.Conflict, "request.key_reused");
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = 7, activeMs = 1 }, "reused-0001").IsProblemAsync(HttpStatusCode.Conflict, "request.key_reused");

        Assert.Equal(first.GetRawText(), (await town.Ana.PostAsync($"{town.Tasks}/{task}/submit", new { document, activeMs = 99 }, "reused-0001")).GetRawText());
    }

    [Fact]
    public async Task Submit_WithDifferentKeysAtOnce_IsTakenOnce()
    {
        var task = await TakeAsync(town.Ana);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => TextAsync(town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(i), activeMs = 1 }, $"different-{i}"))));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Conflict, 5)], answers.Select(a => a.Status).Order());
        Assert.All(answers.Where(a => a.Status == HttpStatusCode.Conflict), a => Assert.Contains(JsonElement.Parse(a.Text).GetProperty("code").GetString(), new[] { "task.finished", "version.conflict" }));
        Assert.Single(await AuditOfAsync(task, AuditActs.LabelSubmitted));
    }

    [Fact]
    public async Task Review_WhenSentManyTimesAtOnce_GivesOneAnswer_AndAnotherDecisionIsRefused()
    {
        var labeled = await TakeAsync(town.Ana);
        await town.Ana.PostAsync($"{town.Tasks}/{labeled}/submit", new { document = Town.Label(), activeMs = 1 }, "for-review-0001");
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        var (path, labelId, document) = ($"{town.Tasks}/{review.GetProperty("id").GetGuid()}/review", review.GetProperty("label").GetProperty("id").GetGuid(), Town.Label(33));
        object Body(object corrected) => new { outcome = "correct", labelId, document = corrected, score = 3, activeMs = 5 };

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TextAsync(town.Reviewer.SendAsync(HttpMethod.Post, path, Body(document), "review-once-1"))));

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, answers[0].Text), a));
        await town.Reviewer.SendAsync(HttpMethod.Post, path, new { outcome = "approve", labelId, score = 3, activeMs = 5 }, "review-once-1").IsProblemAsync(HttpStatusCode.Conflict, "request.key_reused");
        await town.Reviewer.SendAsync(HttpMethod.Post, path, Body(Town.Label(34)), "review-once-1").IsProblemAsync(HttpStatusCode.Conflict, "request.key_reused");
        await town.Reviewer.SendAsync(HttpMethod.Post, path, new { outcome = "approve", labelId, activeMs = 5 }, "review-again-1").IsProblemAsync(HttpStatusCode.Conflict, "task.finished");
    }

    [Fact]
    public async Task Draft_WhenSavedFromTwoWindowsAtOnce_KeepsOne()
    {
        var task = await TakeAsync(town.Ana);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => TextAsync(town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/draft", new { document = Town.Label(i), revision = 1, activeMs = 1 }))));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Contains(JsonElement.Parse(a.Text).GetProperty("code").GetString(), new[] { "draft.stale", "version.conflict" }));
        Assert.Single(await AuditOfAsync(task, AuditActs.DraftSaved));
        await town.Ana.PostAsync($"{town.Tasks}/{task}/skip", new { reason = "done with it" });
    }

    [Fact]
    public async Task Next_WhenOnePersonAsksManyTimesAtOnce_GivesOneTask()
    {
        var person = await town.JoinAsync("labeler");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 1 })));

        var task = Assert.Single(answers.Select(a => a.GetProperty("task").GetProperty("id").GetGuid()).Distinct());
        Assert.Single(answers.SelectMany(a => a.GetProperty("reserved").EnumerateArray().Select(r => r.GetProperty("taskId").GetGuid())).Distinct());
        Assert.Equal(task, (await town.NextAsync(person))!.Value.GetProperty("id").GetGuid());
        await town.Owner.SendAsync(HttpMethod.Delete, $"/api/projects/{town.Project}/members/{person.PersonId}");
    }

    [Fact]
    public async Task Import_WhenStartedManyTimesAtOnce_IsStartedOnce()
    {
        // Its listing goes on until the test has asked: what is done may be imported again.
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var agent = await FakeAgent.EnrolAsync(shared.Host, town.Owner, 2, listed.Task);
        var connection = (await town.Owner.GetAsync("/api/connections")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("agentId").GetGuid() == agent.Id).GetProperty("id").GetGuid();
        var imports = $"/api/projects/{(await town.Owner.PostAsync("/api/projects", new { name = "Imports", connectionIds = new[] { connection }, ontology = Town.Ontology })).GetProperty("id").GetGuid()}/imports";

        var answers = await ManyAsync(imports, new { connectionId = connection, prefix = "boats/" });
        listed.SetResult();

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal((HttpStatusCode.Conflict, "import.running"), (a.Status, a.Code)));
        Assert.Single((await town.Owner.GetAsync(imports)).GetProperty("items").EnumerateArray());
        await Wait.UntilAsync(async () => (await town.Owner.GetAsync(imports)).GetProperty("items")[0].GetProperty("state").GetString() == "done");
    }

    [Fact]
    public async Task LapsedLease_WhenSubmittedWhileAnotherTakesIt_GoesToOneOfThem()
    {
        var task = await TakeAsync(town.Ana);
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/draft", new { document = Town.Label(), revision = 1, activeMs = 1 }));
        shared.Host.Clock.Advance(TimeSpan.FromMinutes(31));

        var (submit, claim) = (TextAsync(town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, "lapsed-race-1")), TextAsync(town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim")));
        await Task.WhenAll(submit, claim);

        if ((await submit).Status == HttpStatusCode.OK)
        {
            Assert.Equal(HttpStatusCode.Conflict, (await claim).Status);
            Assert.Contains((await claim).Code, new[] { "task.finished", "task.taken" });
        }
        else
        {
            Assert.Equal((HttpStatusCode.Conflict, "task.taken", HttpStatusCode.OK), ((await submit).Status, (await submit).Code, (await claim).Status));
            // Nothing typed is lost: the draft waits for the one who made it.
            await town.Ben.PostAsync($"{town.Tasks}/{task}/release");
            Assert.Equal(1, (await town.Ana.PostAsync($"{town.Tasks}/{task}/claim")).GetProperty("draft").GetProperty("revision").GetInt32());
            await town.Ana.PostAsync($"{town.Tasks}/{task}/skip", new { reason = "done with it" });
        }
    }

    [Fact]
    public async Task Creation_OfTheSameThingAtOnce_MakesItOnce()
    {
        var (email, name) = ($"{Guid.NewGuid():N}@example.org", $"agent {Guid.NewGuid():N}");
        var people = await ManyAsync("/api/people", new { email, name = "Twin", role = "member", password = ControlPlaneHost.Password });
        var agents = await ManyAsync("/api/agents", new { name });
        var person = JsonElement.Parse(people.Single(a => a.Status == HttpStatusCode.OK).Text).GetProperty("id").GetString();
        var members = await ManyAsync($"/api/projects/{town.Project}/members", new { personId = person, role = "labeler" });

        foreach (var (answers, codes) in new[] { (people, new[] { "person.not_added", "version.conflict" }), (agents, ["agent.name_taken", "version.conflict"]), (members, ["member.exists", "version.conflict"]) })
        {
            Assert.Single(answers, a => (int)a.Status < 300);
            Assert.All(answers.Where(a => (int)a.Status >= 300), a => Assert.True(a.Status == HttpStatusCode.Conflict && codes.Contains(a.Code), $"{a.Status} {a.Text}"));
        }
    }

    [Fact]
    public async Task Project_WhenMadeUnderAKey_IsMadeOnce()
    {
        var answers = await ManyAsync("/api/projects", new { name = "Once", ontology = Town.Ontology }, "project-once-1");

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (a.Status, a.Text)));
        var id = JsonElement.Parse(answers[0].Text).GetProperty("id").GetGuid();
        Assert.Single(await shared.Host.AuditAsync(id), e => e.Act == AuditActs.ProjectCreated);
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = "Twice", ontology = Town.Ontology }, "project-once-1").IsProblemAsync(HttpStatusCode.Conflict, "request.key_reused");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = "Once" }, "short").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        Assert.NotEqual(id, (await town.Owner.PostAsync("/api/projects", new { name = "Once", ontology = Town.Ontology }, "project-once-2")).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Ontology_WhenPublishedByTwoAtOnce_IsPublishedOnce()
    {
        var project = $"/api/projects/{(await town.Owner.PostAsync("/api/projects", new { name = "Versions", ontology = Town.Ontology })).GetProperty("id").GetGuid()}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TextAsync(town.Owner.SendAsync(HttpMethod.Put, $"{project}/ontology", new { document = Town.Ontology }, ifMatch: "\"1\""))));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Contains(a.Code, new[] { "ontology.stale", "version.conflict" }));
        Assert.Equal(2, (await town.Owner.GetAsync($"{project}/ontology")).GetProperty("version").GetInt32());
    }

    private async Task<IReadOnlyList<Answer>> ManyAsync(string path, object body, string? key = null) =>
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TextAsync(town.Owner.SendAsync(HttpMethod.Post, path, body, key))));

    private async Task<Guid> TakeAsync(BrowserSession who) => (await town.NextAsync(who))!.Value.GetProperty("id").GetGuid();

    private async Task<IEnumerable<AuditEntry>> AuditOfAsync(Guid task, string act) =>
        (await shared.Host.AuditAsync(town.Project)).Where(e => e.Act == act && e.Subjects.Contains(task.ToString(), StringComparison.Ordinal));

    private static async Task<Answer> TextAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return new Answer(response.StatusCode, await response.BareAsync());
    }

    private sealed record Answer(HttpStatusCode Status, string Text)
    {
        public string? Code => JsonElement.Parse(Text).TryGetProperty("code", out var code) ? code.GetString() : null;

        public static implicit operator (HttpStatusCode, string)(Answer answer) => (answer.Status, answer.Text);
    }
}

public sealed class RaceOnSqliteTests(SqliteTown shared) : RaceTests(shared), IClassFixture<SqliteTown>;

/// <summary>Through PgBouncer in transaction mode, with fewer connections than there are callers.</summary>
public sealed class RaceThroughPoolerTests(PoolerTown shared) : RaceTests(shared), IClassFixture<PoolerTown>;

public sealed class RaceOnPostgresTests(PostgresTown shared) : RaceTests(shared), IClassFixture<PostgresTown>;
