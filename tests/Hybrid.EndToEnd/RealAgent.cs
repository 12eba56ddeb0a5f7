using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Security;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using Hybrid.Security.Proofs;
using Hybrid.Security.Sealing;
using Hybrid.StorageAgent;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Enrolment;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd;

/// <summary>The real storage agent, enrolled with a real token, on a loopback port; and what a browser does with it.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new();

    private RealAgent(WebApplication app, AgentOptions options, AgentIdentity identity) => (this.app, Options, Identity) = (app, options, identity);

    public AgentOptions Options { get; }

    public AgentIdentity Identity { get; }

    public static async Task<RealAgent> StartAsync(ControlPlaneHost host, BrowserSession admin, ConnectionOptions connection, Action<AgentOptions>? configure = null, Action<WebApplicationBuilder>? more = null)
    {
        var id = (await admin.PostAsync("/api/agents", new { name = $"agent {Guid.NewGuid():N}" })).GetProperty("id").GetGuid();
        var token = (await admin.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        var url = new Uri($"http://localhost:{TestServers.FreePort()}");
        var options = new AgentOptions { ControlPlane = host.Url, PublicUrl = url, Listen = url.GetLeftPart(UriPartial.Authority), DataDirectory = Directory.CreateTempSubdirectory("hybrid-agent").FullName };
        options.Connections.Add(connection);
        configure?.Invoke(options);
        Assert.Empty(options.Mistakes());
        using var http = ControlPlaneHttp.Client(options);
        Assert.Null(await Enrol.RunAsync(options, token, http, host.Clock, TestContext.Current.CancellationToken));
        Assert.NotNull(await Enrol.RunAsync(options, token, http, host.Clock, TestContext.Current.CancellationToken));
        var identity = AgentIdentity.Load(options.DataDirectory);
        var app = AgentHost.Build(options, identity, host.Clock, b =>
        {
            b.Logging.ClearProviders();
            more?.Invoke(b);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(async () => (await admin.GetAsync($"/api/agents/{id}")).GetProperty("online").GetBoolean());
        return new RealAgent(app, options, identity);
    }

    /// <summary>A request as the service worker makes it; each part can be bent.</summary>
    public async Task<Asked> AskAsync(
        ControlPlaneHost host, BrowserSession browser, GrantAnswer grant, IReadOnlyList<ObjectReference>? objects = null, ECDsa? key = null, string? proof = null, string? audience = null,
        Action<JsonObject>? change = null)
    {
        var (body, open) = Request(host, browser, grant, objects, key, proof, audience);
        body = Changed(body, change);
        var response = await http.PostAsync(new Uri(Options.PublicUrl!, "/v1/urls"), new StringContent(body, Encoding.UTF8, "text/plain"));
        return new Asked(response, await response.Content.ReadAsStringAsync(), open);
    }

    /// <summary>The same through the control plane, which may change it on the way.</summary>
    public async Task<Asked> AskByRelayAsync(
        ControlPlaneHost host, BrowserSession browser, string path, GrantAnswer grant, IReadOnlyList<ObjectReference>? objects = null, ECDsa? key = null,
        Action<JsonObject>? change = null, Func<string, string>? pad = null)
    {
        var (body, open) = Request(host, browser, grant, objects, key, null, null);
        body = Changed(body, change);
        var response = await browser.Http.PostAsync(path, new StringContent(pad?.Invoke(body) ?? body, Encoding.UTF8, "application/json"));
        return new Asked(response, await response.Content.ReadAsStringAsync(), open);
    }

    public IServiceProvider Services => app.Services;

    /// <summary>Ends it, as its operator would.</summary>
    public Task StopAsync() => app.StopAsync();

    private static string Changed(string body, Action<JsonObject>? change)
    {
        if (change is null) return body;
        var message = JsonNode.Parse(body)!.AsObject();
        change(message);
        return message.ToJsonString();
    }

    private (string Body, Func<string, Verified<UrlAnswer>> Open) Request(
        ControlPlaneHost host, BrowserSession browser, GrantAnswer grant, IReadOnlyList<ObjectReference>? objects, ECDsa? key, string? proof, string? audience)
    {
        objects ??= [.. grant.Objects.Values];
        var sealing = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var jti = Guid.NewGuid().ToString("N");
        var expected = new ProofExpectation("POST", $"https://{audience ?? grant.Agent.Id}.agent.hybrid.internal/v1/urls") { GrantHash = GrantClaims.HashOf(grant.Grant), ObjectsDigest = ObjectDigest.OfAll(objects) };
        proof ??= ProofReader.Sign(key ?? browser.Key, expected, host.Clock.GetUtcNow(), EcPublicJwk.Of(sealing), jti);
        LastProof = proof;
        var body = JsonSerializer.Serialize(new UrlRequest(grant.Grant, proof, objects), JsonSerializerOptions.Web);
        return (body, given => SealedAnswer.Open(given, sealing, kid => grant.Agent.Keys.Select(k => EcPublicJwk.TryRead(k, out var known) ? known : null).FirstOrDefault(k => k?.Thumbprint == kid), jti, expected.GrantHash));
    }

    public string LastProof { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        http.Dispose();
        Identity.Dispose();
        Directory.Delete(Options.DataDirectory, recursive: true);
    }
}

/// <summary>The agent's answer, and how the browser that asked opens it.</summary>
internal sealed record Asked(HttpResponseMessage Response, string Text, Func<string, Verified<UrlAnswer>> OpenText)
{
    public Verified<UrlAnswer> Open() => OpenText(Text);
}
