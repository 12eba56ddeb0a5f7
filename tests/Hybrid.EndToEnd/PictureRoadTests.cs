using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.S3.Model;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.Testing;

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
        var connectionId = (await owner.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("connections")[0].GetProperty("id").GetGuid();
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
        var (response, open) = await agent.AskAsync(host, owner, grant);
        Assert.Equal("application/jose", response.Content.Headers.ContentType?.MediaType);

        var answer = open().Value.Objects.Single();

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
    public async Task Answer_WhenTamperedWith_DoesNotOpen()
    {
        var (grant, _) = await GrantAsync();
        var (response, open) = await agent.AskAsync(host, owner, grant);
        Assert.True(open().IsOk);
        using var mine = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(Hybrid.Security.Sealing.SealedAnswer.Open(text, mine, _ => null, "jti", "ath").IsOk);
    }

    [Fact]
    public async Task Listing_WhenOutsideTheAllowedPrefix_IsRefusedByTheAgentItself()
    {
        var connectionId = (await owner.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("connections")[0].GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId, prefix = "out/" });
        JsonElement import = default;
        await Wait.UntilAsync(async () => (import = (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0]).GetProperty("state").GetString() == "failed");
        Assert.Equal("policy.prefix", import.GetProperty("error").GetProperty("code").GetString());
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

    private static async Task RefusedAsync(string code, Task<(HttpResponseMessage Response, Func<Hybrid.Security.Verified<UrlAnswer>> Open)> asking)
    {
        var (response, _) = await asking;
        var text = await response.Content.ReadAsStringAsync();
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
