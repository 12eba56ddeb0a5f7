using System.Net;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.StorageAgent.Tests.Harness;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Hybrid.StorageAgent.Tests.Providers.Gcs;

/// <summary>Who the agent is at Google, what IAM signs for it, and how the small client bears failures.</summary>
public sealed class GcsProviderTests : IAsyncLifetime
{
    private readonly WireMockServer google = WireMockServer.Start();
    private readonly HttpClient http = new();
    private readonly string keyFile = Path.GetTempFileName();
    private GcsStub stub = null!;

    public async ValueTask InitializeAsync() => stub = await GcsStub.StartAsync([new("in/a.png", "picture"u8.ToArray())]);

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("GCE_METADATA_HOST", null);
        google.Dispose();
        http.Dispose();
        File.Delete(keyFile);
        await stub.DisposeAsync();
    }

    [Fact]
    public async Task KeyFile_ListsReadsAndSignsWithoutAskingAnybodyForSignatures()
    {
        await File.WriteAllTextAsync(keyFile, stub.KeyFile, Ct);
        using var provider = Provider(o => o.KeyFile = keyFile, null);

        await WorksAsync(provider);
        Assert.DoesNotContain(google.LogEntries, e => e.RequestMessage!.Path.Contains("signBlob", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}""")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://evil.example","credential_source":{"executable":{"command":"/bin/sh"}}}""")]
    public async Task KeyFile_OfAnotherKind_IsRefused(string text)
    {
        await File.WriteAllTextAsync(keyFile, text, Ct);
        using var provider = Provider(o => o.KeyFile = keyFile, null);

        Assert.Equal("storage.no_credentials", (await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("in/", null, 10, Ct))).Code);
    }

    [Fact]
    public async Task WorkloadIdentity_TakesTokensOfTheMetadataServerAndSignaturesOfIam()
    {
        Metadata();
        SignBlob(200);
        using var provider = Provider(null, new ComputeCredential().ToGoogleCredential());

        await WorksAsync(provider);

        var asked = google.LogEntries.Select(e => e.RequestMessage!).First(r => r.Path.EndsWith(":signBlob", StringComparison.Ordinal));
        Assert.Equal($"/v1/projects/-/serviceAccounts/{GcsStub.Email}:signBlob", asked.Path);
        Assert.Equal("Bearer stub-token", asked.Headers!["Authorization"].Single());
        Assert.All(google.LogEntries.Where(e => e.RequestMessage!.Path.StartsWith("/computeMetadata", StringComparison.Ordinal)), e => Assert.Equal("Google", e.RequestMessage!.Headers!["Metadata-Flavor"].Single()));
    }

    [Fact]
    public async Task Impersonation_SignsAsTheOtherAccount()
    {
        google.Given(Request.Create().WithPath($"/v1/projects/-/serviceAccounts/{GcsStub.Email}:generateAccessToken").UsingPost()).RespondWith(
            Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody($$"""{"accessToken":"stub-token","expireTime":"{{AwsWire.Iso(DateTimeOffset.UtcNow.AddHours(1))}}"}"""));
        SignBlob(200);
        using var provider = Provider(o => o.Impersonate = GcsStub.Email, stub.Account);

        await WorksAsync(provider);
    }

    [Theory]
    [InlineData(403, "storage.cannot_sign")]
    [InlineData(500, "storage.failed")]
    public async Task SignBlob_WhenRefusedOrFailing_IsNamed(int status, string code)
    {
        Metadata();
        SignBlob(status);
        using var provider = Provider(null, new ComputeCredential().ToGoogleCredential());

        var failed = await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider));

        Assert.True(code == failed.Code, $"{failed.Code} {failed.InnerException}");
    }

    [Fact]
    public async Task Credentials_ThatCannotSign_SaySo()
    {
        using var provider = Provider(null, GoogleCredential.FromAccessToken("stub-token"));

        var failed = await Assert.ThrowsAsync<StorageException>(async () => await SignAsync(provider));

        Assert.Equal("storage.cannot_sign", failed.Code);
        Assert.Contains("impersonate", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplicationDefault_IsFoundByTheAgentsExecutable()
    {
        await File.WriteAllTextAsync(keyFile, stub.KeyFile, Ct);

        var lines = await AgentProcess.CheckAsync(
            new { name = "c", provider = "gcs", bucket = GcsStub.Bucket, endpoint = stub.Url.ToString(), prefixes = new[] { "in/" } }, new Dictionary<string, string> { ["GOOGLE_APPLICATION_CREDENTIALS"] = keyFile });

        Assert.StartsWith("✓ works", lines["list"], StringComparison.Ordinal);
        Assert.StartsWith("✓ works", lines["signed URL"], StringComparison.Ordinal);
        Assert.StartsWith("✓ a URL without its header is refused", lines["split secret"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequesterPays_AndGeneration_AreInEveryRequest()
    {
        using var provider = Provider(o => o.UserProject = "hospital 7", stub.Account);
        var listed = (await provider.ListAsync("in/", null, 10, Ct)).Objects.Single();
        Assert.Equal("1700000000000000", listed.Version);
        await provider.ReadStartAsync(new ObjectReference("c", "in/a.png", listed.Version), 3, Ct);

        var signed = await SignAsync(provider, listed.Version);

        Assert.All(stub.Asked.Where(a => a.StartsWith("/storage", StringComparison.Ordinal)), a => Assert.Contains("&userProject=hospital%207", a, StringComparison.Ordinal));
        Assert.Contains("&generation=1700000000000000&response-content-type=image%2Fpng&userProject=hospital%207&", signed.Url, StringComparison.Ordinal);
        using var pinned = await http.SignedAsync(signed.Url, "x-1");
        using var older = await http.SignedAsync((await SignAsync(provider, "1600000000000000")).Url, "x-1");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (pinned.StatusCode, older.StatusCode));
    }

    [Theory]
    [InlineData(null, "https://storage.googleapis.com/scans/in/a.png?", "https://storage.googleapis.com")]
    [InlineData(false, "https://scans.storage.googleapis.com/in/a.png?", "https://scans.storage.googleapis.com")]
    public async Task Url_IsOfTheConfiguredStyle(bool? pathStyle, string begins, string origin)
    {
        using var provider = new GcsProvider(new ConnectionOptions { Name = "c", Provider = "gcs", Bucket = GcsStub.Bucket, PathStyle = pathStyle }, TimeProvider.System, stub.Account);

        Assert.StartsWith(begins, (await SignAsync(provider)).Url, StringComparison.Ordinal);
        Assert.Equal(origin, provider.StorageOrigin);
    }

    [Theory]
    [InlineData(503, 2, true)]
    [InlineData(429, 2, true)]
    [InlineData(500, 3, false)]
    [InlineData(403, 1, false)]
    public async Task List_WhenItFailsForAMoment_IsTriedAgain(int status, int failures, bool heals)
    {
        for (var i = 0; i <= failures; i++)
        {
            var given = google.Given(Request.Create().WithPath("/storage/v1/b/scans/o").UsingGet()).InScenario("flaky");
            if (i > 0) given = given.WhenStateIs($"{i}");
            given.WillSetStateTo($"{i + 1}").RespondWith(i < failures
                ? Response.Create().WithStatusCode(status)
                : Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody("""{"items":[{"name":"in/a.png","size":"3","generation":"1"}]}"""));
        }

        using var provider = Provider(o => o.Endpoint = new Uri(google.Url!), stub.Account);

        if (heals) Assert.Single((await provider.ListAsync("in/", null, 10, Ct)).Objects);
        else await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("in/", null, 10, Ct));
        Assert.Equal(heals ? failures + 1 : failures, google.LogEntries.Count(e => e.RequestMessage!.Path == "/storage/v1/b/scans/o"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public async Task List_WhenTheAnswerIsNoListing_IsNamed(string body)
    {
        google.Given(Request.Create().WithPath("/storage/v1/b/scans/o")).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(body));
        using var provider = Provider(o => o.Endpoint = new Uri(google.Url!), stub.Account);

        Assert.Equal("storage.failed", (await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("in/", null, 10, Ct))).Code);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ValueTask<SignedUrl> SignAsync(GcsProvider provider, string? generation = null) =>
        provider.SignAsync(new ObjectReference("c", "in/a.png", generation), "x-1", "image/png", TimeSpan.FromSeconds(60), Ct);

    private async Task WorksAsync(GcsProvider provider)
    {
        Assert.Equal("in/a.png", (await provider.ListAsync("in/", null, 10, Ct)).Objects.Single().Key);
        Assert.Equal("pic"u8.ToArray(), await provider.ReadStartAsync(new ObjectReference("c", "in/a.png", null), 3, Ct));
        var signed = await SignAsync(provider);
        Assert.Contains($"X-Goog-Credential={Uri.EscapeDataString(GcsStub.Email)}%2F", signed.Url, StringComparison.Ordinal);
        using var right = await http.SignedAsync(signed.Url, "x-1");
        using var wrong = await http.SignedAsync(signed.Url, null);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (right.StatusCode, wrong.StatusCode));
    }

    private void Metadata()
    {
        // Google's own variable for another metadata server; nothing else of this process asks for one.
        Environment.SetEnvironmentVariable("GCE_METADATA_HOST", new Uri(google.Url!).Authority);
        google.Given(Request.Create().WithPath("/computeMetadata/v1/instance/service-accounts/default/email").WithHeader("Metadata-Flavor", "Google")).RespondWith(Response.Create().WithStatusCode(200).WithBody(GcsStub.Email));
        google.Given(Request.Create().WithPath("/computeMetadata/v1/instance/service-accounts/default/token").WithHeader("Metadata-Flavor", "Google")).RespondWith(
            Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody("""{"access_token":"stub-token","expires_in":3599,"token_type":"Bearer"}"""));
        google.Given(Request.Create().WithPath("/computeMetadata/v1/universe/universe-domain")).RespondWith(Response.Create().WithStatusCode(200).WithBody("googleapis.com"));
    }

    private void SignBlob(int status) => google.Given(Request.Create().WithPath($"/v1/projects/-/serviceAccounts/{GcsStub.Email}:signBlob").UsingPost()).RespondWith(
        Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(request =>
        {
            if (status != 200) return """{"error":{"code":403,"message":"no"}}""";
            var payload = JsonElement.Parse(request.Body!).GetProperty("payload").GetString()!;
            return JsonSerializer.Serialize(new { keyId = "1", signedBlob = Convert.ToBase64String(stub.Sign(Convert.FromBase64String(payload))) });
        }));

    private GcsProvider Provider(Action<ConnectionOptions>? change, GoogleCredential? source)
    {
        var options = new ConnectionOptions { Name = "c", Provider = "gcs", Bucket = GcsStub.Bucket, Endpoint = stub.Url };
        change?.Invoke(options);
        return new GcsProvider(options, TimeProvider.System, source, new ToGoogle(new Uri(google.Url!), stub.Url));
    }

    /// <summary>Takes what goes to Google's fixed addresses to the test's own.</summary>
    private sealed class ToGoogle(Uri google, Uri tokens) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri!;
            if (asked.Host == "oauth2.googleapis.com") request.RequestUri = new Uri(tokens, "/token");
            else if (!asked.IsLoopback) request.RequestUri = new Uri(google, asked.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
