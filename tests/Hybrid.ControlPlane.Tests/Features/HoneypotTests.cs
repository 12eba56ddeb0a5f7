using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Known answers mixed in among the tasks, and what follows from people's scores, on each database.</summary>
public abstract class HoneypotTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;
    private int keys;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Project => $"/api/projects/{town.Project}";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 120);
        // Nobody reviews: every label is the asset's answer at once.
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/workflow", new { steps = new[] { new { name = "Labeling" } } }, ifMatch: "\"1\""));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task KnownAnswers_ComeFromOutside_AllOrNone()
    {
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots/import", new
        {
            lines = new object[] { Line(1), new { name = "boats/9999.jpg", document = Town.Label() }, new { name = "boats/0002.jpg", document = Town.Label(kind: null) }, Line(1) },
        }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "honeypot.lines_refused");
        Assert.Equal(0, (await town.Manager.GetAsync($"{Project}/honeypots")).GetProperty("items").GetArrayLength());

        await town.Owner.PostAsync($"{Project}/honeypots/import", new { lines = new[] { Line(1), Line(2) } });

        var items = (await town.Manager.GetAsync($"{Project}/honeypots")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["boats/0001.jpg", "boats/0002.jpg"], items.Select(i => i.GetProperty("name").GetString()).Order());
        var view = await town.Manager.GetAsync($"{Project}/assets/{items[0].GetProperty("assetId").GetGuid()}");
        Assert.Equal(("done", "import"), (view.GetProperty("status").GetString(), view.GetProperty("versions")[0].GetProperty("origin").GetString()));
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots/import", new { lines = new[] { Line(1) } }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "honeypot.lines_refused");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/honeypots/import", new { lines = new[] { Line(3) } }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        Assert.Equal(2, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.HoneypotCreated));
    }

    [Fact]
    public async Task ALabel_IsPromoted_OnceAndOnlyWhenItsAssetIsDone()
    {
        var (asset, label) = await LabelAsync(town.Ana, 10);
        var honeypot = (await town.Owner.PostAsync($"{Project}/honeypots", new { labelId = label })).GetProperty("id").GetGuid();

        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots", new { labelId = label }).IsProblemAsync(HttpStatusCode.Conflict, "honeypot.exists");
        var (other, second) = await LabelAsync(town.Ana, 10);
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/assets/{other}/reopen"));
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots", new { labelId = second }).IsProblemAsync(HttpStatusCode.Conflict, "honeypot.asset_in_work");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots", new { labelId = Guid.NewGuid() }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(honeypot, (await town.Manager.GetAsync($"{Project}/assets/{asset}")).GetProperty("honeypot").GetProperty("id").GetGuid());

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/honeypots/{honeypot}/retire"));
        Assert.NotEqual(JsonValueKind.Null, (await town.Manager.GetAsync($"{Project}/honeypots")).GetProperty("items")[0].GetProperty("retiredAt").ValueKind);
    }

    [Fact]
    public async Task AHoneypot_LooksLikeAnyOtherTask_KeepsItsDistance_AndNeverComesTwiceToOnePerson()
    {
        await ImportAsync(8);
        await SettingsAsync(0, share: 0.5, spacing: 2, mostGiven: 2);
        var (shapes, times, kinds) = (new Dictionary<bool, HashSet<string>> { [false] = [], [true] = [] }, new Dictionary<bool, List<double>> { [false] = [], [true] = [] }, new List<bool>());
        var given = new List<Guid>();

        for (var i = 0; i < 45; i++)
        {
            var watch = Stopwatch.StartNew();
            var next = await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = i % 2 == 0 ? 2 : 1 });
            var took = watch.Elapsed.TotalMilliseconds;
            var task = next.GetProperty("task");
            var claimed = await town.Ana.PostAsync($"{town.Tasks}/{Id(task)}/claim");
            var label = await SubmitAsync(town.Ana, Id(task), 10);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var isHoneypot = await PurposeAsync(Id(task)) == TaskPurpose.Honeypot;
            kinds.Add(isHoneypot);
            times[isHoneypot].Add(took);
            if (isHoneypot) given.Add(task.GetProperty("asset").GetProperty("id").GetGuid());
            shapes[isHoneypot].Add($"{ConsensusTests.Shape(task)} {ConsensusTests.Shape(claimed)} {ConsensusTests.Shape(label)}");
            await FollowedAsync();
        }

        Assert.InRange(given.Count, 3, 15);
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.Equal(shapes[false], shapes[true]);
        // Two reserved tasks may lie before one that was made ready, never between it and the one before.
        var at = kinds.Select((k, i) => (k, i)).Where(k => k.k).Select(k => k.i).ToList();
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.True(pair.Second - pair.First > 1, string.Join(' ', at)));
        Assert.InRange(times[true].Order().ElementAt(times[true].Count / 2) / times[false].Order().ElementAt(times[false].Count / 2), 0.5, 2);

        // Its person alone is given it, the queue does not show it, and a manager cannot steer it.
        await using var db = host.Database.Open();
        Assert.Equal(given.Count, await db.HoneypotScores.IgnoreQueryFilters().CountAsync(s => s.ProjectId == town.Project && s.Score == 1, Ct));
        var waiting = await db.Tasks.IgnoreQueryFilters().AsNoTracking().FirstOrDefaultAsync(t => t.ProjectId == town.Project && t.Purpose == TaskPurpose.Honeypot && t.State == TaskState.Open, Ct);
        var done = await db.Tasks.IgnoreQueryFilters().AsNoTracking().FirstAsync(t => t.ProjectId == town.Project && t.Purpose == TaskPurpose.Honeypot && t.State == TaskState.Done, Ct);
        Assert.DoesNotContain((await town.Manager.GetAsync($"{town.Tasks}?limit=200")).GetProperty("items").EnumerateArray(), t => Id(t) == waiting?.Id);
        await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{done.Id}/priority", new { priority = 3 }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        // The asset's own answer is what it was.
        var asset = await town.Manager.GetAsync($"{Project}/assets/{done.AssetId}");
        Assert.Equal(("done", 1), (asset.GetProperty("status").GetString(), asset.GetProperty("versions").EnumerateArray().Count(v => v.GetProperty("isOwn").GetBoolean())));
        Assert.Contains(await host.AuditAsync(town.Project), e => e.Act == AuditActs.HoneypotGiven && e.Facts.Contains("\"draw\":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoIsUnderTheThreshold_IsPaused_AndAManagerLiftsIt_AndNothingActsBelowTheMinimum()
    {
        await ImportAsync(40);
        await SettingsAsync(0, share: 0.5, spacing: 0, pause: 0.7, minimum: 5, drift: 0.9);
        var answered = 0;

        // Ana draws nonsense: the fifth honeypot is the first that anything acts on.
        while (answered < 5)
        {
            Assert.True(keys < 90, "No five honeypots in ninety tasks.");
            var next = await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 0 });
            var id = Id(next.GetProperty("task"));
            await SubmitAsync(town.Ana, id, 800);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await FollowedAsync();
            if (await PurposeAsync(id) == TaskPurpose.Honeypot) answered++;
            var person = (await town.Manager.GetAsync($"{Project}/quality")).GetProperty("people").EnumerateArray().SingleOrDefault(p => p.GetProperty("person").GetProperty("id").GetString() == town.Ana.PersonId.ToString());
            if (answered < 5 && person.ValueKind == JsonValueKind.Object) Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (person.GetProperty("paused").ValueKind, person.GetProperty("honeypots").GetProperty("value").ValueKind));
        }

        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 }).IsProblemAsync(HttpStatusCode.Forbidden, "task.labeler_paused");
        var open = Id((await town.Manager.GetAsync(town.Tasks)).GetProperty("items")[0]);
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{open}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.labeler_paused");
        Assert.NotNull(await town.NextAsync(town.Ben));
        var ana = (await town.Manager.GetAsync($"{Project}/quality")).GetProperty("people").EnumerateArray().Single(p => p.GetProperty("person").GetProperty("id").GetString() == town.Ana.PersonId.ToString());
        Assert.Equal((5, 0.0, 0.7), (ana.GetProperty("paused").GetProperty("n").GetInt32(), ana.GetProperty("paused").GetProperty("upper").GetDouble(), ana.GetProperty("paused").GetProperty("threshold").GetDouble()));
        Assert.Equal(5, ana.GetProperty("drift").GetProperty("n").GetInt32());
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelerPaused && e.Facts.Contains("\"upper\":0", StringComparison.Ordinal));
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelerDrifting && e.Facts.Contains("\"sum\":", StringComparison.Ordinal));

        await town.Ana.SendAsync(HttpMethod.Post, $"{Project}/quality/people/{town.Ana.PersonId}/lift-pause").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/quality/people/{town.Ana.PersonId}/lift-pause"));
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/quality/people/{town.Ana.PersonId}/note-drift"));
        Assert.NotNull(await town.NextAsync(town.Ana));
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelerPauseLifted);
    }

    [Fact]
    public async Task Settings_AreVersioned_AndBadOnesAreNamed()
    {
        await SettingsAsync(0, share: 0.1);
        await SendSettingsAsync(0, share: 0.2).IsProblemAsync(HttpStatusCode.Conflict, "quality.stale");
        await SendSettingsAsync(1, share: 0.6).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendSettingsAsync(1, minimum: 1).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendSettingsAsync(1, pause: 1.5).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.SendAsync(HttpMethod.Put, $"{Project}/quality/settings", Settings(), ifMatch: "\"1\"").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await SettingsAsync(1, share: 0.2);
        var view = await town.Manager.GetAsync($"{Project}/quality/settings");
        Assert.Equal((2, 0.2), (view.GetProperty("version").GetInt32(), view.GetProperty("rules").GetProperty("honeypotShare").GetDouble()));
    }

    private static object Settings(double share = 0, int spacing = 0, int? mostGiven = null, double? pause = null, int minimum = 5, double? drift = null) => new
    {
        honeypotShare = share, honeypotSpacing = spacing, honeypotMostGiven = mostGiven, pauseThreshold = pause, window = 50, minimum, driftReference = drift, driftSlack = 0.05, driftLimit = 0.5, consensusBlocksDone = false,
    };

    private Task<HttpResponseMessage> SendSettingsAsync(int basedOn, double share = 0, int spacing = 0, int? mostGiven = null, double? pause = null, int minimum = 5, double? drift = null) =>
        town.Owner.SendAsync(HttpMethod.Put, $"{Project}/quality/settings", Settings(share, spacing, mostGiven, pause, minimum, drift), ifMatch: $"\"{basedOn}\"");

    private async Task SettingsAsync(int basedOn, double share = 0, int spacing = 0, int? mostGiven = null, double? pause = null, int minimum = 5, double? drift = null) =>
        await BrowserSession.OkAsync(await SendSettingsAsync(basedOn, share, spacing, mostGiven, pause, minimum, drift));

    private static object Line(int number) => new { name = $"boats/{number:D4}.jpg", document = Town.Label(10) };

    // From the end of the list, so that the head of the queue is ordinary.
    private Task<JsonElement> ImportAsync(int count) => town.Owner.PostAsync($"{Project}/honeypots/import", new { lines = Enumerable.Range(0, count).Select(i => Line(120 - i)).ToArray() });

    private async Task FollowedAsync() => await Wait.UntilAsync(async () =>
    {
        await using var db = host.Database.Open();
        return !await db.QualityJobs.IgnoreQueryFilters().AnyAsync(j => j.ProjectId == town.Project);
    });

    private async Task<TaskPurpose> PurposeAsync(Guid task)
    {
        await using var db = host.Database.Open();
        return await db.Tasks.IgnoreQueryFilters().Where(t => t.Id == task).Select(t => t.Purpose).SingleAsync(Ct);
    }

    private async Task<(Guid Asset, Guid Label)> LabelAsync(BrowserSession who, double x)
    {
        var task = (await town.NextAsync(who))!.Value;
        var label = await SubmitAsync(who, Id(task), x);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return (task.GetProperty("asset").GetProperty("id").GetGuid(), label.GetProperty("labelId").GetGuid());
    }

    private Task<JsonElement> SubmitAsync(BrowserSession who, Guid task, double x) => who.PostAsync($"{town.Tasks}/{task}/submit", new { document = Town.Label(x), activeMs = 100 }, $"honeypot-key-{++keys}");

    private static Guid Id(JsonElement task) => task.GetProperty("id").GetGuid();
}

public sealed class HoneypotOnSqliteTests() : HoneypotTests(DatabaseProvider.Sqlite);

public sealed class HoneypotOnPostgresTests() : HoneypotTests(DatabaseProvider.Postgres);
