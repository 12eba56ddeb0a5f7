using System.Globalization;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.StorageAgent;
using Hybrid.Testing;

namespace Hybrid.EndToEnd;

/// <summary>The agent's own program dies in the midst of a listing.</summary>
public sealed class ListingFaultTests : IDisposable
{
    // Several seconds of listing on a machine that does nothing else: the first page is in, and the last is far.
    private const int Names = 60_000;

    private readonly string home = Directory.CreateTempSubdirectory("hybrid-listing").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task Agent_KilledWhileListing_GoesOnWhereItWas_AndBringsEveryNameOnce()
    {
        var pictures = Directory.CreateDirectory(Path.Combine(home, "pictures")).FullName;
        for (var i = 0; i < Names; i++) File.WriteAllBytes(Path.Combine(pictures, string.Create(CultureInfo.InvariantCulture, $"{i:D6}.png")), [1]);
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var agentId = (await owner.PostAsync("/api/agents", new { name = "agent" })).GetProperty("id").GetGuid();
        var token = (await owner.PostAsync($"/api/agents/{agentId}/tokens")).GetProperty("token").GetString()!;
        var (url, config) = (new Uri($"http://localhost:{TestServers.FreePort()}"), Path.Combine(home, "agent.json"));
        await File.WriteAllTextAsync(
            config,
            JsonSerializer.Serialize(new
            {
                controlPlane = host.Url, publicUrl = url, listen = url.GetLeftPart(UriPartial.Authority), dataDirectory = Path.Combine(home, "data"),
                connections = new[] { new { name = "pictures", provider = "file", folder = pictures } },
            }),
            TestContext.Current.CancellationToken);
        RunningProgram Start() => RunningProgram.Start(typeof(AgentHost).Assembly.Location, ["run", "--config", config], new Dictionary<string, string> { ["HYBRID_AGENT_TOKEN"] = token });
        Task OnlineAsync() => Wait.UntilAsync(async () => (await owner.GetAsync($"/api/agents/{agentId}")).GetProperty("online").GetBoolean());
        var agent = Start();
        await OnlineAsync();
        var connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var project = (await owner.PostAsync("/api/projects", new { name = "Many", connectionIds = new[] { connection } })).GetProperty("id").GetGuid();

        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        await Wait.UntilAsync(async () => (await ImportAsync()).GetProperty("listed").GetInt64() > 0);
        await agent.DisposeAsync();
        var half = await ImportAsync();
        Assert.InRange(half.GetProperty("listed").GetInt64(), 1, Names - 1);
        Assert.Equal("listing", half.GetProperty("state").GetString());

        await using var again = Start();
        await OnlineAsync();
        // As long as a slow machine takes, while it goes on.
        for (var listed = 0L; (await ImportAsync()).GetProperty("state").GetString() != "done";)
        {
            await Wait.UntilAsync(async () =>
            {
                // The worker waits a little by its clock before it asks a failed page again.
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                var (before, import) = (listed, await ImportAsync());
                listed = import.GetProperty("listed").GetInt64();
                return listed > before || import.GetProperty("state").GetString() == "done";
            });
        }

        var done = await ImportAsync();
        Assert.Equal((Names, Names), (done.GetProperty("listed").GetInt64(), done.GetProperty("added").GetInt64()));

        async Task<JsonElement> ImportAsync() => (await owner.GetAsync($"/api/projects/{project}/imports?limit=1")).GetProperty("items")[0];
    }
}
