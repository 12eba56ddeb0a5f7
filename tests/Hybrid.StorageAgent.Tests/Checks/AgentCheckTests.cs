using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.StorageAgent.Checks;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Checks;

/// <summary>What <c>agent check</c> says of a real bucket whose CORS is right, half right or absent, and of clocks.</summary>
public sealed class AgentCheckTests : IAsyncLifetime
{
    private const string Origin = "https://hybrid.example";
    private static readonly List<string> Exposed = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"];

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-check").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private RgwServer server = null!;
    private AmazonS3Client owner = null!;
    private string bucket = "";

    public async ValueTask InitializeAsync()
    {
        server = RgwServer.Get();
        owner = Buckets.Owner(server);
        bucket = await Buckets.NewAsync(owner, [new("a.png", [1, 2, 3])]);
        AgentIdentity.Create(folder, Guid.NewGuid(), ECDsa.Create(ECCurve.NamedCurves.nistP256), "").Dispose();
    }

    public ValueTask DisposeAsync()
    {
        owner?.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Bucket_WithoutCors_IsToldTheCommandThatMendsIt()
    {
        var line = await LineAsync("c: CORS", TimeProvider.System);
        Assert.False(line.Ok);
        Assert.Equal(
            $$"""it does not admit {{Origin}}. Apply: aws s3api put-bucket-cors --bucket {{bucket}} --cors-configuration '{"CORSRules":[{"AllowedOrigins":["{{Origin}}"],"AllowedMethods":["GET","HEAD"],"ExposeHeaders":["ETag","Content-Range","Accept-Ranges","Content-Length"],"MaxAgeSeconds":600}]}'""",
            line.Mend);
    }

    [Fact]
    public async Task Bucket_ThatExposesTooLittle_IsToldWhatIsMissing()
    {
        await CorsAsync([Origin], ["ETag"]);
        var line = await LineAsync("c: CORS", TimeProvider.System);
        Assert.False(line.Ok);
        Assert.StartsWith("it does not expose Content-Range, it does not expose Accept-Ranges. Apply: aws s3api", line.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bucket_OfAnotherWorkspace_IsNotRight_AndTheRightOneIs()
    {
        await CorsAsync(["https://other.example"], Exposed);
        Assert.StartsWith($"it does not admit {Origin}.", (await LineAsync("c: CORS", TimeProvider.System)).Mend, StringComparison.Ordinal);

        await CorsAsync([Origin], Exposed);
        Assert.Equal(("c: CORS", true, "admits the workspace"), await TupleAsync("c: CORS", TimeProvider.System));
        Assert.True((await LineAsync("c: split secret", TimeProvider.System)).Ok);
    }

    [Fact]
    public async Task Bucket_ByProxyDelivery_IsReadByTheAgentItself_AndNeedsNoCors()
    {
        var lines = await LinesAsync("proxy");

        Assert.Equal(["c: list", "c: read for proxy delivery"], lines.Where(l => l.What.StartsWith("c: ", StringComparison.Ordinal)).Select(l => l.What));
        Assert.Equal("works", lines.Single(l => l.What == "c: read for proxy delivery").Mend);
    }

    [Fact]
    public async Task Clock_ThatDiffersFromTheStores_IsNamed()
    {
        Assert.True((await LineAsync("c: clock", TimeProvider.System)).Ok);
        var late = await LineAsync("c: clock", new TestClock(DateTimeOffset.UtcNow.AddSeconds(-90)));
        Assert.False(late.Ok);
        Assert.Contains("s from this machine's", late.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azure-blob", "az storage cors add --account-name acc --services b --methods GET HEAD --origins https://hybrid.example --allowed-headers '' --exposed-headers 'ETag Content-Range Accept-Ranges Content-Length' --max-age 600")]
    [InlineData("gcs", """gcloud storage buckets update gs://images --cors-file=FILE, with [{"origin":["https://hybrid.example"],"method":["GET","HEAD"],"responseHeader":["ETag","Content-Range","Accept-Ranges","Content-Length"],"maxAgeSeconds":600}] in FILE""")]
    public void Mend_SpeaksTheLanguageOfTheStoresOwnTools(string provider, string command) =>
        Assert.Equal(command, BucketCors.Mend(new ConnectionOptions { Name = "c", Provider = provider, Bucket = "images", Account = "acc" }, Origin));

    private async Task CorsAsync(List<string> origins, List<string> exposed) => await owner.PutCORSConfigurationAsync(
        bucket, new CORSConfiguration { Rules = [new CORSRule { AllowedOrigins = origins, AllowedMethods = ["GET", "HEAD"], ExposeHeaders = exposed, MaxAgeSeconds = 600 }] }, TestContext.Current.CancellationToken);

    private async Task<(string, bool, string)> TupleAsync(string what, TimeProvider clock) => await LineAsync(what, clock) is var line ? (line.What, line.Ok, line.Mend) : default;

    private async Task<CheckLine> LineAsync(string what, TimeProvider clock) => (await LinesAsync("presigned", clock)).Single(l => l.What == what);

    private async Task<IReadOnlyList<CheckLine>> LinesAsync(string delivery, TimeProvider? clock = null)
    {
        var options = new AgentOptions { ControlPlane = new Uri("http://localhost:1"), PublicUrl = new Uri("http://localhost:2"), WorkspaceOrigin = Origin, DataDirectory = folder };
        var connection = Buckets.Connection(server, bucket);
        connection.Delivery = delivery;
        options.Connections.Add(connection);
        var lines = new List<CheckLine>();
        await foreach (var line in AgentCheck.RunAsync(options, http, clock ?? TimeProvider.System, TestContext.Current.CancellationToken)) lines.Add(line);
        return lines;
    }
}
