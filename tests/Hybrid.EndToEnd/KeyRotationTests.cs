using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Enrolment;
using Hybrid.Contracts.Grants;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Security.Agents;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Enrolment;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.EndToEnd;

/// <summary>A replica changes its key under the real control plane: no request fails, and nobody else can change it.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-rotation").FullName;
    private readonly HttpClient http = new();
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private RealAgent agent = null!;
    private Guid project;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Audience => host.Url.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 6; i++) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.png"), Picture, Ct);
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        agent = await RealAgent.StartAsync(host, owner, new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });
        var connectionId = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        project = (await owner.PostAsync("/api/projects", new { name = "Rotation", connectionIds = new[] { connectionId } })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0].GetProperty("state").GetString() == "done");
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
    public async Task Key_IsChanged_WithoutAFailedRequest()
    {
        var (oldKey, oldId) = (agent.Identity.Key, agent.Identity.KeyId);
        var before = await GrantAsync();
        Assert.Single(before.Agent.Keys);

        var (done, mistake) = await RotateKey.RunAsync(agent.Options, http, host.Clock, Ct);
        Assert.Null(mistake);
        Assert.Equal(done!.KeyId, agent.Identity.TakeOverNewKey());
        Assert.Null(agent.Identity.TakeOverNewKey());
        agent.Services.GetRequiredService<ControlPlaneLink>().Renew();

        // Who has a grant of before knows the old key alone; who gets one now knows both.
        await AnsweredAsync(before);
        var both = await GrantAsync();
        Assert.Equal(2, both.Agent.Keys.Count);
        await AnsweredAsync(both);
        Assert.Equal(oldId, agent.Identity.SignerAt(host.Clock.GetUtcNow()).KeyId);
        Assert.Contains("wait until it does not", (await RotateKey.RunAsync(agent.Options, http, host.Clock, Ct)).Mistake, StringComparison.Ordinal);

        host.Clock.Advance(TimeSpan.FromMinutes(11.5));
        Assert.Equal(done.KeyId, agent.Identity.SignerAt(host.Clock.GetUtcNow()).KeyId);
        await AnsweredAsync(await GrantAsync());

        host.Clock.Advance(TimeSpan.FromMinutes(11.5));
        var after = await GrantAsync();
        Assert.Single(after.Agent.Keys);
        await AnsweredAsync(after);
        Assert.Equal(HttpStatusCode.Unauthorized, await LinkAsync(oldKey));
        Assert.Equal(HttpStatusCode.OK, await LinkAsync(agent.Identity.Key));

        // Restarted, it is the same; and the identity stays its owner's alone.
        using var loaded = AgentIdentity.Load(agent.Options.DataDirectory);
        Assert.Equal(done.KeyId, loaded.KeyId);
        Assert.Single((await host.AuditAsync()), e => e.Act == "agent.key_rotated");
        Assert.Null((await RotateKey.RunAsync(agent.Options, http, host.Clock, Ct)).Mistake);
    }

    [Fact]
    public async Task Key_IsChangedByNobodyElse()
    {
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256), next = ECDsa.Create(ECCurve.NamedCurves.nistP256), third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (id, own, now) = (agent.Identity.AgentId, agent.Identity.Key, host.Clock.GetUtcNow());
        var good = AgentKeyRotation.Sign(id, own, next, Audience, now);
        await using var other = await RealAgent.StartAsync(host, owner, new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });

        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, stranger, next, Audience, now));
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, other.Identity.Key, next, Audience, now));
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(other.Identity.AgentId, own, next, Audience, now));
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, own, next, "https://other.example", now));
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, own, own, Audience, now));
        await RefusedAsync("rotation.refused", (good.Statement, AgentKeyRotation.Sign(id, own, third, Audience, now).Proof));
        await RefusedAsync("rotation.refused", (good.Statement, AgentKeyRotation.Sign(id, own, next, Audience, now.AddSeconds(1)).Proof));
        await RefusedAsync("rotation.skew", AgentKeyRotation.Sign(id, own, next, Audience, now.AddMinutes(6)));
        await RefusedAsync("rotation.refused", ("x", "y"));
        await RefusedAsync("request.invalid", ("", "y"), HttpStatusCode.BadRequest);
        // Another agent's key is no key of this one.
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, own, other.Identity.Key, Audience, now));
        Assert.DoesNotContain(await host.AuditAsync(), e => e.Act == "agent.key_rotated");

        // Once; the same statement again has the same answer, and the key that was changed announces no third one.
        var answers = new List<KeyRotationAnswer?>();
        for (var i = 0; i < 2; i++) answers.Add(await (await SendAsync(good)).Content.ReadFromJsonAsync<KeyRotationAnswer>(Ct));
        Assert.Equal(answers[0], answers[1]);
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, own, third, Audience, now));
        Assert.Single(await host.AuditAsync(), e => e.Act == "agent.key_rotated");

        // A revoked agent changes nothing, by either key.
        await owner.PostAsync($"/api/agents/{id}/revoke");
        await RefusedAsync("rotation.refused", good);
        await RefusedAsync("rotation.refused", AgentKeyRotation.Sign(id, next, third, Audience, now));
        Assert.Equal(HttpStatusCode.Unauthorized, await LinkAsync(own));
        Assert.Equal(HttpStatusCode.Unauthorized, await LinkAsync(next));
    }

    private async Task AnsweredAsync(GrantAnswer grant)
    {
        Assert.NotNull((await agent.AskAsync(host, owner, grant)).Open().Value.Objects.Single().Url);
        Assert.NotNull((await agent.AskByRelayAsync(host, owner, $"/api/projects/{project}/agents/{agent.Identity.AgentId}/urls", grant)).Open().Value.Objects.Single().Url);
    }

    private async Task<GrantAnswer> GrantAsync()
    {
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        return JsonSerializer.Deserialize<GrantAnswer>(await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant")), JsonSerializerOptions.Web)!;
    }

    private async Task<HttpStatusCode> LinkAsync(ECDsa key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "/agent/v1/link/negotiate?negotiateVersion=1"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AgentAssertion.Sign(agent.Identity.AgentId, key, Audience, host.Clock.GetUtcNow()));
        using var answer = await http.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> SendAsync((string Statement, string Proof) rotation) =>
        http.PostAsJsonAsync(new Uri(host.Url, "/agent/v1/rotate-key"), new KeyRotationRequest(rotation.Statement, rotation.Proof), JsonSerializerOptions.Web, Ct);

    private async Task RefusedAsync(string code, (string Statement, string Proof) rotation, HttpStatusCode status = HttpStatusCode.Forbidden)
    {
        using var answer = await SendAsync(rotation);
        Assert.Equal((status, code), (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("code").GetString()));
    }
}
