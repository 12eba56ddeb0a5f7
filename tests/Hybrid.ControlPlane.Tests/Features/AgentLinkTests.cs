using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.AspNetCore.SignalR;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What an agent may say over its link, and what a hostile one says in vain (security.md T8).</summary>
public sealed class AgentLinkTests : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private FakeAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        agent = await FakeAgent.EnrolAsync(host, owner, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        owner.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Hello_WithWeaknesses_ShowsThemToAdministrators_AndIsAuditedOnce()
    {
        var said = FakeAgent.Hello with { AgentUrl = null, Connections = [FakeAgent.Hello.Connections[0] with { Weaknesses = ["url.header_unbound", "url.header_unbound", "url.cache_unpinned"] }] };
        await agent.SayAsync(LinkMethods.Hello, said);
        await agent.SayAsync(LinkMethods.Hello, said);

        var shown = (await owner.GetAsync("/api/agents")).GetProperty("items")[0];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, shown.GetProperty("url").ValueKind);
        Assert.Equal(["url.header_unbound", "url.cache_unpinned"], shown.GetProperty("connections")[0].GetProperty("weaknesses").EnumerateArray().Select(w => w.GetString()!));
        // Once at its first hello, once at the change.
        Assert.Equal(2, (await host.AuditAsync()).Count(e => e.Act == AuditActs.AgentConnectionsChanged));
    }

    private static IEnumerable<(string Code, AgentHello Said)> Mistakes()
    {
        var good = FakeAgent.Hello;
        ConnectionDescription C(Func<ConnectionDescription, ConnectionDescription> bend) => bend(good.Connections[0]);
        AgentHello With(params ConnectionDescription[] connections) => good with { Connections = connections };
        return
        [
            ("hello.malformed", good with { Version = "" }),
            ("hello.malformed", good with { Version = new string('1', 51) }),
            ("hello.malformed", good with { Connections = [.. Enumerable.Range(0, 101).Select(i => C(c => c with { Name = $"c{i}" }))] }),
            ("hello.agent_url", good with { AgentUrl = "http://localhost:5999/path" }),
            ("hello.agent_url", good with { AgentUrl = "javascript:alert(1)" }),
            ("hello.agent_url", good with { AgentUrl = "http://a.example; script-src *" }),
            ("hello.connections", With(C(c => c with { StorageOrigin = "https://s3.example 'unsafe-inline'" }))),
            ("hello.connections", With(C(c => c with { StorageOrigin = "ftp://s3.example" }))),
            ("hello.connections", With(C(c => c with { Delivery = "mail" }))),
            ("hello.connections", With(C(c => c with { Name = "" }))),
            ("hello.connections", With(C(c => c with { Name = new string('n', 65) }))),
            ("hello.connections", With(good.Connections[0], good.Connections[0])),
            ("hello.connections", With(C(c => c with { Weaknesses = ["<script>"] }))),
            ("hello.connections", With(C(c => c with { Weaknesses = [.. Enumerable.Repeat("url.x", 17)] }))),
            ("hello.connections", With(C(c => c with { Weaknesses = [new string('w', 61)] }))),
        ];
    }

    [Fact]
    public async Task Hello_ThatIsOff_IsRefusedByName_AndChangesNothing()
    {
        var before = (await owner.GetAsync("/api/agents")).GetRawText();
        foreach (var (code, said) in Mistakes())
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => agent.SayAsync(LinkMethods.Hello, said));
            Assert.Contains(code, refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, (await owner.GetAsync("/api/agents")).GetRawText());
        }

        await agent.SayAsync(LinkMethods.Hello, FakeAgent.Hello);
    }

    [Fact]
    public async Task Agent_ThatCallsWhatIsNotItsOwn_IsRefusedWithoutAWordOfWhy()
    {
        foreach (var (method, arguments) in new (string, object?[])[]
        {
            ("OnDisconnectedAsync", [null]), ("Dispose", []), ("Hello", []), ("Hello", [null]), ("Hello", [7]), ("Hello", ["x", "y"]), (LinkMethods.List, [new ListRequest("archive", "", null, 1, [], [])]), (LinkMethods.Urls, ["{}"]),
        })
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => agent.SayAsync(method, arguments));
            Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Hybrid.", refused.Message, StringComparison.Ordinal);
        }

        await agent.SayAsync(LinkMethods.Hello, FakeAgent.Hello);
    }

    [Fact]
    public async Task Agent_ThatListsNonsense_FillsNothing()
    {
        var connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var project = (await owner.PostAsync("/api/projects", new { name = "Nonsense", connectionIds = new[] { connection } })).GetProperty("id").GetGuid();
        ListedObject Object(string key, long size = 1, string type = "image/png", string? etag = null) => new(key, size, etag, type, null);
        agent.Lists = _ => Task.FromResult(new ListPage(
            [
                Object(""), Object(new string('k', 1025)), Object("a.png", -1), Object("a.exe", type: "application/x-msdownload"), Object("b.png", etag: new string('e', 201)), Object("good.png"), Object("good.png"),
                null!,
            ],
            null, null));
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0].GetProperty("state").GetString() == "done");
        Assert.Equal(["good.png"], (await owner.GetAsync($"/api/projects/{project}/assets")).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
    }
}
