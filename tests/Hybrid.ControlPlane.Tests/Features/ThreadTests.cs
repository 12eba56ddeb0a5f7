using System.Net;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Issues and questions: who sees them, who answers, who hears of it, over HTTP, on each database.</summary>
public abstract class ThreadTests(DatabaseProvider provider) : IAsyncLifetime
{
    private static readonly object OnAsset = new { kind = "asset" };

    private ControlPlaneHost host = null!;
    private Town town = null!;

    private string Threads => $"/api/projects/{town.Project}/threads";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 8);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task AQuestion_WaitsForWhoeverReviews_IsAnswered_AndSettledByWhoAskedIt()
    {
        var asset = await HoldAsync(town.Ana);
        var id = await OpenAsync(town.Ana, asset, "question", new { kind = "point", x = 10.5, y = 20 }, "Is this a mast?");
        Assert.Equal((1, 0), await CountsAsync(town.Ana));
        Assert.Equal((1, 1), await CountsAsync(town.Manager));
        // Not theirs: they have nothing to do with the asset.
        await town.Ben.SendAsync(HttpMethod.Get, $"{Threads}/{id}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Reviewer.SendAsync(HttpMethod.Get, $"{Threads}/{id}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        Tick();
        Assert.Equal(2, (await town.Manager.PostAsync($"{Threads}/{id}/comments", new { text = "It is. Box it." })).GetProperty("number").GetInt32());

        Assert.Equal((1, 1), await CountsAsync(town.Ana));
        Assert.Equal((1, 0), await CountsAsync(town.Manager));
        Tick();
        await NoContentAsync(town.Ana.SendAsync(HttpMethod.Post, $"{Threads}/{id}/seen"));
        Assert.Equal((1, 0), await CountsAsync(town.Ana));
        Tick();
        await NoContentAsync(town.Ana.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "solved" }));
        await town.Ana.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "cancelled" }).IsProblemAsync(HttpStatusCode.Conflict, "thread.settled");
        Assert.Equal((0, 1), await CountsAsync(town.Manager));
        Tick();
        await NoContentAsync(town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "open" }));
        await town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "open" }).IsProblemAsync(HttpStatusCode.Conflict, "thread.not_settled");

        var view = await town.Ana.GetAsync($"{Threads}/{id}");
        Assert.Equal(["Is this a mast?", "It is. Box it."], view.GetProperty("comments").EnumerateArray().Select(c => c.GetProperty("text").GetString()));
        var anchor = view.GetProperty("thread").GetProperty("anchor");
        Assert.Equal(("point", 10.5, 20.0), (anchor.GetProperty("kind").GetString(), anchor.GetProperty("x").GetDouble(), anchor.GetProperty("y").GetDouble()));
        Assert.Equal(
            [AuditActs.ThreadOpened, AuditActs.ThreadCommented, AuditActs.ThreadSettled, AuditActs.ThreadReopened],
            (await host.AuditAsync(town.Project)).Where(e => e.Act.StartsWith("thread.", StringComparison.Ordinal)).OrderBy(e => e.At).Select(e => e.Act));
        Assert.DoesNotContain(await host.AuditAsync(town.Project), e => e.Facts.Contains("mast", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnIssue_GoesToTheLabeler_WhoAnswersButDoesNotSettleIt_AndStaysWithItsObject()
    {
        var (asset, boat) = await LabelAsync(town.Ana);
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        var id = await OpenAsync(town.Reviewer, asset, "issue", new { kind = "object", objectId = boat }, "The mast is missing.");
        Tick();

        var mine = (await town.Ana.GetAsync($"{Threads}?whose=assignedToMe&unread=true")).GetProperty("items");
        Assert.Equal(id, mine[0].GetProperty("id").GetGuid());
        Assert.Equal(("issue", "open", false, boat), (mine[0].GetProperty("kind").GetString(), mine[0].GetProperty("status").GetString(), mine[0].GetProperty("maySettle").GetBoolean(), mine[0].GetProperty("anchor").GetProperty("objectId").GetGuid()));
        await town.Ana.PostAsync($"{Threads}/{id}/comments", new { text = "Drawn now." });
        await town.Ana.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "solved" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Ana.SendAsync(HttpMethod.Put, $"{Threads}/{id}/assignee", new { person = (string?)null }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        // Issues are for those who judge; and nobody speaks about an asset that is not there for them.
        await town.Ana.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "issue", anchor = OnAsset, text = "x" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Ben.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "question", anchor = OnAsset, text = "x" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[] { (HttpMethod.Post, "comments", new { text = "x" }), (HttpMethod.Put, "status", new { status = "solved" }), (HttpMethod.Post, "seen", null) })
            await town.Ben.SendAsync(method, $"{Threads}/{id}/{path}", body).IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        // Sent back and labeled anew: the thread is still there, and still about the boat.
        await town.Reviewer.PostAsync($"{town.Tasks}/{review.GetProperty("id").GetGuid()}/review", new { outcome = "sendBack", labelId = review.GetProperty("label").GetProperty("id").GetGuid(), reason = "Mast", activeMs = 1 }, "send-back-1");
        await LabelAsync(town.Ana, boat);
        Assert.Equal(boat, (await town.Ana.GetAsync($"{Threads}/{id}")).GetProperty("thread").GetProperty("anchor").GetProperty("objectId").GetGuid());
        await NoContentAsync(town.Reviewer.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "solved" }));
    }

    [Fact]
    public async Task WhatAnotherSaid_IsSeenByALabeler_OnlyOfEarlierRounds()
    {
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/send-back", new { toQueue = true }));
        var asset = await HoldAsync(town.Ana);
        var id = await OpenAsync(town.Ana, asset, "question", OnAsset, "What is this?");
        await LabelAsync(town.Ana);
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        Assert.Equal(1, (await CountsAsync(town.Reviewer)).Open);
        await town.Reviewer.PostAsync($"{town.Tasks}/{review.GetProperty("id").GetGuid()}/review", new { outcome = "sendBack", labelId = review.GetProperty("label").GetProperty("id").GetGuid(), reason = "Mast", activeMs = 1 }, "send-back-2");
        await town.Ben.SendAsync(HttpMethod.Get, $"{Threads}/{id}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        var back = (await town.Manager.GetAsync(town.Tasks)).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("asset").GetProperty("id").GetGuid() == asset).GetProperty("id").GetGuid();
        await town.Ben.PostAsync($"{town.Tasks}/{back}/claim");

        Assert.Equal("What is this?", (await town.Ben.GetAsync($"{Threads}/{id}")).GetProperty("comments")[0].GetProperty("text").GetString());
        // One that is opened in this round is the other's alone.
        var mine = await OpenAsync(town.Ben, asset, "question", OnAsset, "And this?");
        await town.Ana.SendAsync(HttpMethod.Get, $"{Threads}/{mine}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task OpenIssues_BlockApproval_WhereTheProjectSaysSo()
    {
        var (asset, _) = await LabelAsync(town.Ana);
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        var id = await OpenAsync(town.Reviewer, asset, "issue", OnAsset, "Not yet.");
        var approve = (string key) => town.Reviewer.SendAsync(HttpMethod.Post, $"{town.Tasks}/{review.GetProperty("id").GetGuid()}/review", new { outcome = "approve", labelId = review.GetProperty("label").GetProperty("id").GetGuid(), activeMs = 1 }, key);
        await town.Manager.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/issues-block", new { on = true }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/issues-block", new { on = true }));

        await approve("approve-1").IsProblemAsync(HttpStatusCode.Conflict, "review.open_issue");
        await NoContentAsync(town.Reviewer.SendAsync(HttpMethod.Put, $"{Threads}/{id}/status", new { status = "cancelled" }));

        using var approved = await approve("approve-2");
        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.IssuesBlockChanged);
    }

    [Fact]
    public async Task Mentions_AreOfTheProjectsPeopleAlone_AndInBlindReviewByPseudonym()
    {
        var asset = await HoldAsync(town.Ana);
        await town.Ana.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "question", anchor = OnAsset, text = $"@[{town.Stranger.PersonId}] look" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "thread.unknown_person");
        var id = await OpenAsync(town.Ana, asset, "question", OnAsset, $"@[{town.Ben.PersonId}] what is this?");
        Assert.Equal((1, 1), await CountsAsync(town.Ben));
        Assert.Contains(town.Ben.PersonId.ToString(), (await town.Ben.GetAsync($"{Threads}/{id}")).GetProperty("comments")[0].GetProperty("text").GetString()!, StringComparison.Ordinal);

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/anonymization", new { on = true }));

        var blind = (await town.Ana.GetAsync($"{Threads}/{id}")).GetRawText();
        Assert.DoesNotContain(town.Ben.PersonId.ToString(), blind, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Annotator ", blind, StringComparison.Ordinal);
        var people = (await town.Ana.GetAsync($"{Threads}/people?limit=100")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(5, people.Count);
        Assert.All(people, p => Assert.StartsWith("Annotator ", p.GetProperty("name").GetString(), StringComparison.Ordinal));
        // By its pseudonym somebody can be mentioned and asked; by a real id nobody is, since nobody should know one.
        await town.Ana.SendAsync(HttpMethod.Post, $"{Threads}/{id}/comments", new { text = $"@[{town.Reviewer.PersonId}]" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "thread.unknown_person");
        var known = people[0].GetProperty("id").GetString();
        await town.Ana.PostAsync($"{Threads}/{id}/comments", new { text = $"And @[{known}]?" });
        Assert.Equal($"And @[{known}]?", (await town.Ana.GetAsync($"{Threads}/{id}")).GetProperty("comments")[1].GetProperty("text").GetString());
        await NoContentAsync(town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/assignee", new { person = known }));
        Assert.Equal(known, (await town.Ana.GetAsync($"{Threads}/{id}")).GetProperty("thread").GetProperty("assignee").GetProperty("id").GetString());
        await town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/assignee", new { person = "nobody" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "thread.unknown_person");
    }

    [Fact]
    public async Task TheList_IsFilteredAndRead_PageByPage()
    {
        var asset = await HoldAsync(town.Ana);
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await OpenAsync(town.Ana, asset, "question", OnAsset, $"Question {i}"));
            Tick();
        }

        await NoContentAsync(town.Ana.SendAsync(HttpMethod.Put, $"{Threads}/{ids[0]}/status", new { status = "solved" }));
        var read = new List<Guid>();
        string? after = null;
        do
        {
            var page = await town.Manager.GetAsync($"{Threads}?limit=2{(after is null ? "" : $"&after={after}")}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        Assert.Equal(Enumerable.Reverse(ids), read);
        Assert.Equal([ids[0]], await IdsAsync("status=solved"));
        Assert.Equal([ids[3]], await IdsAsync("search=Question%203"));
        Assert.Empty(await IdsAsync("kind=issue"));
        Assert.Empty(await IdsAsync($"asset={Guid.NewGuid()}"));
        Assert.Equal(5, (await IdsAsync($"asset={asset}")).Count);
        await town.Manager.SendAsync(HttpMethod.Get, $"{Threads}?limit=0").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.SendAsync(HttpMethod.Get, $"{Threads}?kind=gossip").IsProblemAsync(HttpStatusCode.BadRequest, "request.malformed");
    }

    [Fact]
    public async Task WhatIsNotWhole_IsRefused()
    {
        var asset = await HoldAsync(town.Ana);
        foreach (var anchor in new object[] { new { kind = "point", x = 1 }, new { kind = "object" }, new { kind = "asset", x = 1, y = 1 }, new { kind = "time", start = 5, end = 1 }, new { kind = "point", x = -1, y = 1 } })
            await town.Ana.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "question", anchor, text = "x" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "question", anchor = new { kind = "point", x = 1001, y = 1 }, text = "x" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "thread.outside");
        foreach (var text in new[] { "", "   ", new string('x', 4001) })
            await town.Ana.SendAsync(HttpMethod.Post, Threads, new { assetId = asset, kind = "question", anchor = OnAsset, text }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task AnAnswer_BecomesAGuideline()
    {
        var asset = await HoldAsync(town.Ana);
        var id = await OpenAsync(town.Ana, asset, "question", OnAsset, "Masts?");
        await town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/guideline", new { version = 1 }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "thread.unknown_guideline");
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/guidelines", new { text = "Masts too.", sections = new { }, reason = "Masts", mustRead = false }, ifMatch: "\"0\""));

        await NoContentAsync(town.Manager.SendAsync(HttpMethod.Put, $"{Threads}/{id}/guideline", new { version = 1 }));

        Assert.Equal(1, (await town.Ana.GetAsync($"{Threads}/{id}")).GetProperty("thread").GetProperty("becameGuideline").GetInt32());
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.ThreadBecameGuideline);
    }

    [Fact]
    public async Task Pages_HearThatSomethingChanged_IfItConcernsThem()
    {
        var asset = await HoldAsync(town.Ana);
        await using var ana = await ListenAsync(town.Ana);
        await using var ben = await ListenAsync(town.Ben);
        await using var manager = await ListenAsync(town.Manager);
        await using var stranger = await ListenAsync(town.Stranger);
        Assert.Equal((true, true, true, false), (ana.Watches, ben.Watches, manager.Watches, stranger.Watches));

        var id = await OpenAsync(town.Ana, asset, "question", OnAsset, "Who?");
        await town.Manager.PostAsync($"{Threads}/{id}/comments", new { text = "Me." });

        await Hybrid.Testing.Wait.UntilAsync(() => Task.FromResult(ana.Heard.Count >= 2 && manager.Heard.Count >= 2));
        Assert.All(ana.Heard, heard => Assert.Equal((town.Project, LiveKinds.Threads), heard));
        Assert.Empty(ben.Heard);
        Assert.Empty(stranger.Heard);
    }

    private sealed class Listener(HubConnection link) : IAsyncDisposable
    {
        public System.Collections.Concurrent.ConcurrentQueue<(Guid, string)> Heard { get; } = new();

        public bool Watches { get; set; }

        public ValueTask DisposeAsync() => link.DisposeAsync();
    }

    private async Task<Listener> ListenAsync(BrowserSession who)
    {
        var link = new HubConnectionBuilder().WithUrl(new Uri(host.Url, ProjectLive.Path), o => o.Cookies = who.Cookies).Build();
        var listener = new Listener(link);
        link.On<Guid, string>(ProjectLive.Changed, (project, kind) => listener.Heard.Enqueue((project, kind)));
        await link.StartAsync();
        listener.Watches = await link.InvokeAsync<bool>(nameof(ProjectLive.Watch), town.Project);
        return listener;
    }

    private void Tick() => host.Clock.Advance(TimeSpan.FromSeconds(1));

    private async Task<IReadOnlyList<Guid>> IdsAsync(string query) => [.. (await town.Manager.GetAsync($"{Threads}?{query}")).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid())];

    private async Task<(int Open, int Unread)> CountsAsync(BrowserSession who) => await who.GetAsync($"{Threads}/counts") is var c ? (c.GetProperty("open").GetInt32(), c.GetProperty("unread").GetInt32()) : default;

    private async Task<Guid> OpenAsync(BrowserSession who, Guid asset, string kind, object anchor, string text) => (await who.PostAsync(Threads, new { assetId = asset, kind, anchor, text })).GetProperty("id").GetGuid();

    private async Task<Guid> HoldAsync(BrowserSession who) => (await town.NextAsync(who))!.Value.GetProperty("asset").GetProperty("id").GetGuid();

    private async Task<(Guid Asset, Guid Boat)> LabelAsync(BrowserSession who, Guid? boat = null)
    {
        var task = (await town.NextAsync(who))!.Value;
        var id = boat ?? Guid.CreateVersion7();
        var document = new
        {
            schema = "hybrid.label/1", ontologyVersion = 1, answers = new { }, relations = Array.Empty<object>(),
            objects = new[] { new { id, tool = "boat", geometry = new { x = 10, y = 20, w = 100, h = 50 }, answers = new { kind = new[] { "sail" } } } },
        };
        await who.PostAsync($"{town.Tasks}/{task.GetProperty("id").GetGuid()}/submit", new { document, activeMs = 5 }, $"key-{Guid.NewGuid():N}");
        return (task.GetProperty("asset").GetProperty("id").GetGuid(), id);
    }

    private static async Task NoContentAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync());
    }
}

public sealed class ThreadOnSqliteTests() : ThreadTests(DatabaseProvider.Sqlite);

public sealed class ThreadOnPostgresTests() : ThreadTests(DatabaseProvider.Postgres);
