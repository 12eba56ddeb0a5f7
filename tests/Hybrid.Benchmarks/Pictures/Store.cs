using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Hybrid.Benchmarks.Pictures;

/// <summary>Storage that holds the pictures, and how a page without the product reads them there.</summary>
/// <param name="Title">As it stands in the table.</param>
/// <param name="Connection">The agent's connection.</param>
/// <param name="BareUrl">An address of the same bytes in the same storage that needs no header.</param>
internal sealed record Store(string Title, object Connection, Func<string, string> BareUrl)
{
    public static Store OfFolder(string folder, Uri server) => new(
        "folder", new { name = "pictures", provider = "file", folder }, key => new Uri(server, key).ToString());

    /// <summary>A new bucket of the Ceph RGW that <c>HYBRID_TEST_RGW</c> names; null without one.</summary>
    public static async Task<Store?> OfCephAsync(string folder, string workspaceOrigin)
    {
        if (Environment.GetEnvironmentVariable("HYBRID_TEST_RGW") is not { Length: > 0 } file) return null;
        var values = File.ReadLines(file).Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        var (endpoint, access, secret) = (values["S3_ENDPOINT"], values["S3_OWNER_ACCESS_KEY"], values["S3_OWNER_SECRET_KEY"]);
        var s3 = new AmazonS3Client(new BasicAWSCredentials(access, secret), new AmazonS3Config
        {
            ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        var bucket = $"bench-{Guid.NewGuid():N}";
        await s3.PutBucketAsync(bucket);
        await s3.PutCORSConfigurationAsync(bucket, new CORSConfiguration
        {
            Rules = [new CORSRule { AllowedMethods = ["GET", "HEAD"], AllowedOrigins = [workspaceOrigin], ExposeHeaders = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"] }],
        });
        foreach (var picture in Directory.GetFiles(folder, "*.jpg"))
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = Path.GetFileName(picture), FilePath = picture, ContentType = "image/jpeg" });
        return new Store(
            "Ceph RGW", new { name = "pictures", provider = "s3", bucket, endpoint, accessKey = access, secretKey = secret },
            key => s3.GetPreSignedURL(new GetPreSignedUrlRequest { BucketName = bucket, Key = key, Expires = DateTime.UtcNow.AddMinutes(10), Protocol = Protocol.HTTP }));
    }
}
