using System.Text;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Testing;

namespace Hybrid.EndToEnd.Product;

/// <summary>Pictures in a bucket of the run's Ceph gateway; what browsers fetch from it passes a recording proxy.</summary>
internal sealed partial class CephStorage : InstallationStorage
{
    private readonly RgwServer server = RgwServer.Get();
    private RecordingProxy? front;

    public string SecretKey => server.SecretKey;

    /// <summary>Signatures of the URLs that browsers fetched.</summary>
    public IReadOnlySet<string> Signatures => All(SignatureInUrl());

    /// <summary>Secret headers with which browsers fetched.</summary>
    public IReadOnlySet<string> SplitSecrets => All(SecretInHeader());

    public override async Task<object> PrepareAsync(string workspaceOrigin)
    {
        using var s3 = Client(server);
        var bucket = $"promise-{Guid.NewGuid():N}";
        await s3.PutBucketAsync(bucket);
        foreach (var (key, bytes) in Pictures())
        {
            using var stream = new MemoryStream(bytes);
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = stream, ContentType = "image/png" });
        }

        await s3.PutCORSConfigurationAsync(bucket, new CORSConfiguration
        {
            Rules = [new CORSRule { AllowedOrigins = [workspaceOrigin], AllowedMethods = ["GET", "HEAD"], ExposeHeaders = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"], MaxAgeSeconds = 600 }],
        });
        front = RecordingProxy.Start(server.Endpoint.Port);
        return new { name = "pictures", provider = "s3", bucket, endpoint = server.Endpoint, publicEndpoint = new Uri($"http://127.0.0.1:{front.Port}"), accessKey = server.AccessKey, secretKey = server.SecretKey, opaqueKeys = KeepsNames };
    }

    /// <summary>A client that gets on with Ceph (its checksums are of before 2025).</summary>
    public static AmazonS3Client Client(RgwServer server) => new(new BasicAWSCredentials(server.AccessKey, server.SecretKey), new AmazonS3Config
    {
        ServiceURL = server.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public override async ValueTask DisposeAsync()
    {
        if (front is not null) await front.DisposeAsync();
        await base.DisposeAsync();
    }

    [GeneratedRegex("X-Amz-Signature=([0-9a-f]{64})")]
    private static partial Regex SignatureInUrl();

    [GeneratedRegex("content-language: (x-[a-z2-7-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretInHeader();

    private HashSet<string> All(Regex pattern) =>
        [.. front!.Recorded.SelectMany(r => pattern.Matches(Encoding.Latin1.GetString(r.ToServer))).Select(m => m.Groups[1].Value)];
}
