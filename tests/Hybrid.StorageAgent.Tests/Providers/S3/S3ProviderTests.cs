using System.Net;
using System.Net.Sockets;
using System.Text;
using Amazon.S3.Model;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

public sealed class S3ProviderTests
{
    [Theory]
    [InlineData(null, null, "eu-central-1", null, "https://scans.s3.eu-central-1.amazonaws.com/in/a.png?")]
    [InlineData(null, null, "cn-north-1", null, "https://scans.s3.cn-north-1.amazonaws.com.cn/in/a.png?")]
    [InlineData(null, null, "us-east-1", true, "https://s3.us-east-1.amazonaws.com/scans/in/a.png?")]
    [InlineData("https://s3.hospital.example", null, "us-east-1", null, "https://s3.hospital.example/scans/in/a.png?")]
    [InlineData("https://s3.hospital.example", null, "us-east-1", false, "https://scans.s3.hospital.example/in/a.png?")]
    [InlineData("http://10.0.0.5:7480", "https://s3.hospital.example:8443", "us-east-1", null, "https://s3.hospital.example:8443/scans/in/a.png?")]
    public async Task Url_IsOfTheConfiguredEndpointAndStyle(string? endpoint, string? publicEndpoint, string region, bool? pathStyle, string begins)
    {
        using var provider = new S3Provider(
            new ConnectionOptions
            {
                Name = "c", Provider = "s3", Bucket = "scans", Region = region, PathStyle = pathStyle, AccessKey = "K", SecretKey = "S",
                Endpoint = endpoint is null ? null : new Uri(endpoint), PublicEndpoint = publicEndpoint is null ? null : new Uri(publicEndpoint),
            },
            TimeProvider.System);

        var signed = await SignAsync(provider, new ObjectReference("c", "in/a.png", null));

        Assert.StartsWith(begins, signed.Url, StringComparison.Ordinal);
        Assert.StartsWith(provider.StorageOrigin + "/", signed.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VirtualHostStyle_ListsReadsAndServes()
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        var bucket = await Buckets.NewAsync(owner, [new("in/ä b.png", "picture"u8.ToArray())]);
        var options = Buckets.Connection(RgwServer.Get(), bucket);
        (options.PathStyle, options.Endpoint) = (false, new Uri($"http://localhost:{RgwServer.Get().Endpoint.Port}"));
        // This machine's resolver does not know BUCKET.localhost; everything else is as it comes.
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync };
        using var http = new HttpClient(handler, disposeHandler: false);
        using var provider = new S3Provider(options, TimeProvider.System, handler);

        Assert.Equal("in/ä b.png", (await provider.ListAsync("in/", null, 10, Ct)).Objects.Single().Key);
        Assert.Equal("picture"u8.ToArray(), await provider.ReadStartAsync(new ObjectReference("c", "in/ä b.png", null), 100, Ct));
        var secret = SplitSecret.New();
        var signed = await SignAsync(provider, new ObjectReference("c", "in/ä b.png", null), secret);
        Assert.StartsWith($"http://{bucket}.localhost:", signed.Url, StringComparison.Ordinal);
        using var right = await http.SignedAsync(signed.Url, secret);
        using var wrong = await http.SignedAsync(signed.Url, null);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (right.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task Version_WhenKnown_IsPinned()
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        var bucket = await Buckets.NewAsync(owner, []);
        await owner.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = Amazon.S3.VersionStatus.Enabled } }, Ct);
        var versions = new List<string>();
        foreach (var text in (string[])["first", "second"])
            versions.Add((await owner.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a.png", InputStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }, Ct)).VersionId);
        using var provider = new S3Provider(Buckets.Connection(RgwServer.Get(), bucket), TimeProvider.System);
        using var http = new HttpClient();

        foreach (var (version, text) in ((string?, string)[])[(versions[0], "first"), (versions[1], "second"), (null, "second")])
        {
            var (reference, secret) = (new ObjectReference("c", "a.png", version), SplitSecret.New());
            using var response = await http.SignedAsync((await SignAsync(provider, reference, secret)).Url, secret);
            Assert.Equal(text, await response.Content.ReadAsStringAsync(Ct));
            Assert.Equal(text, Encoding.UTF8.GetString(await provider.ReadStartAsync(reference, 100, Ct)));
        }

        var pinned = await SignAsync(provider, new ObjectReference("c", "a.png", versions[0]), "x-1");
        using var swapped = await http.SignedAsync(pinned.Url.Replace(versions[0], versions[1], StringComparison.Ordinal), "x-1");
        Assert.Equal(HttpStatusCode.Forbidden, swapped.StatusCode);
    }

    [Fact]
    public async Task RequesterPays_IsInEveryRequestAndSignedIntoTheUrl()
    {
        using var aws = new AwsWire();
        aws.BucketLists();
        using var provider = Provider(aws, o => o.RequesterPays = true);

        await provider.ListAsync("in/", null, 1, Ct);
        await provider.ReadStartAsync(new ObjectReference("c", "in/a.png", null), 10, Ct);

        Assert.All(aws.AskedOfBucket, a => Assert.Contains("x-amz-request-payer: requester", a.Headers, StringComparison.Ordinal));
        Assert.Equal(2, aws.AskedOfBucket.Count);
        Assert.Contains("&x-amz-request-payer=requester&", (await SignAsync(provider, new ObjectReference("c", "in/a.png", null))).Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on the resource", "storage.key_refused")]
    [InlineData(400, "KMS.DisabledException", "arn:aws:kms:eu-central-1:1:key/2 is disabled.", "storage.key_refused")]
    [InlineData(403, "AccessDenied", "Access Denied", "storage.forbidden")]
    [InlineData(404, "NoSuchKey", "The specified key does not exist.", "storage.not_found")]
    [InlineData(503, "SlowDown", "Please reduce your request rate.", "storage.busy")]
    public async Task KmsRefusals_AreToldFromOthers_AndNoEncryptionHeaderIsSent(int status, string awsCode, string message, string code)
    {
        using var aws = new AwsWire();
        aws.BucketRefuses(status, awsCode, message);
        using var provider = Provider(aws);

        Assert.Equal(code, (await Assert.ThrowsAsync<StorageException>(() => provider.ReadStartAsync(new ObjectReference("c", "in/a.png", null), 10, Ct))).Code);
        // S3 refuses a GET with the headers of SSE-KMS (400): reading needs the key's permission and no header.
        Assert.All(aws.AskedOfBucket, a => Assert.DoesNotContain("server-side-encryption", a.Headers + a.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirects_AreNeverFollowed()
    {
        using var aws = new AwsWire();
        using var elsewhere = new AwsWire();
        elsewhere.BucketLists();
        aws.Server.Given(WireMock.RequestBuilders.Request.Create().WithPath("/scans*")).RespondWith(
            WireMock.ResponseBuilders.Response.Create().WithStatusCode(307).WithHeader("Location", new Uri(elsewhere.Url, "/scans").ToString()));
        using var provider = Provider(aws);

        await Assert.ThrowsAsync<StorageException>(() => provider.ReadStartAsync(new ObjectReference("c", "in/a.png", null), 10, Ct));
        await Assert.ThrowsAsync<StorageException>(() => provider.ListAsync("in/", null, 10, Ct));

        Assert.Empty(elsewhere.Server.LogEntries);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ValueTask<SignedUrl> SignAsync(S3Provider provider, ObjectReference reference, string secret = "x-1") => provider.SignAsync(reference, secret, "image/png", TimeSpan.FromSeconds(60), Ct);

    private static S3Provider Provider(AwsWire aws, Action<ConnectionOptions>? change = null)
    {
        var options = new ConnectionOptions { Name = "c", Provider = "s3", Bucket = "scans", Endpoint = aws.Url, AccessKey = "K", SecretKey = "S" };
        change?.Invoke(options);
        return new S3Provider(options, TimeProvider.System);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
