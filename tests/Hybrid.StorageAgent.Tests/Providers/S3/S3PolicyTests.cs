using System.Net;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

/// <summary>The policy that README.md documents is enough and not more than enough; a session policy takes away all but the prefixes. On Ceph's own IAM and STS.</summary>
public sealed class S3PolicyTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private string bucket = "";

    public async ValueTask InitializeAsync()
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        bucket = await Buckets.NewAsync(owner, [new("study-7/a.png", "picture"u8.ToArray()), new("other/b.png", "secret"u8.ToArray())]);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task DocumentedPolicy_IsEnoughForEverythingThatTheAgentDoes()
    {
        await RgwAdmin.PutUserPolicyAsync(Documented().ToJsonString());
        using var provider = new S3Provider(AsUser(), TimeProvider.System);

        Assert.Equal("study-7/a.png", (await provider.ListAsync("study-7/", null, 10, Ct)).Objects.Single().Key);
        Assert.Equal("picture"u8.ToArray(), await provider.ReadStartAsync(new ObjectReference("c", "study-7/a.png", null), 10, Ct));
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(provider, "study-7/a.png"));
    }

    [Fact]
    public async Task DocumentedPolicy_OpensNothingElse()
    {
        await RgwAdmin.PutUserPolicyAsync(Documented().ToJsonString());
        using var provider = new S3Provider(AsUser(), TimeProvider.System);
        using var user = Buckets.Owner(RgwServer.Get() with { AccessKey = RgwServer.Get().Assumer.AccessKey, SecretKey = RgwServer.Get().Assumer.SecretKey });

        Assert.Equal(HttpStatusCode.Forbidden, await FetchAsync(provider, "other/b.png"));
        await ForbiddenAsync(() => provider.ListAsync("other/", null, 10, Ct));
        await ForbiddenAsync(() => provider.ListAsync("", null, 10, Ct));
        await Assert.ThrowsAsync<Amazon.S3.AmazonS3Exception>(() => user.DeleteObjectAsync(bucket, "study-7/a.png", Ct));
        await Assert.ThrowsAsync<Amazon.S3.AmazonS3Exception>(() => user.PutObjectAsync(new() { BucketName = bucket, Key = "study-7/new.png", ContentBody = "x" }, Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task DocumentedPolicy_WithOneActionFewer_IsNotEnough(int missing)
    {
        var policy = Documented();
        policy["Statement"]!.AsArray().RemoveAt(missing);
        await RgwAdmin.PutUserPolicyAsync(policy.ToJsonString());
        using var provider = new S3Provider(AsUser(), TimeProvider.System);

        Assert.Equal(missing == 0 ? HttpStatusCode.Forbidden : HttpStatusCode.OK, await FetchAsync(provider, "study-7/a.png"));
        if (missing == 1) await ForbiddenAsync(() => provider.ListAsync("study-7/", null, 10, Ct));
        else Assert.Single((await provider.ListAsync("study-7/", null, 10, Ct)).Objects);
    }

    [Fact]
    public async Task Role_NarrowedByItsSessionPolicy_ReachesOnlyThePrefixesWhateverTheRoleMay()
    {
        await RgwAdmin.PutRolePolicyAsync("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::*"}]}""");
        using var narrow = new S3Provider(AsRole(scoped: true), TimeProvider.System);
        using var wide = new S3Provider(AsRole(scoped: false), TimeProvider.System);

        Assert.Single((await narrow.ListAsync("study-7/", null, 10, Ct)).Objects);
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(narrow, "study-7/a.png"));
        Assert.Equal(HttpStatusCode.Forbidden, await FetchAsync(narrow, "other/b.png"));
        await ForbiddenAsync(() => narrow.ListAsync("other/", null, 10, Ct));
        await ForbiddenAsync(() => narrow.ReadStartAsync(new ObjectReference("c", "other/b.png", null), 10, Ct));
        // The same role without: so it is the session policy that held.
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(wide, "other/b.png"));
        Assert.Single((await wide.ListAsync("other/", null, 10, Ct)).Objects);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task ForbiddenAsync<T>(Func<Task<T>> ask) => Assert.Equal("storage.forbidden", (await Assert.ThrowsAsync<StorageException>(ask)).Code);

    // Exactly the text of the page, with this bucket's name.
    private JsonNode Documented()
    {
        var page = File.ReadAllText(Path.Combine(ReferenceFiles.RepositoryRoot, "storage-agent", "README.md"));
        var begin = page.IndexOf("{ \"Version\": \"2012-10-17\"", StringComparison.Ordinal);
        return JsonNode.Parse(page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)].Replace(":::images", $":::{bucket}", StringComparison.Ordinal))!;
    }

    private ConnectionOptions AsUser()
    {
        var options = Buckets.Connection(RgwServer.Get(), bucket);
        (options.AccessKey, options.SecretKey) = RgwServer.Get().Assumer;
        options.Prefixes.Add("study-7/");
        return options;
    }

    private ConnectionOptions AsRole(bool scoped)
    {
        var options = AsUser();
        (options.RoleArn, options.ScopeCredentials) = (RgwServer.Get().RoleArn, scoped);
        return options;
    }

    private async Task<HttpStatusCode> FetchAsync(S3Provider provider, string key)
    {
        var secret = SplitSecret.New();
        var signed = await provider.SignAsync(new ObjectReference("c", key, null), secret, "image/png", TimeSpan.FromSeconds(60), Ct);
        using var response = await http.SignedAsync(signed.Url, secret);
        return response.StatusCode;
    }
}
