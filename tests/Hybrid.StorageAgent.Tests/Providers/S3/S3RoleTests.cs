using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

/// <summary>Roles: asked for rightly, renewed before they lapse, and never outlived by a URL.</summary>
public sealed class S3RoleTests : IDisposable
{
    private const string Role = "arn:aws-cn:iam::123456789012:role/agent";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AwsWire aws = new();
    private readonly string tokenFile = Path.GetTempFileName();

    public void Dispose()
    {
        aws.Dispose();
        File.Delete(tokenFile);
    }

    [Fact]
    public async Task Role_IsTakenOnWithExternalIdAndNarrowedToThePrefixes()
    {
        aws.StsGives("AssumeRole", "ROLE1", clock.GetUtcNow().AddHours(1));
        using var provider = Provider(o => o.ExternalId = "customer 7");

        var signed = await SignAsync(provider);

        var asked = Assert.Single(aws.AskedOfSts);
        Assert.Contains("Action=AssumeRole&", asked, StringComparison.Ordinal);
        Assert.Contains("ExternalId=customer 7&", asked, StringComparison.Ordinal);
        Assert.Contains($"RoleArn={Role}&RoleSessionName=hybrid-ward", asked, StringComparison.Ordinal);
        Assert.Contains(
            """Policy={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion"],"Resource":["arn:aws-cn:s3:::scans/in/*"]},{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws-cn:s3:::scans"],"Condition":{"StringLike":{"s3:prefix":["in/*"]}}}]}&""",
            asked, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Credential=ROLE1%2F20260301", signed.Url, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=token-ROLE1", signed.Url, StringComparison.Ordinal);
        Assert.Contains("Credential=KEY/", aws.Asked.Single().Headers!["Authorization"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_WhenScopingIsOff_IsAskedForWithoutAPolicy()
    {
        aws.StsGives("AssumeRole", "ROLE1", clock.GetUtcNow().AddHours(1));
        using var provider = Provider(o => o.ScopeCredentials = false);

        await SignAsync(provider);

        Assert.DoesNotContain("Policy=", aws.AskedOfSts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_IsRenewedAtHalfItsLife_AndOnce()
    {
        aws.StsGives("AssumeRole", "ROLE1", clock.GetUtcNow().AddHours(1));
        using var provider = Provider();
        for (var minute = 0; minute < 30; minute++)
        {
            Assert.Contains("ROLE1", (await SignAsync(provider)).Url, StringComparison.Ordinal);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        aws.StsGives("AssumeRole", "ROLE2", clock.GetUtcNow().AddHours(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SignAsync(provider).AsTask()));

        Assert.Contains("ROLE2", (await SignAsync(provider)).Url, StringComparison.Ordinal);
        Assert.Equal(2, aws.AskedOfSts.Count);
    }

    [Fact]
    public async Task Role_WhenItsRenewalFails_ServesUntilItLapsesAndThenSaysWhy()
    {
        aws.StsGives("AssumeRole", "ROLE1", clock.GetUtcNow().AddHours(1));
        using var provider = Provider();
        await SignAsync(provider);
        aws.StsFails(403, "AccessDenied");

        clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Contains("ROLE1", (await SignAsync(provider)).Url, StringComparison.Ordinal);
        Assert.Contains("ROLE1", (await SignAsync(provider)).Url, StringComparison.Ordinal);
        Assert.Equal(2, aws.AskedOfSts.Count);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("ROLE1", (await SignAsync(provider)).Url, StringComparison.Ordinal);
        Assert.Equal(3, aws.AskedOfSts.Count);

        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("storage.role_refused", (await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider))).Code);

        aws.StsGives("AssumeRole", "ROLE2", clock.GetUtcNow().AddHours(1));
        Assert.Contains("ROLE2", (await SignAsync(provider)).Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_NeverOutlivesTheCredentials_AndSaysSo()
    {
        var lapse = clock.GetUtcNow().AddMinutes(15);
        aws.StsGives("AssumeRole", "ROLE1", lapse);
        using var provider = Provider();
        var whole = await SignAsync(provider, TimeSpan.FromMinutes(10));
        Assert.Equal((clock.GetUtcNow().AddMinutes(10), false), (whole.ExpiresAt, whole.CutToCredentials));

        clock.Advance(TimeSpan.FromMinutes(6));
        var cut = await SignAsync(provider, TimeSpan.FromMinutes(10));

        Assert.Equal((lapse, true), (cut.ExpiresAt, cut.CutToCredentials));
        Assert.Contains("X-Amz-Expires=540&", cut.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "storage.role_refused")]
    [InlineData(400, "MalformedPolicyDocument", "storage.role_refused")]
    [InlineData(500, "InternalFailure", "storage.failed")]
    [InlineData(503, "ServiceUnavailable", "storage.busy")]
    public async Task Role_WhenNotGiven_IsNamed(int status, string awsCode, string code)
    {
        aws.StsFails(status, awsCode);
        using var provider = Provider();

        Assert.Equal(code, (await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider))).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("in/", null, 1, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task WebIdentity_SendsTheTokenOfTheFileAnewAtEachRenewal()
    {
        await File.WriteAllTextAsync(tokenFile, "jwt-1\n", TestContext.Current.CancellationToken);
        aws.StsGives("AssumeRoleWithWebIdentity", "ROLE1", clock.GetUtcNow().AddHours(1));
        using var provider = Provider(o => (o.WebIdentityTokenFile, o.AccessKey, o.SecretKey) = (tokenFile, null, null));
        await SignAsync(provider);
        await File.WriteAllTextAsync(tokenFile, "jwt-2\n", TestContext.Current.CancellationToken);
        aws.StsGives("AssumeRoleWithWebIdentity", "ROLE2", clock.GetUtcNow().AddHours(2));

        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Contains("ROLE2", (await SignAsync(provider)).Url, StringComparison.Ordinal);

        Assert.Equal([true, false], aws.AskedOfSts.Select(a => a.Contains("WebIdentityToken=jwt-1", StringComparison.Ordinal)));
        Assert.Contains("Action=AssumeRoleWithWebIdentity&", aws.AskedOfSts[0], StringComparison.Ordinal);
        Assert.Contains("Policy={", aws.AskedOfSts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebIdentity_WhenItsFileIsGone_SaysSo()
    {
        using var provider = Provider(o => (o.WebIdentityTokenFile, o.AccessKey, o.SecretKey) = (tokenFile + "-gone", null, null));

        Assert.Equal("storage.no_credentials", (await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider))).Code);
    }

    private static ValueTask<SignedUrl> SignAsync(S3Provider provider, TimeSpan? lifetime = null) =>
        provider.SignAsync(new ObjectReference("ward", "in/a.png", null), "x-1", "image/png", lifetime ?? TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private S3Provider Provider(Action<ConnectionOptions>? change = null)
    {
        var options = new ConnectionOptions
        {
            Name = "ward", Provider = "s3", Bucket = "scans", Endpoint = aws.Url, StsEndpoint = new Uri(aws.Url, "/sts"), AccessKey = "KEY", SecretKey = "SECRET", RoleArn = Role,
        };
        options.Prefixes.Add("in/");
        change?.Invoke(options);
        return new S3Provider(options, clock);
    }
}
