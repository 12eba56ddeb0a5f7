using System.Net;
using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Imports that are long: paused, resumed, with an agent that leaves and comes back, with a store that has a bad minute, and again over what is known.</summary>
public abstract class ImportTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private FakeAgent agent = null!;
    private Guid connection;
    private Guid project;

    private string Imports => $"/api/projects/{project}/imports";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        agent = await FakeAgent.EnrolAsync(host, owner, 0);
        connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        project = await ProjectAsync("Long");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (agent is not null) await agent.DisposeAsync();
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Import_WhenPaused_StandsStillAndGoesOnWhereItStood()
    {
        using var gate = new SemaphoreSlim(2);
        var asked = Pages(10, gate);
        var id = await StartAsync();
        await UntilAsync(i => i.GetProperty("listed").GetInt64() >= 2);

        await owner.PostAsync($"{Imports}/{id}/pause");
        gate.Release(1);
        await UntilAsync(i => i.GetProperty("state").GetString() == "paused" && i.GetProperty("listed").GetInt64() is 2 or 3);
        await owner.SendAsync(HttpMethod.Post, $"{Imports}/{id}/pause").IsProblemAsync(HttpStatusCode.Conflict, "import.not_running");
        await owner.SendAsync(HttpMethod.Post, Imports, new { connectionId = connection }).IsProblemAsync(HttpStatusCode.Conflict, "import.running");

        await owner.PostAsync($"{Imports}/{id}/resume");
        gate.Release(20);
        var done = await UntilAsync(i => i.GetProperty("state").GetString() == "done");
        Assert.Equal((10, 10), (done.GetProperty("listed").GetInt32(), done.GetProperty("added").GetInt32()));
        Assert.Equal(10, asked.Distinct().Count());
        await owner.SendAsync(HttpMethod.Post, $"{Imports}/{id}/resume").IsProblemAsync(HttpStatusCode.Conflict, "import.not_paused");
        var acts = (await host.AuditAsync(project)).Select(e => e.Act).Where(a => a.StartsWith("import.", StringComparison.Ordinal));
        Assert.Equal([AuditActs.ImportFinished, AuditActs.ImportPaused, AuditActs.ImportResumed, AuditActs.ImportStarted], acts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Import_WhenTheAgentLeaves_WaitsAndGoesOnByItself()
    {
        using var gate = new SemaphoreSlim(3);
        Pages(8, gate);
        await StartAsync();
        await UntilAsync(i => i.GetProperty("listed").GetInt64() >= 2);

        await agent.LeaveAsync();
        var waiting = await UntilAsync(i => i.GetProperty("isWaiting").GetBoolean());
        Assert.Equal("listing", waiting.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("error").ValueKind);

        gate.Release(20);
        await agent.ReturnAsync();
        // A page that was under way when the link broke is asked for anew after a while, by the clock.
        var done = await UntilAsync(i =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(2));
            return i.GetProperty("state").GetString() == "done";
        });
        Assert.Equal((8, 8), (done.GetProperty("listed").GetInt32(), done.GetProperty("added").GetInt32()));
        Assert.False(done.GetProperty("isWaiting").GetBoolean());
    }

    [Fact]
    public async Task Import_WhenTheStoreHasABadMinute_AsksAgain_AndSaysWhenItDoesNotPass()
    {
        var troubles = 2;
        agent.Lists = request => Task.FromResult(Interlocked.Decrement(ref troubles) >= 0 ? new ListPage([], null, new UrlRefusal("storage.busy", "The store asks to slow down.")) : Page(["a.png"], null));
        await StartAsync();
        await PassAsync("done");

        agent.Lists = _ => Task.FromResult(new ListPage([], null, new UrlRefusal("storage.busy", "The store asks to slow down.")));
        await StartAsync();
        Assert.Equal("storage.busy", (await PassAsync("failed")).GetProperty("error").GetProperty("code").GetString());

        agent.Lists = _ => Task.FromResult(new ListPage([], null, new UrlRefusal("storage.forbidden", "The store refused the agent.")));
        await StartAsync();
        Assert.Equal("storage.forbidden", (await UntilAsync(i => i.GetProperty("state").GetString() == "failed")).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Import_WhoseListingBreaksOff_KeepsThePagesBefore_AndEveryNameIsThereOnce()
    {
        // Faster than pages are written, so that several are written together; one name is on two of them, one of a kind that is left out.
        agent.Lists = request => Task.FromResult(request.Cursor switch
        {
            null => Page(["a.png", "b.png"], "1"),
            "6" => new ListPage([], null, new UrlRefusal("storage.forbidden", "The store refused the agent.")),
            var cursor => new ListPage([Object($"{cursor}.png"), Object("b.png"), Object($"{cursor}.exe") with { MediaType = "application/x-msdownload" }], $"{int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture) + 1}", null),
        });
        await StartAsync();

        var failed = await UntilAsync(i => i.GetProperty("state").GetString() == "failed");

        Assert.Equal("storage.forbidden", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((17, 7), (failed.GetProperty("listed").GetInt32(), failed.GetProperty("added").GetInt32()));
        Assert.Equal(
            ["1.png", "2.png", "3.png", "4.png", "5.png", "a.png", "b.png"],
            (await owner.GetAsync($"/api/projects/{project}/assets?limit=50")).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("storage.resting")]
    [InlineData("storage.unreachable")]
    public async Task Sizes_WhileTheStoreIsInTrouble_AreLeft_AndAskedForAgainByThemselves(string code)
    {
        var (asked, inTrouble) = (0, true);
        agent.Describes = request =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(new DescribeResult([.. request.Objects.Select((o, i) => inTrouble && i > 0 ? new DescribedObject(o, null, null, null, code) : new DescribedObject(o, 100, 80, 1, null))]));
        };
        agent.Lists = _ => Task.FromResult(Page(["a.png", "b.png", "c.png"], null));
        await RunAsync();
        await UntilAsync(i => i.GetProperty("described").GetInt32() == 1);
        // Not without a pause: another import passes meanwhile.
        await RunAsync();
        Assert.Equal(1, asked);

        inTrouble = false;
        await UntilAsync(i =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(10));
            return i.GetProperty("described").GetInt32() == 3;
        });
        Assert.All((await owner.GetAsync($"/api/projects/{project}/assets")).GetProperty("items").EnumerateArray(), a => Assert.Equal(100, a.GetProperty("width").GetInt32()));
    }

    [Fact]
    public async Task Sizes_ThatTheStoreNeverGives_AreGivenUp_SoThatTheRestComesOn()
    {
        var asked = 0;
        agent.Describes = request =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(new DescribeResult([.. request.Objects.Select(o => new DescribedObject(o, null, null, null, "storage.slow"))]));
        };
        agent.Lists = _ => Task.FromResult(Page(["a.png", "b.png"], null));
        await RunAsync();
        for (var tries = 1; tries < 6; tries++)
        {
            await UntilAsync(i => asked == tries && i.GetProperty("described").GetInt32() == 0);
            host.Clock.Advance(TimeSpan.FromMinutes(2.7));
            // An agent that comes back is asked at once.
            await agent.LeaveAsync();
            await agent.ReturnAsync();
        }

        await UntilAsync(i => i.GetProperty("described").GetInt32() == 2);
        Assert.All((await owner.GetAsync($"/api/projects/{project}/assets")).GetProperty("items").EnumerateArray(), a => Assert.Equal("storage.slow", a.GetProperty("problem").GetString()));
    }

    [Fact]
    public async Task Import_OverWhatIsKnown_AddsTheNew_AndReportsWhatChangedOrIsGone()
    {
        agent.Lists = _ => Task.FromResult(Page(["in/a.png", "in/b.png", "in/c.png", "out/d.png"], null));
        await RunAsync();

        agent.Lists = _ => Task.FromResult(new ListPage([Object("in/a.png"), Object("in/b.png") with { Etag = "other" }, Object("in/e.png")], null, null));
        Figures((Listed: 3, Added: 1, Unchanged: 1, Changed: 1, Vanished: 1), await RunAsync(new { connectionId = connection, prefix = "in/" }));
        Assert.Equal(["in/b.png changed", "in/c.png vanished"], await MarksAsync());

        // With patterns nobody can tell what is gone; what comes back is no longer gone; a change stays said.
        agent.Lists = _ => Task.FromResult(Page(["in/c.png"], null));
        Figures((Listed: 1, Added: 0, Unchanged: 1, Changed: 0, Vanished: 0), await RunAsync(new { connectionId = connection, prefix = "in/", include = new[] { "*c.png" } }));
        Assert.Equal(["in/b.png changed"], await MarksAsync());
    }

    [Fact]
    public async Task Imports_OfSeveralProjects_TakeTurns()
    {
        using var gate = new SemaphoreSlim(0);
        Pages(40, gate);
        var second = await ProjectAsync("Short");
        await StartAsync();
        await owner.PostAsync($"/api/projects/{second}/imports", new { connectionId = connection });
        gate.Release(8);
        await Wait.UntilAsync(async () => Listed(await owner.GetAsync(Imports)) >= 2 && Listed(await owner.GetAsync($"/api/projects/{second}/imports")) >= 2);
        gate.Release(200);
        await UntilAsync(i => i.GetProperty("state").GetString() == "done");
    }

    private static long Listed(JsonElement page) => page.GetProperty("items")[0].GetProperty("listed").GetInt64();

    private static ListedObject Object(string key) => new(key, 1000, $"etag-{key}", "image/png", null);

    private static ListPage Page(IEnumerable<string> keys, string? cursor) => new([.. keys.Select(Object)], cursor, null);

    private static void Figures((int Listed, int Added, int Unchanged, int Changed, int Vanished) expected, JsonElement import)
    {
        int Of(string name) => import.GetProperty(name).GetInt32();
        Assert.Equal(expected, (Of("listed"), Of("added"), Of("unchanged"), Of("changed"), Of("vanished")));
    }

    // One object a page, and a page for each turn of the gate; what was asked for, by cursor.
    private System.Collections.Concurrent.ConcurrentQueue<string> Pages(int count, SemaphoreSlim gate)
    {
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        agent.Lists = async request =>
        {
            asked.Enqueue(request.Cursor ?? "");
            await gate.WaitAsync();
            var at = request.Cursor is null ? 0 : int.Parse(request.Cursor, System.Globalization.CultureInfo.InvariantCulture);
            return Page([$"{at:D4}.png"], at + 1 < count ? $"{at + 1}" : null);
        };
        return asked;
    }

    private async Task<IReadOnlyList<string>> MarksAsync() =>
        [.. (await owner.GetAsync($"/api/projects/{project}/assets?limit=50")).GetProperty("items").EnumerateArray()
            .SelectMany(a => new[] { "changed", "vanished" }.Where(mark => a.GetProperty($"{mark}At").ValueKind != JsonValueKind.Null).Select(mark => $"{a.GetProperty("name").GetString()} {mark}")).Order(StringComparer.Ordinal)];

    private async Task<Guid> ProjectAsync(string name)
    {
        var ontology = new { tools = new[] { new { id = "boat", kind = "box", name = "Boat" } }, questions = Array.Empty<object>(), relations = Array.Empty<object>() };
        return (await owner.PostAsync("/api/projects", new { name, connectionIds = new[] { connection }, ontology })).GetProperty("id").GetGuid();
    }

    private async Task<Guid> StartAsync(object? body = null)
    {
        // Imports are listed newest first: two must not begin in one instant.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await owner.PostAsync(Imports, body ?? new { connectionId = connection })).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> RunAsync(object? body = null)
    {
        await StartAsync(body);
        return await UntilAsync(i => i.GetProperty("state").GetString() == "done");
    }

    // The waits between tries are by the clock, which only tests move.
    private Task<JsonElement> PassAsync(string state) => UntilAsync(i =>
    {
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        return i.GetProperty("state").GetString() == state;
    });

    private async Task<JsonElement> UntilAsync(Func<JsonElement, bool> happened)
    {
        JsonElement import = default;
        await Wait.UntilAsync(async () =>
        {
            // The clock runs away with the waits; somebody looks on all the while.
            await owner.PostAsync("/api/session/active");
            return happened(import = (await owner.GetAsync(Imports)).GetProperty("items")[0]);
        });
        return import;
    }
}

public sealed class ImportOnSqliteTests() : ImportTests(DatabaseProvider.Sqlite);

public sealed class ImportOnPostgresTests() : ImportTests(DatabaseProvider.Postgres);
