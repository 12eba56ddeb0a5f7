using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Faults;

/// <summary>The store's owner takes the agent's key away, or suspends its user: what was signed stops working, listings say why, and it heals when given back.</summary>
public sealed class CredentialsRevokedTests : IAsyncLifetime
{
    private static readonly ObjectReference Picture = new("c", "a.png", null);

    private readonly string user = $"revoked-{Guid.NewGuid():N}";
    private readonly string accessKey = Guid.NewGuid().ToString("N")[..20].ToUpperInvariant();
    private readonly string secretKey = Guid.NewGuid().ToString("N");
    private readonly HttpClient http = new();
    private S3Provider provider = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = RgwServer.Get();
        await RgwAdmin.CreateUserAsync(user, accessKey, secretKey);
        using var s3 = new AmazonS3Client(new BasicAWSCredentials(accessKey, secretKey), new AmazonS3Config
        {
            ServiceURL = server.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1", RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
        await s3.PutBucketAsync(user, Ct);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = user, Key = Picture.Key, ContentBody = "picture" }, Ct);
        provider = new S3Provider(new ConnectionOptions { Name = "c", Provider = "s3", Bucket = user, Endpoint = server.Endpoint, AccessKey = accessKey, SecretKey = secretKey }, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        provider?.Dispose();
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Credentials_ThatAreTakenAway_AreNamed_AndWorkAgainWhenGivenBack(bool suspended)
    {
        var signed = await provider.SignAsync(Picture, "x-1", "image/png", TimeSpan.FromMinutes(5), Ct);
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(signed));

        await (suspended ? RgwAdmin.SuspendAsync(user) : RgwAdmin.TakeKeyAsync(user, accessKey));
        await UntilAsync(async () => await FetchAsync(signed) == HttpStatusCode.Forbidden);
        // More often than a store may fail: a refusal is an answer, and says itself each time.
        for (var i = 0; i < 2 * CircuitBreaker.Failures; i++)
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("", null, 10, Ct));
            Assert.Equal("storage.forbidden", refused.Code);
            Assert.Contains("Check its policy and the agent's credentials with hybrid-agent check", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("storage.forbidden", (await Assert.ThrowsAsync<StorageException>(() => provider.ReadStartAsync(Picture, 7, Ct))).Code);
        var late = await provider.SignAsync(Picture, "x-2", "image/png", TimeSpan.FromMinutes(5), Ct);
        Assert.Equal(HttpStatusCode.Forbidden, await FetchAsync(late, "x-2"));

        await (suspended ? RgwAdmin.EnableAsync(user) : RgwAdmin.GiveKeyAsync(user, accessKey, secretKey));
        await UntilAsync(async () => await FetchAsync(signed) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(late, "x-2"));
        Assert.Equal(Picture.Key, Assert.Single((await provider.ListAsync("", null, 10, Ct)).Objects).Key);
    }

    private async Task<HttpStatusCode> FetchAsync(SignedUrl signed, string secret = "x-1")
    {
        using var answer = await http.SignedAsync(signed.Url, secret);
        return answer.StatusCode;
    }

    // The gateway learns of it from its cluster within moments.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds()) await Task.Delay(50, bound.Token);
    }
}
