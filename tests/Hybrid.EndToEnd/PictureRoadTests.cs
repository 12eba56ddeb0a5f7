using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.S3.Model;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Security.Agents;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.EndToEnd;

/// <summary>From a claimed task to the bytes, with both real hosts and real storage; and every way in which it is refused.</summary>
public abstract class PictureRoadTests : IAsyncLifetime
{
    private readonly byte[] canary = RandomNumberGenerator.GetBytes(48);
    private readonly HttpClient http = new();
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private RealAgent agent = null!;
    private Guid project;

    /// <summary>Puts objects into storage and describes the connection; the last one lies outside the allowed prefix.</summary>
    protected abstract Task<ConnectionOptions> PrepareAsync(IReadOnlyDictionary<string, byte[]> objects);

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        var connection = await PrepareAsync(new Dictionary<string, byte[]> { ["in/a b.png"] = Picture(), ["in/ünï.png"] = Picture(), ["out/secret.png"] = Picture() });
        connection.Prefixes.Add("in/");
        agent = await RealAgent.StartAsync(host, owner, connection);
        var connectionId = await ConnectionAsync();
        project = (await owner.PostAsync("/api/projects", new { name = "Road", connectionIds = new[] { connectionId } })).GetProperty("id").GetGuid();
        await owner.SendAsync(HttpMethod.Post, $"/api/projects/{project}/imports", new { connectionId, prefix = "in/" });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0] is var i
            && i.GetProperty("state").GetString() is "done" or "failed" && i.GetProperty("described").GetInt32() == i.GetProperty("describedTotal").GetInt32());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (agent is not null) await agent.DisposeAsync();
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
        http.Dispose();
    }

    [Fact]
    public async Task Picture_WhenTheTaskIsHeld_ComesStraightFromStorageAndOnlyWithItsHeader()
    {
        var (grant, asset) = await GrantAsync();
        Assert.Equal(3, asset.GetProperty("width").GetInt32());
        var asked = await agent.AskAsync(host, owner, grant);
        Assert.Equal("application/jose", asked.Response.Content.Headers.ContentType?.MediaType);

        var answer = asked.Open().Value.Objects.Single();

        var bytes = await FetchAsync(answer.Url!, answer.Header);
        Assert.Equal(HttpStatusCode.OK, bytes.StatusCode);
        Assert.True((await bytes.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).AsSpan().IndexOf(canary) > 0);
        Assert.Equal("image/png", bytes.Content.Headers.ContentType?.MediaType);
        Assert.True(bytes.Headers.CacheControl?.NoStore);
        Assert.Equal(HttpStatusCode.PartialContent, (await FetchAsync(answer.Url!, answer.Header, "bytes=0-3")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await FetchAsync(answer.Url!, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await FetchAsync(answer.Url!, "x-aaaaaaaa-aaaaaaaa-aaaaaaaa-aa")).StatusCode);
        var (lines, broken) = AccessJournal.Verify(Path.Combine(agent.Options.DataDirectory, "access-log"));
        Assert.True(lines > 0 && broken is null);
        var log = string.Concat(AccessJournal.Files(Path.Combine(agent.Options.DataDirectory, "access-log")).Select(File.ReadAllText));
        Assert.DoesNotContain(answer.Header!, log, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhenAnyPartIsWrong_IsRefusedByName()
    {
        var (grant, _) = await GrantAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync("proof.key_mismatch", agent.AskAsync(host, owner, grant, key: other));
        await RefusedAsync("proof.mismatch", agent.AskAsync(host, owner, grant, audience: Guid.NewGuid().ToString()));
        await RefusedAsync("grant.object_not_granted", agent.AskAsync(host, owner, grant, [new ObjectReference(grant.Objects.Values.Single().Connection, "out/secret.png", null)]));
        await RefusedAsync("grant.malformed", agent.AskAsync(host, owner, grant with { Grant = grant.Grant[..^1] }));
        Assert.Equal(HttpStatusCode.OK, (await agent.AskAsync(host, owner, grant)).Response.StatusCode);
        await RefusedAsync("proof.replayed", agent.AskAsync(host, owner, grant, proof: agent.LastProof));
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        await RefusedAsync("grant.expired", agent.AskAsync(host, owner, grant));
    }

    [Fact]
    public async Task Grant_WhenItIsForAnotherAgent_IsRefused()
    {
        var (grant, _) = await GrantAsync();
        await using var other = await RealAgent.StartAsync(host, owner, await PrepareAsync(new Dictionary<string, byte[]>()));
        // Even when the browser proves for the other agent what was granted for this one.
        await RefusedAsync("grant.audience", other.AskAsync(host, owner, grant, audience: other.Identity.AgentId.ToString()));
    }

    [Fact]
    public async Task Object_WhenItBelongsToAnotherProject_DoesNotExistForThisOne()
    {
        var other = (await owner.PostAsync("/api/projects", new { name = "Other", connectionIds = new[] { await ConnectionAsync() } })).GetProperty("id").GetGuid();
        var own = (await owner.GetAsync($"/api/projects/{project}/assets")).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("id").GetGuid()).ToArray();
        var foreign = await owner.GrantAsync($"/api/projects/{other}/assets/grant", new { assetIds = own[..1] });
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);

        var grant = JsonSerializer.Deserialize<GrantAnswer>(await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/assets/grant", new { assetIds = own[..1] })), JsonSerializerOptions.Web)!;
        var second = JsonSerializer.Deserialize<GrantAnswer>(await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/assets/grant", new { assetIds = own[1..2] })), JsonSerializerOptions.Web)!;
        await RefusedAsync("grant.object_not_granted", agent.AskAsync(host, owner, grant, [.. second.Objects.Values]));
    }

    [Fact]
    public async Task Grant_WhenTheControlPlaneMintsOneOutsideThePrefix_IsRefusedByTheLocalPolicy()
    {
        var (grant, _) = await GrantAsync();
        var outside = new ObjectReference(grant.Objects.Values.Single().Connection, "out/secret.png", null);
        var minted = grant with { Grant = await MintAsync(outside), Objects = new Dictionary<string, ObjectReference> { ["x"] = outside } };

        var answer = (await agent.AskAsync(host, owner, minted)).Open().Value.Objects.Single();

        Assert.Null(answer.Url);
        Assert.Equal("policy.refused", answer.Refusal?.Code);
        var log = string.Concat(AccessJournal.Files(Path.Combine(agent.Options.DataDirectory, "access-log")).Select(File.ReadAllText));
        Assert.Contains("\"prefix\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_WhenRevoked_GetsNoGrantAndNoLinkAnyMore()
    {
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/agents/{agent.Identity.AgentId}/revoke");
        var refused = await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant");
        Assert.Equal("agent.revoked", (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("code").GetString());
        Assert.Equal("revoked", (await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("state").GetString());
        Assert.False((await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("online").GetBoolean());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, LinkMethods.Path + "/negotiate?negotiateVersion=1"));
        request.Headers.Authorization = new("Bearer", AgentAssertion.Sign(agent.Identity.AgentId, agent.Identity.Key, host.Url.GetLeftPart(UriPartial.Authority), host.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Answer_WhenAnyPartIsTamperedWith_DoesNotOpen()
    {
        var (grant, _) = await GrantAsync();
        var asked = await agent.AskAsync(host, owner, grant);
        Assert.True(asked.Open().IsOk);
        var parts = asked.Text.Split('.');
        for (var part = 0; part < parts.Length; part++)
        {
            // The encrypted key is empty under direct key agreement: one that is there is as wrong as one that was changed.
            var bent = parts[part].Length == 0 ? "AAAA" : (parts[part][0] == 'A' ? 'B' : 'A') + parts[part][1..];
            Assert.False(asked.OpenText(string.Join('.', parts.Select((p, i) => i == part ? bent : p))).IsOk, $"Part {part} was changed.");
        }

        // Another request's answer, sealed to another key, does not open either; nor does this one for another request.
        var second = await agent.AskAsync(host, owner, grant);
        Assert.False(asked.OpenText(second.Text).IsOk);
        Assert.False(second.OpenText(asked.Text).IsOk);
    }

    [Fact]
    public async Task Listing_WhenOutsideTheAllowedPrefix_IsRefusedByTheAgentItself()
    {
        // Within one and the same moment "the newest import" would be either of the two.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = await ConnectionAsync(), prefix = "out/" });
        JsonElement import = default;
        await Wait.UntilAsync(async () => (import = (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0]).GetProperty("state").GetString() == "failed");
        Assert.Equal("policy.prefix", import.GetProperty("error").GetProperty("code").GetString());
    }

    private async Task<Guid> ConnectionAsync() => (await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("connections")[0].GetProperty("id").GetGuid();

    // What a control plane could do that acts for itself (security.md § 1, T7): a grant of its own, signed by its real key.
    private async Task<string> MintAsync(ObjectReference reference)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var (key, keyId) = await scope.ServiceProvider.GetRequiredService<GrantKeys>().CurrentAsync(TestContext.Current.CancellationToken);
        using (key)
        {
            var now = host.Clock.GetUtcNow();
            return new GrantClaims
            {
                Issuer = host.Url.GetLeftPart(UriPartial.Authority), Audience = agent.Identity.AgentId.ToString(), Subject = "somebody", Project = project.ToString(), Connection = reference.Connection,
                Objects = [ObjectDigest.Of(reference)], Act = GrantAct.View, IssuedAt = now, ExpiresAt = now + TimeSpan.FromMinutes(5), TokenId = Guid.NewGuid().ToString("N"), KeyThumbprint = owner.Thumbprint,
            }.Sign(key, keyId);
        }
    }

    // A real 3×2 PNG with the canary in a text chunk.
    private byte[] Picture()
    {
        var header = Convert.FromHexString("89504e470d0a1a0a0000000d4948445200000003000000020802000000");
        return [.. header, .. new byte[4], 0, 0, 0, (byte)canary.Length, .. "tEXt"u8, .. canary, .. new byte[4], .. Convert.FromHexString("0000000049454e44ae426082")];
    }

    private async Task<(GrantAnswer Grant, JsonElement Asset)> GrantAsync()
    {
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task");
        var response = await owner.GrantAsync($"/api/projects/{project}/tasks/{task.GetProperty("id").GetGuid()}/grant");
        var text = (await BrowserSession.OkAsync(response)).GetRawText();
        return (JsonSerializer.Deserialize<GrantAnswer>(text, JsonSerializerOptions.Web)!, task.GetProperty("asset"));
    }

    private async Task<HttpResponseMessage> FetchAsync(string url, string? header, string? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (header is not null)
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Language", header);
        }

        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        return await http.SendAsync(request);
    }

    private static async Task RefusedAsync(string code, Task<Asked> asking)
    {
        var (response, text, _) = await asking;
        Assert.True(!response.IsSuccessStatusCode && JsonElement.Parse(text).GetProperty("code").GetString() == code, $"{code} expected: {(int)response.StatusCode} {text}");
    }
}

public sealed class PictureRoadFromAFolderTests : PictureRoadTests
{
    protected override async Task<ConnectionOptions> PrepareAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        var folder = Directory.CreateTempSubdirectory("hybrid-pictures").FullName;
        foreach (var (key, bytes) in objects)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, key))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, key), bytes);
        }

        return new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder };
    }
}

public sealed class PictureRoadFromCephTests : PictureRoadTests
{
    protected override async Task<ConnectionOptions> PrepareAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        var server = RgwServer.Get();
        using var s3 = Product.CephStorage.Client(server);
        var bucket = $"road-{Guid.NewGuid():N}";
        await s3.PutBucketAsync(bucket);
        foreach (var (key, bytes) in objects)
        {
            using var stream = new MemoryStream(bytes);
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = stream });
        }

        return new ConnectionOptions { Name = "bucket", Provider = "s3", Bucket = bucket, Endpoint = server.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey };
    }
}
