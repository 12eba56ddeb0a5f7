using Hybrid.StorageAgent.Tests.Harness;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

/// <summary>The default chain, found by the agent's own executable in each of its places.</summary>
public sealed class S3EnvironmentTests : IDisposable
{
    private readonly AwsWire aws = new();
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-aws").FullName;

    public S3EnvironmentTests() => aws.BucketLists();

    public void Dispose()
    {
        aws.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Chain_FindsTheInstancesRoleByImdsV2()
    {
        aws.Server.Given(Request.Create().WithPath("/latest/api/token").UsingPut().WithHeader("X-aws-ec2-metadata-token-ttl-seconds", "*"))
            .RespondWith(Response.Create().WithStatusCode(200).WithHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600").WithBody("imds-token"));
        foreach (var path in (string[])["/latest/meta-data/iam/security-credentials/", "/latest/meta-data/iam/security-credentials"])
        {
            aws.Server.Given(Request.Create().WithPath(path).UsingGet().WithHeader("X-aws-ec2-metadata-token", "imds-token")).RespondWith(Response.Create().WithStatusCode(200).WithBody("agent-role"));
        }

        var now = DateTimeOffset.UtcNow;
        aws.Server.Given(Request.Create().WithPath("/latest/meta-data/iam/security-credentials/agent-role").UsingGet().WithHeader("X-aws-ec2-metadata-token", "imds-token")).RespondWith(
            Response.Create().WithStatusCode(200).WithBody($$"""
                {"Code":"Success","LastUpdated":"{{AwsWire.Iso(now)}}","Type":"AWS-HMAC","AccessKeyId":"IMDS","SecretAccessKey":"s","Token":"imds-session","Expiration":"{{AwsWire.Iso(now.AddHours(6))}}"}
                """));

        await ListsAsAsync("IMDS", new() { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = aws.Url.ToString().TrimEnd('/') }, "imds-session");
        // Every mapping wants the token: version 1, which answers whoever asks, would have been refused.
        Assert.All(aws.Server.LogEntries.Where(e => e.RequestMessage!.Path.StartsWith("/latest", StringComparison.Ordinal)), e => Assert.Equal(200, Convert.ToInt32(e.ResponseMessage!.StatusCode, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Chain_FindsAWebIdentityAsEksGivesIt()
    {
        var token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, "eks-jwt", TestContext.Current.CancellationToken);
        aws.StsGives("AssumeRoleWithWebIdentity", "IRSA", DateTimeOffset.UtcNow.AddHours(1));

        await ListsAsAsync("IRSA", new() { ["AWS_WEB_IDENTITY_TOKEN_FILE"] = token, ["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r", ["AWS_ENDPOINT_URL_STS"] = aws.Url + "sts" }, "token-IRSA");
        Assert.Contains("WebIdentityToken=eks-jwt", aws.AskedOfSts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public Task Chain_FindsTheEnvironmentsKeys() => ListsAsAsync("ENVKEY", new() { ["AWS_ACCESS_KEY_ID"] = "ENVKEY", ["AWS_SECRET_ACCESS_KEY"] = "s" });

    [Fact]
    public async Task Profile_IsReadFromTheSharedFile()
    {
        var file = Path.Combine(folder, "credentials");
        await File.WriteAllTextAsync(file, "[default]\naws_access_key_id = OTHER\naws_secret_access_key = s\n[hospital]\naws_access_key_id = PROFILE\naws_secret_access_key = s\n", TestContext.Current.CancellationToken);

        await ListsAsAsync("PROFILE", new() { ["AWS_SHARED_CREDENTIALS_FILE"] = file }, profile: "hospital");
    }

    [Fact]
    public async Task Profile_WhenAbsent_IsNamed()
    {
        var lines = await AgentProcess.CheckAsync(Connection("nobody"), new Dictionary<string, string>());

        Assert.StartsWith("✗ The profile nobody is not in the agent's AWS files.", lines["list"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_WhenItFindsNothing_SaysSo()
    {
        var lines = await AgentProcess.CheckAsync(Connection(null), new Dictionary<string, string> { ["AWS_EC2_METADATA_DISABLED"] = "true" });

        Assert.StartsWith("✗ The agent has no storage credentials. Give it", lines["list"], StringComparison.Ordinal);
    }

    private object Connection(string? profile) => new { name = "c", provider = "s3", bucket = "scans", endpoint = aws.Url.ToString(), profile };

    private async Task ListsAsAsync(string accessKey, Dictionary<string, string> environment, string? token = null, string? profile = null)
    {
        if (!environment.ContainsKey("AWS_EC2_METADATA_SERVICE_ENDPOINT")) environment["AWS_EC2_METADATA_DISABLED"] = "true";
        var lines = await AgentProcess.CheckAsync(Connection(profile), environment);

        Assert.StartsWith("✓ works", lines["list"], StringComparison.Ordinal);
        var asked = aws.AskedOfBucket[0];
        Assert.Contains($"Credential={accessKey}/", asked.Authorization, StringComparison.Ordinal);
        if (token is not null) Assert.Contains($"x-amz-security-token: {token}", asked.Headers, StringComparison.Ordinal);
        // The URL that check tried, too.
        Assert.Contains(aws.Asked, r => r.Url.Contains($"X-Amz-Credential={accessKey}%2F", StringComparison.Ordinal) || r.Url.Contains($"X-Amz-Credential={accessKey}/", StringComparison.Ordinal));
    }
}
