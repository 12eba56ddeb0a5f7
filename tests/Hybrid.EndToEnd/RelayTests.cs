using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.StorageAgent.Configuration;
using Hybrid.Testing;

namespace Hybrid.EndToEnd;

/// <summary>The relay: browser → control plane → agent and back, with both real hosts. It carries everything and can do nothing with it.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-relay").FullName;
    private readonly HttpClient http = new();
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private RealAgent agent = null!;
    private Guid project;

    private string Path => $"/api/projects/{project}/agents/{agent.Identity.AgentId}/urls";

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++) await File.WriteAllBytesAsync(System.IO.Path.Combine(folder, $"{i}.png"), Picture);
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        agent = await RealAgent.StartAsync(host, owner, new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });
        project = await ProjectAsync("Relay");
    }

    public async ValueTask DisposeAsync()
    {
        if (agent is not null) await agent.DisposeAsync();
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Request_ByTheRelay_IsAnsweredAsByTheDirectRoad()
    {
        var asked = await agent.AskByRelayAsync(host, owner, Path, await GrantAsync());

        Assert.Equal("application/jose", asked.Response.Content.Headers.ContentType?.MediaType);
        var url = asked.Open().Value.Objects.Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, url.Url) { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Language", url.Header);
        using var bytes = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(Picture, await bytes.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refusals_ByTheRelay_AreSealedLikeAnswers()
    {
        var grant = await GrantAsync();
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await SealedAsync("proof.key_mismatch", agent.AskByRelayAsync(host, owner, Path, grant, key: other));
        await SealedAsync("grant.object_not_granted", agent.AskByRelayAsync(host, owner, Path, grant, [new ObjectReference("folder", "other.png", null)]));
        await agent.AskByRelayAsync(host, owner, Path, grant);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        await SealedAsync("grant.expired", agent.AskByRelayAsync(host, owner, Path, grant));
        // Without a proof that names a key there is nobody to seal to: such a refusal is a plain problem, and the browser takes it for the relay's word.
        using var bare = await owner.SendAsync(HttpMethod.Post, Path, new { grant = "x.y.z", proof = "x.y.z", objects = new[] { new[] { "folder", "0.png", null } } });
        Assert.Equal((HttpStatusCode.BadRequest, "grant.malformed"), (bare.StatusCode, JsonElement.Parse(await bare.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Request_ThatTheRelayChanged_NeverGivesAUrl()
    {
        var grant = await GrantAsync();
        foreach (var (what, change) in Changes())
        {
            var asked = await agent.AskByRelayAsync(host, owner, Path, grant, change: change);
            var urls = asked.Response.IsSuccessStatusCode && asked.Open() is { IsOk: true, Value.Refusal: null };
            Assert.False(urls, $"{what} was changed and answered.");
        }
    }

    [Fact]
    public async Task Answer_ThatTheRelayKeptOrChanged_DoesNotOpen()
    {
        var grant = await GrantAsync();
        var (first, second) = (await agent.AskByRelayAsync(host, owner, Path, grant), await agent.AskByRelayAsync(host, owner, Path, grant));
        Assert.True(first.Open().IsOk);
        Assert.False(first.OpenText(second.Text).IsOk);
        var parts = first.Text.Split('.');
        foreach (var part in new[] { 0, 2, 3, 4 })
        {
            var bent = (string[])parts.Clone();
            bent[part] = (bent[part][0] == 'A' ? 'B' : 'A') + bent[part][1..];
            Assert.False(first.OpenText(string.Join('.', bent)).IsOk);
        }
    }

    [Fact]
    public async Task Request_OfTheLargestSize_GoesThrough_AndOneByteMoreDoesNot()
    {
        var grant = await GrantAsync();
        foreach (var (bytes, status) in new[] { (UrlLimits.Bytes, HttpStatusCode.OK), (UrlLimits.Bytes + 1, HttpStatusCode.RequestEntityTooLarge) })
        {
            var asked = await agent.AskByRelayAsync(host, owner, Path, grant, pad: body => Fill(body, bytes));
            Assert.Equal(status, asked.Response.StatusCode);
            if (asked.Response.IsSuccessStatusCode) Assert.True(asked.Open().Value.Objects.Single().Url is { Length: > 0 });
        }

        // On the link it is as large as it came, whatever stands in it.
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(new RelayedRequest(Fill("{\"a\":1}", UrlLimits.Bytes))).Length, UrlLimits.Bytes, LinkMethods.MaxMessageBytes);
    }

    [Fact]
    public async Task Request_OfSomebodyElse_OrForAnotherProject_FindsNothing()
    {
        var grant = await GrantAsync();
        using var stranger = await NewcomerAsync("stranger@example.org");
        var bare = (await owner.PostAsync("/api/projects", new { name = "Without a connection" })).GetProperty("id").GetGuid();
        var refusals = new List<string>();
        foreach (var (who, path) in new[] { (stranger, Path), (owner, Path.Replace(project.ToString(), bare.ToString(), StringComparison.Ordinal)), (owner, Path.Replace(agent.Identity.AgentId.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal)) })
        {
            var asked = await agent.AskByRelayAsync(host, who, path, grant);
            Assert.Equal(HttpStatusCode.NotFound, asked.Response.StatusCode);
            refusals.Add(JsonNode.Parse(asked.Text)!["code"]!.ToString());
        }

        Assert.Single(refusals.Distinct());
        await owner.SendAsync(HttpMethod.Post, Path, "text").IsProblemAsync(HttpStatusCode.BadRequest, "request.malformed");
    }

    [Fact]
    public async Task Storm_OfBrowsers_StarvesNeitherListingNorThePeople()
    {
        var grant = await GrantAsync();
        var storm = Enumerable.Range(0, 150).Select(_ => agent.AskByRelayAsync(host, owner, Path, grant)).ToList();
        var second = await ProjectAsync("Listed in the storm");
        Assert.NotEqual(project, second);
        var answers = await Task.WhenAll(storm);
        var codes = answers.Where(a => !a.Response.IsSuccessStatusCode).Select(a => JsonNode.Parse(a.Text)!["code"]!.ToString()).Distinct().ToList();
        // Eight at once and 64 in line for one person; the rest is told to come again, by name.
        Assert.True(codes is [] or ["agent.busy"], string.Join(' ', codes));
        Assert.True(answers.Count(a => a.Response.IsSuccessStatusCode) >= 72);
    }

    [Fact]
    public async Task Agent_ThatIsAway_IsSaid()
    {
        var grant = await GrantAsync();
        await agent.StopAsync();
        await Wait.UntilAsync(async () => !(await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("online").GetBoolean());
        var asked = await agent.AskByRelayAsync(host, owner, Path, grant);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "agent.unreachable"), (asked.Response.StatusCode, JsonNode.Parse(asked.Text)!["code"]!.ToString()));
    }

    private static IEnumerable<(string What, Action<JsonObject> Change)> Changes()
    {
        foreach (var member in new[] { "grant", "proof" })
        {
            for (var part = 0; part < 3; part++)
            {
                var at = part;
                yield return ($"{member}, part {part}", body =>
                {
                    var parts = body[member]!.ToString().Split('.');
                    var middle = parts[at].Length / 2;
                    parts[at] = $"{parts[at][..middle]}{(parts[at][middle] == 'A' ? 'B' : 'A')}{parts[at][(middle + 1)..]}";
                    body[member] = string.Join('.', parts);
                });
            }

            yield return ($"{member}, absent", body => body.Remove(member));
        }

        yield return ("the object's key", body => body["objects"]![0]![1] = body["objects"]![0]![1]!.ToString() == "1.png" ? "2.png" : "1.png");
        yield return ("the object's connection", body => body["objects"]![0]![0] = "other");
        yield return ("the object's version", body => body["objects"]![0]![2] = "7");
        yield return ("one object more", body => body["objects"]!.AsArray().Add(body["objects"]![0]!.DeepClone()));
        yield return ("no object", body => body["objects"]!.AsArray().Clear());
    }

    // A member that nobody asks for fills the body to the byte, with what grows when it is escaped once more.
    private static string Fill(string body, int bytes)
    {
        var open = body[..^1] + ",\"pad\":\"";
        var room = bytes - Encoding.UTF8.GetByteCount(open) - 2;
        return open + string.Concat(Enumerable.Repeat("\\\"", room / 2)) + new string('x', room % 2) + "\"}";
    }

    private static async Task SealedAsync(string code, Task<Asked> asking)
    {
        var asked = await asking;
        Assert.True(asked.Response.IsSuccessStatusCode, asked.Text);
        Assert.Equal(code, asked.Open().Value.Refusal?.Code);
        Assert.Empty(asked.Open().Value.Objects);
    }

    private async Task<BrowserSession> NewcomerAsync(string email)
    {
        await owner.PostAsync("/api/people", new { email, name = "Stranger", role = "member", password = ControlPlaneHost.Password });
        return await host.SignInAsync(email);
    }

    private async Task<Guid> ProjectAsync(string name)
    {
        var connectionId = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var id = (await owner.PostAsync("/api/projects", new { name, connectionIds = new[] { connectionId } })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{id}/imports", new { connectionId });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{id}/imports")).GetProperty("items")[0].GetProperty("state").GetString() == "done");
        return id;
    }

    private async Task<GrantAnswer> GrantAsync()
    {
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        return JsonSerializer.Deserialize<GrantAnswer>(await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant")), JsonSerializerOptions.Web)!;
    }
}
