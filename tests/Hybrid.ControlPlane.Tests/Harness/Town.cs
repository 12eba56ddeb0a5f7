using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using Hybrid.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>An organization with people in each role, an enrolled agent and a project with assets: where most tests begin.</summary>
public sealed class Town : IAsyncDisposable
{
    private readonly List<IDisposable> browsers = [];

    private Town(ControlPlaneHost host) => Host = host;

    public ControlPlaneHost Host { get; }

    public BrowserSession Owner { get; private set; } = null!;

    public BrowserSession Manager { get; private set; } = null!;

    public BrowserSession Reviewer { get; private set; } = null!;

    public BrowserSession Ana { get; private set; } = null!;

    public BrowserSession Ben { get; private set; } = null!;

    /// <summary>Belongs to the organization, but has no role in the project.</summary>
    public BrowserSession Stranger { get; private set; } = null!;

    public FakeAgent Agent { get; private set; } = null!;

    public Guid Project { get; private set; }

    public Guid Connection { get; private set; }

    public string Tasks => $"/api/projects/{Project}/tasks";

    public static readonly object Ontology = new
    {
        tools = new object[]
        {
            new { id = "boat", kind = "box", name = "Boat", questions = new object[] { new { id = "kind", kind = "single", text = "Kind", required = true, options = new object[] { new { id = "sail", text = "Sail" }, new { id = "motor", text = "Motor" } } } } },
            new { id = "shore", kind = "polygon", name = "Shore" },
        },
        questions = Array.Empty<object>(),
        relations = Array.Empty<object>(),
    };

    public static async Task<Town> BuildAsync(ControlPlaneHost host, int assets)
    {
        var town = new Town(host);
        var unique = Guid.NewGuid().ToString("N")[..8];
        await host.OrganizationAsync($"owner-{unique}@example.org");
        town.Owner = town.Keep(await host.SignInAsync($"owner-{unique}@example.org"));
        town.Agent = await FakeAgent.EnrolAsync(host, town.Owner, assets);
        var agents = await town.Owner.GetAsync("/api/agents");
        town.Connection = agents.GetProperty("items")[0].GetProperty("connections")[0].GetProperty("id").GetGuid();
        town.Project = (await town.Owner.PostAsync("/api/projects", new { name = "Boats", connectionIds = new[] { town.Connection }, ontology = Ontology })).GetProperty("id").GetGuid();
        town.Manager = await town.PersonAsync($"manager-{unique}@example.org", "teamManager");
        town.Reviewer = await town.PersonAsync($"reviewer-{unique}@example.org", "reviewer");
        town.Ana = await town.PersonAsync($"ana-{unique}@example.org", "labeler");
        town.Ben = await town.PersonAsync($"ben-{unique}@example.org", "labeler");
        town.Stranger = await town.PersonAsync($"stranger-{unique}@example.org", null);
        await town.ImportAsync();
        return town;
    }

    public async Task ImportAsync()
    {
        // Imports are listed newest first: two must not begin in one instant.
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Owner.PostAsync($"/api/projects/{Project}/imports", new { connectionId = Connection });
        await Wait.UntilAsync(async () => (await Owner.GetAsync($"/api/projects/{Project}/imports")).GetProperty("items")[0] is var i
            && i.GetProperty("state").GetString() is "done" or "failed" && i.GetProperty("described").GetInt32() == i.GetProperty("describedTotal").GetInt32());
    }

    /// <summary>Takes the caller's next task; null when there is none.</summary>
    public async Task<JsonElement?> NextAsync(BrowserSession who, string kind = "label", int reserve = 0)
    {
        var task = (await who.PostAsync($"{Tasks}/next", new { kind, reserve })).GetProperty("task");
        return task.ValueKind == JsonValueKind.Null ? null : task;
    }

    public static object Label(double x = 10, string? kind = "sail") => new
    {
        schema = "hybrid.label/1",
        ontologyVersion = 1,
        answers = new { },
        objects = new[] { new { id = Guid.CreateVersion7(), tool = "boat", geometry = new { x, y = 20.12345, w = 100, h = 50 }, answers = kind is null ? (object)new { } : new { kind = new[] { kind } } } },
        relations = Array.Empty<object>(),
    };

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        foreach (var browser in browsers) browser.Dispose();
    }

    /// <summary>A further person with this role, signed in.</summary>
    public Task<BrowserSession> JoinAsync(string role) => PersonAsync($"more-{Guid.NewGuid():N}@example.org", role);

    private async Task<BrowserSession> PersonAsync(string email, string? role)
    {
        var person = await Owner.PostAsync("/api/people", new { email, name = email.Split('-')[0], role = "member", password = ControlPlaneHost.Password });
        if (role is not null) await Owner.PostAsync($"/api/projects/{Project}/members", new { personId = person.GetProperty("id").GetGuid(), role });
        return Keep(await Host.SignInAsync(email));
    }

    public BrowserSession Keep(BrowserSession browser)
    {
        lock (browsers) browsers.Add(browser);
        return browser;
    }
}

