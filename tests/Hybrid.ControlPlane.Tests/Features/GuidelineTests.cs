using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>How to label: versions, pictures from the customer's storage, and reading before the next claim, over HTTP, on each database.</summary>
public abstract class GuidelineTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    private string Guidelines => $"/api/projects/{town.Project}/guidelines";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 4);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Publish_MakesImmutableVersions_AndEveryLabelSaysWhichWasInForce()
    {
        Assert.Equal(JsonValueKind.Null, (await town.Ana.GetAsync(Guidelines)).GetProperty("inForce").ValueKind);
        var before = await LabelAsync(town.Ana);
        await PublishAsync(0, "# Boats\nTight boxes.", new { boat = "Sails too." }, "First");
        var first = await LabelAsync(town.Ana);
        await PublishAsync(1, "# Boats\nTight boxes, masts too.", new { }, "Masts were asked about");
        var second = await LabelAsync(town.Ana);

        Assert.Equal([null, 1, 2], new[] { before, first, second }.Select(asset => GuidelineOf(town.Owner.GetAsync($"/api/projects/{town.Project}/assets/{asset}").GetAwaiter().GetResult())));
        var old = await town.Ben.GetAsync($"{Guidelines}/1");
        Assert.Equal(("# Boats\nTight boxes.", "Sails too.", "First"), (old.GetProperty("text").GetString(), old.GetProperty("sections").GetProperty("boat").GetString(), old.GetProperty("reason").GetString()));
        Assert.Equal([2, 1], (await town.Ben.GetAsync($"{Guidelines}/versions")).GetProperty("items").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        Assert.Equal(2, (await town.Ben.GetAsync($"{Guidelines}/versions?limit=1")).GetProperty("next").GetInt32());
        Assert.Equal(1, (await town.Ben.GetAsync($"{Guidelines}/versions?limit=1&before=2")).GetProperty("items")[0].GetProperty("version").GetInt32());
        await town.Ben.SendAsync(HttpMethod.Get, $"{Guidelines}/3").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(2, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.GuidelineVersionCreated));
        Assert.Contains(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelSubmitted && e.Facts.Contains("\"guideline\":2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_FromAnOldVersion_OrWithWhatIsNotThere_IsRefused()
    {
        await PublishAsync(0, "One", new { }, "First");

        await SendAsync(0, "Two", new { }, "Late").IsProblemAsync(HttpStatusCode.PreconditionFailed, "guideline.stale");
        await SendAsync(1, "One", new { }, "Nothing new").IsProblemAsync(HttpStatusCode.Conflict, "guideline.same");
        await SendAsync(1, "Two", new { whale = "Big." }, "Whales").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "guideline.unknown_class");
        await SendAsync(1, $"![x](picture:{Guid.NewGuid()})", new { }, "A picture").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "guideline.unknown_picture");
        await SendAsync(1, "", new { }, "Empty").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(1, "Two", new { }, "").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(1, new string('x', 100_001), new { }, "Long").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(1, "Two", new { boat = new string('x', 20_001) }, "Long").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Put, Guidelines, new { text = "Two", sections = new { }, reason = "No version", mustRead = false }).IsProblemAsync(HttpStatusCode.BadRequest, "request.if_match");
        await town.Manager.SendAsync(HttpMethod.Put, Guidelines, new { text = "Two", sections = new { }, reason = "No right", mustRead = false }, ifMatch: "\"1\"").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        Assert.Equal(1, (await town.Ana.GetAsync(Guidelines)).GetProperty("inForce").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task MustRead_RefusesEveryClaimUntilItIsSaid_AndSayingItIsRecordedOnce()
    {
        var inHand = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        var free = (await town.Manager.GetAsync(town.Tasks)).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()).First(id => id != inHand);
        await PublishAsync(0, "Read me", new { }, "First", mustRead: true);

        var refusal = await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 2 }).IsProblemAsync(HttpStatusCode.Conflict, "guideline.unread");
        Assert.Equal(1, refusal.GetProperty("guidelineVersion").GetInt32());
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{free}/claim").IsProblemAsync(HttpStatusCode.Conflict, "guideline.unread");
        // What is in hand is finished as it was begun.
        await town.Ana.PostAsync($"{town.Tasks}/{inHand}/submit", new { document = Town.Label(), activeMs = 5 }, "work-in-hand");
        Assert.Equal(1, (await town.Ana.GetAsync(Guidelines)).GetProperty("toRead").GetInt32());
        await town.Ana.SendAsync(HttpMethod.Post, $"{Guidelines}/2/read").IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        await town.Ana.SendAsync(HttpMethod.Post, $"{Guidelines}/1/read");
        await town.Ana.SendAsync(HttpMethod.Post, $"{Guidelines}/1/read");

        Assert.NotNull(await town.NextAsync(town.Ana));
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.GuidelineRead && e.ActorId == town.Ana.PersonId);
        await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 }).IsProblemAsync(HttpStatusCode.Conflict, "guideline.unread");
        await town.Reviewer.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "review", reserve = 0 }).IsProblemAsync(HttpStatusCode.Conflict, "guideline.unread");

        // A version that need not be read leaves the older duty: whoever did it is free, the others read the newest.
        await PublishAsync(1, "Read me, too", new { }, "Small");
        Assert.Equal(JsonValueKind.Null, (await town.Ana.GetAsync(Guidelines)).GetProperty("toRead").ValueKind);
        Assert.Equal(2, (await town.Ben.GetAsync(Guidelines)).GetProperty("toRead").GetInt32());
        await town.Ben.SendAsync(HttpMethod.Post, $"{Guidelines}/1/read").IsProblemAsync(HttpStatusCode.Conflict, "guideline.not_in_force");
        await town.Ben.SendAsync(HttpMethod.Post, $"{Guidelines}/2/read");
        Assert.NotNull(await town.NextAsync(town.Ben));

        var readings = (await town.Manager.GetAsync($"{Guidelines}/readings")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("person").GetProperty("id").GetGuid(), i => i.GetProperty("version"));
        Assert.Equal((1, 2, JsonValueKind.Null), (readings[town.Ana.PersonId].GetInt32(), readings[town.Ben.PersonId].GetInt32(), readings[town.Reviewer.PersonId].ValueKind));
        await town.Ana.SendAsync(HttpMethod.Get, $"{Guidelines}/readings").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    [Fact]
    public async Task Pictures_AreForTheProjectsPeopleOnceAVersionShowsThem_AndNothingElseIs()
    {
        var asset = (await town.Owner.GetAsync($"/api/projects/{town.Project}/assets")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var shown = (await town.Owner.PostAsync($"{Guidelines}/pictures", new { connectionId = town.Connection, key = "guides/mast.png" })).GetProperty("id").GetGuid();
        var drafted = (await town.Owner.PostAsync($"{Guidelines}/pictures", new { assetId = asset })).GetProperty("id").GetGuid();
        Assert.Equal(shown, (await town.Owner.PostAsync($"{Guidelines}/pictures", new { connectionId = town.Connection, key = "guides/mast.png" })).GetProperty("id").GetGuid());
        await town.Owner.SendAsync(HttpMethod.Post, $"{Guidelines}/pictures", new { connectionId = Guid.NewGuid(), key = "x.png" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "guideline.unknown_object");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Guidelines}/pictures", new { assetId = Guid.NewGuid() }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "guideline.unknown_object");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Guidelines}/pictures", new { assetId = asset, key = "x.png" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Guidelines}/pictures", new { assetId = asset }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");

        await GrantAsync(town.Ana, shown).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(["guides/mast.png"], KeysOf(await BrowserSession.OkAsync(await GrantAsync(town.Owner, shown))));
        await PublishAsync(0, $"A mast: ![mast](picture:{shown})", new { }, "With a picture");

        Assert.Equal(["guides/mast.png"], KeysOf(await BrowserSession.OkAsync(await GrantAsync(town.Ana, shown))));
        await GrantAsync(town.Ana, shown, drafted).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await GrantAsync(town.Ana, asset).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await GrantAsync(town.Stranger, shown).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await GrantAsync(town.Ana).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(new[] { drafted, shown }.Order(), (await town.Owner.GetAsync($"{Guidelines}/pictures")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetGuid()).Order());

        // With the connection its pictures go too.
        await town.Owner.SendAsync(HttpMethod.Delete, $"/api/projects/{town.Project}/connections/{town.Connection}");
        await GrantAsync(town.Ana, shown).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static IEnumerable<string?> KeysOf(JsonElement grant) => grant.GetProperty("objects").EnumerateObject().Select(o => o.Value.GetRawText().Contains("guides/mast.png", StringComparison.Ordinal) ? "guides/mast.png" : o.Value.GetRawText());

    private Task<HttpResponseMessage> GrantAsync(BrowserSession who, params Guid[] pictures) => who.GrantAsync($"{Guidelines}/grant", new { pictureIds = pictures });

    private async Task PublishAsync(int basedOn, string text, object sections, string reason, bool mustRead = false) =>
        Assert.Equal(basedOn + 1, (await BrowserSession.OkAsync(await SendAsync(basedOn, text, sections, reason, mustRead))).GetProperty("version").GetInt32());

    private Task<HttpResponseMessage> SendAsync(int basedOn, string text, object sections, string reason, bool mustRead = false) =>
        town.Owner.SendAsync(HttpMethod.Put, Guidelines, new { text, sections, reason, mustRead }, ifMatch: $"\"{basedOn}\"");

    private async Task<Guid> LabelAsync(BrowserSession who)
    {
        var task = (await town.NextAsync(who))!.Value;
        await who.PostAsync($"{town.Tasks}/{task.GetProperty("id").GetGuid()}/submit", new { document = Town.Label(), activeMs = 5 }, $"key-{Guid.NewGuid():N}");
        return task.GetProperty("asset").GetProperty("id").GetGuid();
    }

    private static int? GuidelineOf(JsonElement asset) => asset.GetProperty("versions")[0].GetProperty("guidelineVersion") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : null;
}

public sealed class GuidelineOnSqliteTests() : GuidelineTests(DatabaseProvider.Sqlite);

public sealed class GuidelineOnPostgresTests() : GuidelineTests(DatabaseProvider.Postgres);
