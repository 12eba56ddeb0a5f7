using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd;

/// <summary>
/// Agent and control plane of neighbouring versions: on the wire the older one lacks what was added since, the newer one says more than is
/// known here. They work together by both roads, or one is refused by a code that says which of them is to be upgraded.
/// </summary>
public sealed class VersionSkewTests : IAsyncLifetime
{
    private const int Linked = 3001;
    private const int Away = 3002;
    private const int Back = 3003;

    // As it went over the wire from an agent of 0.1.0, before protocols were told.
    private const string OlderHello = """
        {"version":"0.1.0","agentUrl":"http://localhost:5999","connections":[{"name":"archive","provider":"file","delivery":"presigned","storageOrigin":"http://localhost:5999","prefixes":[],"maxUrlSeconds":60,"opaqueKeys":false}]}
        """;

    private const string NewerHello = """
        {"version":"0.3.0","agentUrl":"http://localhost:5999","protocol":2,"oldestProtocol":1,"features":["thumbnails"],"region":{"name":"eu"},"connections":[{"name":"archive","provider":"file","delivery":"presigned","storageOrigin":"http://localhost:5999","prefixes":[],"maxUrlSeconds":60,"opaqueKeys":false,"weaknesses":[],"tier":"cold"}]}
        """;

    // Added to the link's messages since the first release: an older side does not say them.
    private static readonly (Type Message, string Property)[] Added =
        [(typeof(AgentHello), nameof(AgentHello.Protocol)), (typeof(AgentHello), nameof(AgentHello.OldestProtocol)), (typeof(ConnectionDescription), nameof(ConnectionDescription.Weaknesses))];

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-skew").FullName;
    private readonly List<IAsyncDisposable> parts = [];
    private readonly KeptLog log = new();

    public async ValueTask InitializeAsync() =>
        await File.WriteAllBytesAsync(Path.Combine(folder, "0.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("older")]
    [InlineData("newer")]
    public async Task Agent_AndAControlPlaneOfTheVersionBesideIt_WorkTogetherByBothRoads(string wire)
    {
        var host = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, "http", b => b.Services.Configure<JsonHubProtocolOptions>(o =>
            o.PayloadSerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { wire == "older" ? WithoutWhatWasAdded : WithMore } })));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var agent = Keep(await RealAgent.StartAsync(host, owner, Folder()));

        // Hello, probe, list, describe …
        var connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        Assert.True((await owner.PostAsync($"/api/connections/{connection}/probe")).GetProperty("ok").GetBoolean());
        var project = (await owner.PostAsync("/api/projects", new { name = "Skew", connectionIds = new[] { connection } })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0] is var import
            && import.GetProperty("state").GetString() == "done" && import.GetProperty("described").GetInt32() == 1);

        // … and URLs, whose request says more where the browser's side is the newer one.
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        var grant = JsonSerializer.Deserialize<GrantAnswer>(await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant")), JsonSerializerOptions.Web)!;
        Action<JsonObject>? more = wire == "older" ? null : body => body["purpose"] = "thumbnail";
        foreach (var asked in new[]
        {
            await agent.AskAsync(host, owner, grant, change: more),
            await agent.AskByRelayAsync(host, owner, $"/api/projects/{project}/agents/{agent.Identity.AgentId}/urls", grant, change: more),
        })
        {
            Assert.True(asked.Open().Value.Objects.Single().Url is { Length: > 0 });
        }
    }

    [Fact]
    public async Task Hello_OfANeighbouringVersion_IsTaken_AndOneOfAnotherProtocolRefusedByName()
    {
        var host = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var agent = Keep(await FakeAgent.EnrolAsync(host, owner, 1));

        foreach (var (hello, version) in new[] { (OlderHello, "0.1.0"), (NewerHello, "0.3.0") })
        {
            var answer = await agent.SayAsync(LinkMethods.Hello, JsonNode.Parse(hello));
            Assert.Equal(1, answer.GetProperty("protocol").GetInt32());
            Assert.NotEmpty(answer.GetProperty("statements").EnumerateArray());
            Assert.Equal(version, (await owner.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("version").GetString());
        }

        var before = (await owner.GetAsync("/api/agents")).GetRawText();
        foreach (var (newest, oldest, code) in new[] { (3, 2, "hello.protocol 1-1"), (1, 2, "hello.malformed"), (0, 0, "hello.malformed") })
        {
            var hello = JsonNode.Parse(NewerHello)!;
            (hello["protocol"], hello["oldestProtocol"]) = (newest, oldest);
            var refused = await Assert.ThrowsAsync<HubException>(() => agent.SayAsync(LinkMethods.Hello, hello));
            Assert.Contains(code, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await owner.GetAsync("/api/agents")).GetRawText());
    }

    [Theory]
    [InlineData(true, "it speaks agent protocol 2 to 3, this agent 1: upgrade the agent")]
    [InlineData(false, "it speaks agent protocol 2, this agent 1: upgrade the agent")]
    public async Task ControlPlane_ThatNoLongerSpeaksTheAgentsProtocol_IsNamedOnce_AndTakenWhenItDoes(bool refuses, string sentence)
    {
        var later = new LaterControlPlane(refuses);
        var host = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, "http", b => b.Services.Configure<HubOptions>(o => o.AddFilter(later))));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var agent = Keep(await RealAgent.StartAsync(host, owner, Folder(), null, b =>
        {
            b.Logging.AddProvider(log);
        }));

        later.IsHere = true;
        agent.Services.GetRequiredService<ControlPlaneLink>().Renew();
        // Twice, by when a second line would stand there.
        await Wait.UntilAsync(() => Task.FromResult(later.Hellos >= 2));
        Assert.Contains(sentence, Assert.Single(log.Of(Away)), StringComparison.Ordinal);

        later.IsHere = false;
        await Wait.UntilAsync(() => Task.FromResult(log.Of(Back).Count > 0));
        Assert.Single(log.Of(Linked));
        Assert.Single(log.Of(Away));
        Assert.True((await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("online").GetBoolean());
    }

    private static void WithoutWhatWasAdded(JsonTypeInfo message)
    {
        // Under a name that nobody knows: said, it is not understood; not said, it has its default.
        foreach (var property in message.Properties.Where(p => Added.Any(a => a.Message == message.Type && string.Equals(a.Property, p.Name, StringComparison.OrdinalIgnoreCase)))) property.Name = "unknown" + property.Name;
    }

    private static void WithMore(JsonTypeInfo message)
    {
        if (message.Kind != JsonTypeInfoKind.Object || message.Type.Namespace != typeof(AgentHello).Namespace) return;
        var more = message.CreateJsonPropertyInfo(typeof(IReadOnlyList<string>), "sinceTheNextVersion");
        more.Get = _ => (string[])["what", "nobody", "knows"];
        message.Properties.Add(more);
    }

    private ConnectionOptions Folder() => new() { Name = "folder", Provider = "file", Folder = folder };

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    /// <summary>A control plane that has left the agent's protocol behind, and says so, or answers by its own.</summary>
    private sealed class LaterControlPlane(bool refuses) : IHubFilter
    {
        private int hellos;

        public bool IsHere { get; set; }

        public int Hellos => hellos;

        public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            if (!IsHere || invocationContext.HubMethodName != LinkMethods.Hello) return await next(invocationContext);
            Interlocked.Increment(ref hellos);
            return refuses ? throw new HubException("hello.protocol 2-3") : ((HelloAnswer)(await next(invocationContext))!) with { Protocol = 2 };
        }
    }
}
