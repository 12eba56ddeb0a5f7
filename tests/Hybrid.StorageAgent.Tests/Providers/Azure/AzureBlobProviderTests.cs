using System.Net;
using System.Text;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Hybrid.StorageAgent.Tests.Providers.Azure;

/// <summary>What is Azure's own, on Azurite.</summary>
public sealed class AzureBlobProviderTests
{
    [Fact]
    public async Task SignedHeaders_AreWhatAzuriteDoesNotKnow()
    {
        // It leaves them out of its own string-to-sign, so even the right request is refused. Once it knows them, this test fails, and the
        // contract's identity store is to switch them on.
        var container = await Containers.NewAsync([new("a.png", "picture"u8.ToArray())]);
        using var provider = new AzureBlobProvider(Containers.Connection(container), TimeProvider.System, new AzureToken());
        using var http = new HttpClient(StorageHttp.Handler(Containers.Connection(container)));
        var secret = SplitSecret.New();

        var signed = await provider.SignAsync(new ObjectReference("c", "a.png", null), secret, "image/png", TimeSpan.FromSeconds(60), Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await http.SignedAsync(signed.Url, secret)).StatusCode);
        Assert.Empty(provider.Weaknesses);
    }

    [Fact]
    public async Task Snapshot_IsListedAsAVersionAndPinned()
    {
        var container = await Containers.NewAsync([new("a.png", "first"u8.ToArray())]);
        var blob = Containers.Owner(AzuriteServer.Get().Endpoint, container).GetBlobClient("a.png");
        await blob.CreateSnapshotAsync(cancellationToken: Ct);
        await blob.UploadAsync(new BinaryData("second"), overwrite: true, Ct);
        var options = Containers.Connection(container);
        (options.Endpoint, options.AccountKey, options.Snapshots) = (AzuriteServer.Get().Endpoint, AzuriteServer.Get().AccountKey, true);
        using var provider = new AzureBlobProvider(options, TimeProvider.System);
        using var http = new HttpClient();

        var listed = (await provider.ListAsync("", null, 10, Ct)).Objects;

        Assert.Equal([5, 6], listed.Select(o => o.Size).Order());
        foreach (var one in listed)
        {
            var reference = new ObjectReference("c", one.Key, one.Version);
            var signed = await provider.SignAsync(reference, "x-1", "image/png", TimeSpan.FromSeconds(60), Ct);
            var expected = one.Version?.StartsWith(AzureBlobProvider.SnapshotVersion, StringComparison.Ordinal) == true ? "first" : "second";
            using var response = await http.SignedAsync(signed.Url, null);
            Assert.Equal(expected, await response.Content.ReadAsStringAsync(Ct));
            Assert.Equal(expected, Encoding.UTF8.GetString(await provider.ReadStartAsync(reference, 10, Ct)));
        }
    }

    [Fact]
    public async Task Identity_IsFoundByTheAgentsExecutable_AsAManagedIdentityGivesIt()
    {
        var container = await Containers.NewAsync([new("in/a.png", "picture"u8.ToArray())]);
        using var identity = WireMockServer.Start();
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        identity.Given(Request.Create().WithPath("/token").UsingGet().WithHeader("X-IDENTITY-HEADER", "header-secret").WithParam("client_id", "client-7"))
            .RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(
                $$"""{"access_token":"{{new AzureToken().Text(expires)}}","expires_on":"{{expires.ToUnixTimeSeconds()}}","resource":"https://storage.azure.com/","token_type":"Bearer","client_id":"client-7"}"""));
        var server = AzuriteServer.Get();
        var connection = new
        {
            name = "c", provider = "azure-blob", account = server.Account, container, endpoint = server.SecureEndpoint.ToString(), caFile = server.CaFile, clientId = "client-7", signedHeaders = false, prefixes = new[] { "in/" },
        };

        var lines = await AgentProcess.CheckAsync(connection, new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = identity.Url + "/token", ["IDENTITY_HEADER"] = "header-secret" });

        Assert.StartsWith("✓ works", lines["list"], StringComparison.Ordinal);
        Assert.StartsWith("✓ works", lines["signed URL"], StringComparison.Ordinal);
        Assert.StartsWith("✓ weaker than it could be: signedHeaders is off", lines[UrlWeakness.HeaderUnbound], StringComparison.Ordinal);
        Assert.NotEmpty(identity.LogEntries);
    }

    [Fact]
    public async Task Identity_WhenForAnotherService_IsForbidden()
    {
        var container = await Containers.NewAsync([new("a.png", [1])]);
        using var provider = new AzureBlobProvider(Containers.Connection(container), TimeProvider.System, new AzureToken("https://vault.azure.net"));

        Assert.Equal("storage.forbidden", (await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("", null, 1, Ct))).Code);
    }

    [Fact]
    public async Task Identity_WhenThereIsNone_SaysSo()
    {
        var lines = await AgentProcess.CheckAsync(
            new { name = "c", provider = "azure-blob", account = "hospital", container = "scans", endpoint = "https://127.0.0.1:9" },
            new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = "http://127.0.0.1:9/token", ["IDENTITY_HEADER"] = "x" });

        Assert.StartsWith("✗ The agent has no identity that Azure accepts.", lines["list"], StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
