using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.StorageAgent.Configuration;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>Buckets of the run's Ceph RGW, as their owner sees them.</summary>
internal static class Buckets
{
    public static AmazonS3Client Owner(RgwServer server) => new(new BasicAWSCredentials(server.AccessKey, server.SecretKey), new AmazonS3Config
    {
        ServiceURL = server.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public static async Task<string> NewAsync(AmazonS3Client owner, IEnumerable<KeyValuePair<string, byte[]>> objects)
    {
        var bucket = $"agent-{Guid.NewGuid():N}";
        await owner.PutBucketAsync(bucket);
        await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (o, ct) =>
        {
            using var content = new MemoryStream(o.Value);
            await owner.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = o.Key, InputStream = content }, ct);
        });
        return bucket;
    }

    public static ConnectionOptions Connection(RgwServer server, string bucket) => new()
    {
        Name = "c", Provider = "s3", Bucket = bucket, Endpoint = server.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey,
    };
}
