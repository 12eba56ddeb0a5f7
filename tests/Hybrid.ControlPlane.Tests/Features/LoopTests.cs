using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Contracts.Grants;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>The whole loop and its refusals, over HTTP, on each database.</summary>
public abstract class LoopTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await StartAsync();
        town = await Town.BuildAsync(host, 12);
    }

    private protected virtual Task<ControlPlaneHost> StartAsync() => ControlPlaneHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Import_WhenRunTwice_AddsOnlyWhatIsNew()
    {
        await town.ImportAsync();

        var imports = (await town.Owner.GetAsync($"/api/projects/{town.Project}/imports")).GetProperty("items");
        Assert.Equal((12, 0, 1), (imports[1].GetProperty("added").GetInt32(), imports[1].GetProperty("unchanged").GetInt32(), imports[1].GetProperty("refused").GetInt32()));
        Assert.Equal((0, 12, 13), (imports[0].GetProperty("added").GetInt32(), imports[0].GetProperty("unchanged").GetInt32(), imports[0].GetProperty("listed").GetInt32()));
        var assets = (await town.Manager.GetAsync($"/api/projects/{town.Project}/assets?limit=5")).GetProperty("items");
        Assert.Equal((5, 1000), (assets.GetArrayLength(), assets[0].GetProperty("width").GetInt32()));
    }

    [Fact]
    public async Task SessionsThatAnAdminEnds_GiveTheirReservationsBack()
    {
        await town.NextAsync(town.Ana, reserve: 2);
        async Task<int> CountAsync(string state) => (await town.Manager.GetAsync(town.Tasks)).GetProperty("items").EnumerateArray().Count(t => t.GetProperty("state").GetString() == state);
        Assert.Equal((1, 2), (await CountAsync("held"), await CountAsync("reserved")));

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Delete, $"/api/people/{town.Ana.PersonId}/sessions"));

        Assert.Equal((1, 0), (await CountAsync("held"), await CountAsync("reserved")));
    }

    [Fact]
    public async Task Submit_ThenSendBack_ThenCorrect_LeavesADoneAssetAndItsWholeTrail()
    {
        var task = (await town.NextAsync(town.Ana))!.Value;
        var submitted = await SubmitAsync(town.Ana, task);
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        Assert.Equal(submitted.GetProperty("labelId").GetGuid(), review.GetProperty("label").GetProperty("id").GetGuid());
        // Pixels are rounded half to even at three decimals.
        Assert.Equal(20.123, review.GetProperty("label").GetProperty("document").GetProperty("objects")[0].GetProperty("geometry").GetProperty("y").GetDouble());
        await town.Reviewer.PostAsync($"{town.Tasks}/{Id(review)}/review", new { outcome = "sendBack", labelId = submitted.GetProperty("labelId").GetGuid(), reason = "The second boat is missing", score = 2, activeMs = 10 }, "review-0001");

        var again = (await town.NextAsync(town.Ana))!.Value;
        Assert.Equal(2, again.GetProperty("round").GetInt32());
        Assert.Equal("The second boat is missing", again.GetProperty("sentBack").GetProperty("reason").GetString());
        var second = await SubmitAsync(town.Ana, again, "submit-round2");
        Assert.Equal(2, second.GetProperty("version").GetInt32());
        var last = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        await town.Reviewer.PostAsync($"{town.Tasks}/{Id(last)}/review", new { outcome = "correct", labelId = second.GetProperty("labelId").GetGuid(), document = Town.Label(30), activeMs = 10 }, "review-0002");

        var asset = await town.Manager.GetAsync($"/api/projects/{town.Project}/assets/{task.GetProperty("asset").GetProperty("id").GetGuid()}");
        Assert.Equal("done", asset.GetProperty("status").GetString());
        Assert.Equal(3, asset.GetProperty("versions").GetArrayLength());
        var acts = (await host.AuditAsync(town.Project)).Select(e => e.Act).ToList();
        Assert.Equal(2, acts.Count(a => a == AuditActs.LabelSubmitted));
        Assert.Contains(AuditActs.ReviewSentBack, acts);
        Assert.Contains(AuditActs.ReviewCorrected, acts);
        Assert.All(await host.AuditAsync(town.Project), e => Assert.Null(e.Seq));
        Assert.DoesNotContain(await host.AuditAsync(), e => e.Facts.Contains("boat", StringComparison.OrdinalIgnoreCase) || e.Facts.Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Next_WhenManyAskAtOnce_NeverGivesTwoTheSameTask()
    {
        var everybody = new[] { town.Ana, town.Ben, town.Manager, town.Owner, town.Reviewer };
        var claimed = await Task.WhenAll(everybody.Select(p => town.NextAsync(p, reserve: 1)));

        var ids = claimed.Select(c => Id(c!.Value)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        // A live lease is given again, not a second one.
        Assert.Equal(ids[0], Id((await town.NextAsync(town.Ana))!.Value));
    }

    [Fact]
    public async Task Next_WhenReserved_GivesTheReservedOneAndNobodyElseIt()
    {
        var first = await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 2 });
        var reserved = first.GetProperty("reserved").EnumerateArray().Select(r => r.GetProperty("taskId").GetGuid()).ToList();
        Assert.Equal(2, reserved.Count);
        var bens = Id((await town.NextAsync(town.Ben))!.Value);
        Assert.DoesNotContain(bens, reserved);
        await SubmitAsync(town.Ana, first.GetProperty("task"));

        Assert.Equal(reserved[0], Id((await town.NextAsync(town.Ana))!.Value));
    }

    [Fact]
    public async Task Submit_WhenRepeatedWithTheSameKey_GivesTheSameAnswerOnce()
    {
        var task = (await town.NextAsync(town.Ana))!.Value;
        var body = Body();
        var first = await town.Ana.PostAsync($"{town.Tasks}/{Id(task)}/submit", body, "submit-0001");

        var second = await town.Ana.PostAsync($"{town.Tasks}/{Id(task)}/submit", body, "submit-0001");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(task)}/submit", Body(), "another-key-1").IsProblemAsync(HttpStatusCode.Conflict, "task.finished");
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelSubmitted);
    }

    [Fact]
    public async Task Submit_WhenRulesAreBroken_ListsEveryViolationAndKeepsTheDraft()
    {
        var task = (await town.NextAsync(town.Ana))!.Value;
        var saved = await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{Id(task)}/draft", new { document = Town.Label(990, null), revision = 1, activeMs = 5 }));
        Assert.Equal(1, saved.GetProperty("revision").GetInt32());

        var problem = await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(task)}/submit", new { document = Town.Label(990, null), activeMs = 5 }, "bad-label-1")
            .IsProblemAsync(HttpStatusCode.UnprocessableEntity, "label.invalid");

        Assert.Equal(["outside_asset", "required_answer"], problem.GetProperty("violations").EnumerateArray().Select(v => v.GetProperty("code").GetString()!).Order());
        var view = await town.Ana.GetAsync($"{town.Tasks}/{Id(task)}");
        Assert.Equal(1, view.GetProperty("draft").GetProperty("revision").GetInt32());
        await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{Id(task)}/draft", new { document = Town.Label(), revision = 1, activeMs = 5 }).IsProblemAsync(HttpStatusCode.Conflict, "draft.stale");
    }

    [Fact]
    public async Task Submit_WhenTheLeaseLapsed_IsAcceptedUnlessSomebodyElseTookIt()
    {
        var mine = (await town.NextAsync(town.Ana))!.Value;
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        await SubmitAsync(town.Ana, mine, "late-but-fine");

        var lost = (await town.NextAsync(town.Ana))!.Value;
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{Id(lost)}/draft", new { document = Town.Label(), revision = 1, activeMs = 5 }));
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(Id(lost), Id((await town.NextAsync(town.Ben))!.Value));
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(lost)}/submit", Body(), "late-and-lost").IsProblemAsync(HttpStatusCode.Conflict, "task.taken");
        await town.Ben.PostAsync($"{town.Tasks}/{Id(lost)}/release");
        var back = await town.Ana.PostAsync($"{town.Tasks}/{Id(lost)}/claim");
        Assert.Equal(1, back.GetProperty("draft").GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Review_WhenTheSamePersonLabeled_IsRefusedHoweverTheyCome()
    {
        var task = (await town.NextAsync(town.Reviewer))!.Value;
        await SubmitAsync(town.Reviewer, task);

        Assert.Null(await town.NextAsync(town.Reviewer, "review"));
        var queued = (await town.NextAsync(town.Manager, "review"))!.Value;
        await town.Reviewer.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(queued)}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.step_separation");
    }

    [Fact]
    public async Task Grant_WhenHeld_NamesTheObjectByDigestAndBindsTheBrowsersKey()
    {
        var task = (await town.NextAsync(town.Ana))!.Value;
        var path = $"{town.Tasks}/{Id(task)}/grant";

        var answer = JsonSerializer.Deserialize<GrantAnswer>(await (await town.Ana.GrantAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;

        using var keys = new HttpClient { BaseAddress = host.Url };
        var statements = JsonElement.Parse(await keys.GetStringAsync("/agent/v1/keys", TestContext.Current.CancellationToken)).GetProperty("statements").EnumerateArray().Select(s => s.GetString()!).ToList();
        Assert.True(CompactJws.TryParse(statements[0], KeyStatement.Type, false, out var first));
        var trusted = KeyStatement.Walk(first.Text("kid")!, statements).Value;
        var claims = GrantClaims.Read(answer.Grant, kid => trusted.GetValueOrDefault(kid)).Value;
        Assert.Equal((town.Ana.Thumbprint, town.Agent.Id.ToString(), "work", Id(task).ToString()), (claims.KeyThumbprint, claims.Audience, claims.Act, claims.Task));
        Assert.Equal(ObjectDigest.Of(answer.Objects.Single().Value), claims.Objects.Single());
        Assert.DoesNotContain(town.Ana.PersonId.ToString(), claims.Subject, StringComparison.Ordinal);
        Assert.Contains(await host.AuditAsync(town.Project), e => e.Act == AuditActs.GrantIssued);
    }

    [Fact]
    public async Task Grant_WhenProofKeyHolderOrAgentIsWrong_IsRefused()
    {
        var task = (await town.NextAsync(town.Ana))!.Value;
        var path = $"{town.Tasks}/{Id(task)}/grant";
        await town.Ana.GrantAsync(path, with: town.Ben.Key).IsProblemAsync(HttpStatusCode.Forbidden, "proof.key_mismatch");
        await town.Ana.SendAsync(HttpMethod.Post, path).IsProblemAsync(HttpStatusCode.Forbidden, "proof.malformed");
        await town.Ben.GrantAsync(path).IsProblemAsync(HttpStatusCode.Conflict, "task.not_held");
        await town.Stranger.GrantAsync(path).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Ana.GrantAsync($"/api/projects/{town.Project}/assets/grant", new { assetIds = new[] { task.GetProperty("asset").GetProperty("id").GetGuid() } }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");

        await town.Owner.PostAsync($"/api/agents/{town.Agent.Id}/revoke");
        await town.Ana.GrantAsync(path).IsProblemAsync(HttpStatusCode.Conflict, "agent.revoked");
        await Wait.UntilAsync(() => Task.FromResult(town.Agent.State == HubConnectionState.Disconnected));
    }

    [Fact]
    public async Task Enrolment_WhenTheTokenWasUsedOrLapsed_IsRefused()
    {
        var id = (await town.Owner.PostAsync("/api/agents", new { name = "second" })).GetProperty("id").GetGuid();
        var token = (await town.Owner.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        using var one = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var two = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var answers = await Task.WhenAll(FakeAgent.RequestAsync(host, token, one), FakeAgent.RequestAsync(host, token, two));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(a => a.StatusCode).Order());

        var late = (await town.Owner.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        using var three = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await FakeAgent.RequestAsync(host, late, three).IsProblemAsync(HttpStatusCode.Forbidden, "enrolment.token");
    }

    [Fact]
    public async Task EveryProjectRoute_WhenTheCallerHasNoRole_IsTheSame404AsForAProjectThatDoesNotExist()
    {
        var task = Id((await town.NextAsync(town.Ana))!.Value);
        foreach (var (method, path, body) in ForeignRoutes.Of(town.Project, task))
        {
            using var foreign = await town.Stranger.SendAsync(method, path, body, "foreign-key-1", "\"1\"");
            using var missing = await town.Stranger.SendAsync(method, path.Replace(town.Project.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal), body, "foreign-key-1", "\"1\"");
            Assert.True(foreign.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {foreign.StatusCode}");
            Assert.Equal(await missing.BareAsync(), await foreign.BareAsync());
        }
    }

    [Fact]
    public async Task Session_WhenLockedForeignOrCrossSite_GetsNothing()
    {
        using var nobody = new BrowserSession(host);
        await nobody.Http.GetAsync("/api/projects", TestContext.Current.CancellationToken).IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await nobody.SendAsync(HttpMethod.Post, "/api/session", new { email = "nobody@example.org", password = "wrong password", keyThumbprint = nobody.Thumbprint }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");

        // A copied cookie in a browser without the key: the session works for reading, but no grant comes out of it.
        using var thief = new BrowserSession(host, town.Ana.Cookies);
        var task = Id((await town.NextAsync(town.Ana))!.Value);
        await thief.GrantAsync($"{town.Tasks}/{task}/grant").IsProblemAsync(HttpStatusCode.Forbidden, "proof.key_mismatch");

        town.Ana.Http.DefaultRequestHeaders.Remove("X-Hybrid-Request");
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 }).IsProblemAsync(HttpStatusCode.Forbidden, "request.cross_site");
    }

    [Fact]
    public async Task Members_WhenARoleIsAboveOnesOwn_AreRefused()
    {
        var path = $"/api/projects/{town.Project}/members";
        await town.Manager.SendAsync(HttpMethod.Post, path, new { personId = town.Stranger.PersonId, role = "teamManager" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Ana.SendAsync(HttpMethod.Post, path, new { personId = town.Stranger.PersonId, role = "labeler" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Owner.SendAsync(HttpMethod.Delete, $"{path}/{town.Owner.PersonId}").IsProblemAsync(HttpStatusCode.Conflict, "member.last_admin");
        await town.Manager.PostAsync(path, new { personId = town.Stranger.PersonId, role = "labeler" });
        Assert.Equal(1, (await town.Stranger.GetAsync("/api/projects")).GetProperty("items").GetArrayLength());
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Delete, $"{path}/{town.Stranger.PersonId}"));
        Assert.Equal(0, (await town.Stranger.GetAsync("/api/projects")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Ontology_WhenPublishedFromAnOldVersion_IsRefused()
    {
        var path = $"/api/projects/{town.Project}/ontology";
        var done = await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, path, new { document = Town.Ontology }, ifMatch: "\"1\""));
        Assert.Equal(2, done.GetProperty("version").GetInt32());
        await town.Owner.SendAsync(HttpMethod.Put, path, new { document = Town.Ontology }, ifMatch: "\"1\"").IsProblemAsync(HttpStatusCode.PreconditionFailed, "ontology.stale");
        await town.Owner.SendAsync(HttpMethod.Put, path, new { document = new { tools = new[] { new { id = "Bad Id", kind = "blob" } } } }, ifMatch: "\"2\"").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "ontology.invalid");
        await town.Manager.SendAsync(HttpMethod.Put, path, new { document = Town.Ontology }, ifMatch: "\"2\"").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    private static Guid Id(JsonElement task) => task.GetProperty("id").GetGuid();

    private static object Body() => new { document = Town.Label(), activeMs = 1234 };

    private Task<JsonElement> SubmitAsync(BrowserSession who, JsonElement task, string key = "submit-0001") => who.PostAsync($"{town.Tasks}/{Id(task)}/submit", Body(), key);
}

public sealed class LoopOnSqliteTests() : LoopTests(DatabaseProvider.Sqlite);

public sealed class LoopOnPostgresTests() : LoopTests(DatabaseProvider.Postgres);

/// <summary>Through PgBouncer in transaction mode: what a transaction sets is gone when another one has the connection.</summary>
public sealed class LoopThroughPoolerTests() : LoopTests(DatabaseProvider.Postgres)
{
    private protected override Task<ControlPlaneHost> StartAsync() => ControlPlaneHost.StartThroughPoolerAsync();
}