/// <summary>An agent's side of the protocol without storage: a real enrolment and a real link.</summary>
public sealed class FakeAgent : IAsyncDisposable
{
    private readonly HubConnection link;

    private FakeAgent(Guid id, ECDsa key, HubConnection link) => (Id, Key, this.link) = (id, key, link);

    public Guid Id { get; }

    public ECDsa Key { get; }

    public HubConnectionState State => link.State;

    /// <summary>How it answers listings from now on.</summary>
    public Func<ListRequest, Task<ListPage>> Lists { get; set; } = _ => Task.FromResult(new ListPage([], null, null));

    /// <summary>How it answers for sizes of pictures from now on.</summary>
    public Func<DescribeRequest, Task<DescribeResult>> Describes { get; set; } =
        request => Task.FromResult(new DescribeResult([.. request.Objects.Select(o => new DescribedObject(o, 1000, 800, 1, null))]));

    /// <summary>Cuts the link, as a network does.</summary>
    public Task LeaveAsync() => link.StopAsync();

    /// <summary>Links again and says hello.</summary>
    public async Task ReturnAsync()
    {
        await link.StartAsync();
        await SayAsync(LinkMethods.Hello, Hello);
    }

    /// <summary>What it says of itself.</summary>
    public static AgentHello Hello => new("1.0.0", "http://localhost:5999", [new ConnectionDescription("archive", "file", "presigned", "http://localhost:5999", [], 60, false)]);

    /// <summary>Calls the hub with whatever it likes.</summary>
    public Task<JsonElement> SayAsync(string method, params object?[] arguments) => link.InvokeCoreAsync<JsonElement>(method, arguments);

    /// <summary>Enrols one with so many objects, which it lists once it is told to.</summary>
    public static async Task<FakeAgent> EnrolAsync(ControlPlaneHost host, BrowserSession admin, int objects, Task? lists = null, string url = "http://localhost:5999")
    {
        var id = (await admin.PostAsync("/api/agents", new { name = $"agent {Guid.NewGuid():N}" })).GetProperty("id").GetGuid();
        var token = (await admin.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await BrowserSession.OkAsync(await RequestAsync(host, token, key));
        var link = new HubConnectionBuilder().WithUrl(new Uri(host.Url, LinkMethods.Path), o =>
            o.AccessTokenProvider = () => Task.FromResult<string?>(AgentAssertion.Sign(id, key, host.Url.GetLeftPart(UriPartial.Authority), host.Clock.GetUtcNow()))).Build();
        var agent = new FakeAgent(id, key, link)
        {
            Lists = async request =>
            {
                await (lists ?? Task.CompletedTask);
                return Page(request, objects);
            },
        };
        link.On<ListRequest, ListPage>(LinkMethods.List, request => agent.Lists(request));
        link.On<DescribeRequest, DescribeResult>(LinkMethods.Describe, request => agent.Describes(request));
        link.On<ProbeRequest, ProbeResult>(LinkMethods.Probe, _ => Task.FromResult(new ProbeResult(true, null, null, 1)));
        await link.StartAsync();
        await agent.SayAsync(LinkMethods.Hello, Hello with { AgentUrl = url, Connections = [Hello.Connections[0] with { StorageOrigin = url }] });
        return agent;
    }

    public static Task<HttpResponseMessage> RequestAsync(ControlPlaneHost host, string token, ECDsa key)
    {
        Assert.True(EnrolmentTokenText.TryParse(token, out var text));
        const string nonce = "0123456789abcdef";
        var body = new { token, jwk = JsonElement.Parse(EcPublicJwk.Of(key).ToString()), proof = EnrolmentProof.Sign(key, text, nonce, host.Clock.GetUtcNow()), nonce, version = "1.0.0" };
        return Task.Run(async () =>
        {
            using var own = new HttpClient { BaseAddress = host.Url };
            return await own.PostAsync(new Uri(host.Url, "/agent/v1/enrol"), System.Net.Http.Json.JsonContent.Create(body));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await link.DisposeAsync();
        Key.Dispose();
    }

    // Two pages, so that every import of a test crosses a cursor.
    private static ListPage Page(ListRequest request, int objects)
    {
        var half = Math.Max(1, objects / 2);
        var all = Enumerable.Range(1, objects).Select(i => new ListedObject($"boats/{i:D4}.jpg", 1000 + i, $"etag-{i}", "image/jpeg", null)).ToList();
        return request.Cursor is null && objects > 1
            ? new ListPage([.. all.Take(half), new ListedObject("notes.txt", 5, null, "text/plain", null)], "second", null)
            : new ListPage([.. request.Cursor is null ? all : all.Skip(half)], null, null);
    }
}
