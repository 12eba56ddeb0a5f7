using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Benchmarks.Measuring;
using Hybrid.StorageAgent.Providers.S3;

namespace Hybrid.Benchmarks.Presign;

/// <summary>One presigned S3 URL by our signer, by AWS's own SDK, and by nothing but the hashes that no signer can leave out.</summary>
internal sealed class PresignArea : IArea
{
    private const string AccessKey = "AKIDEXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Region = "us-east-1";
    private const string Bucket = "pictures";
    private const string Key = "ward 3/2026/scan-000123.jpg";
    private const string Host = "storage.example.org:9000";
    private const string Secret = "x-abcdefgh-ijklmnop-qrstuvwx-yz";

    public string Name => "presign";

    public string Summary => "S3 presigning: our signer, the AWS SDK, the bare hashes";

    public Task RunAsync(CancellationToken ct)
    {
        var signer = new SigV4Signer(Region);
        var credentials = new S3Credentials(AccessKey, SecretKey);
        using var sdk = new AmazonS3Client(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config { ServiceURL = $"http://{Host}", ForcePathStyle = true, AuthenticationRegion = Region });
        RefuseDifference(signer, credentials, sdk);

        var at = DateTimeOffset.UtcNow;
        var figures = Contest.Run(
            25,
            new("bare hashes (SHA-256 of the canonical request, HMAC-SHA256 by a key at hand)", Bare),
            new("SigV4Signer", n => Repeat(n, () => Ours(signer, credentials, at))),
            new("AWSSDK.S3 GetPreSignedURL", n => Repeat(n, () => Theirs(sdk))));
        var (bare, ours, theirs) = (figures[0], figures[1], figures[2]);
        Report.Table(
            "presign", ["contender", "µs a URL", "bytes allocated", "ours against it"],
            [
                [bare.Name, Report.Number(bare.Nanoseconds / 1000), Report.Number(bare.Bytes), $"{Report.Number(ours.Nanoseconds / bare.Nanoseconds)}× its time"],
                [ours.Name, Report.Number(ours.Nanoseconds / 1000), Report.Number(ours.Bytes), "–"],
                [theirs.Name, Report.Number(theirs.Nanoseconds / 1000), Report.Number(theirs.Bytes), Report.Against(theirs.Nanoseconds / ours.Nanoseconds, 20, atLeast: true)],
            ]);
        return Task.CompletedTask;
    }

    // A signer that signs something else would be fast for nothing: both must make the same URL of the same second.
    private static void RefuseDifference(SigV4Signer signer, S3Credentials credentials, AmazonS3Client sdk)
    {
        var theirs = HttpUtility.ParseQueryString(new Uri(Theirs(sdk)).Query);
        var at = DateTimeOffset.ParseExact(theirs["X-Amz-Date"]!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var ours = HttpUtility.ParseQueryString(new Uri(Ours(signer, credentials, at, int.Parse(theirs["X-Amz-Expires"]!, CultureInfo.InvariantCulture))).Query);
        if (ours["X-Amz-Signature"] != theirs["X-Amz-Signature"]) throw new InvalidOperationException($"The SDK signs something else.\n{ours}\n{theirs}");
    }

    private static void Repeat(int times, Func<string> sign)
    {
        for (var i = 0; i < times; i++) sign();
    }

    private static string Ours(SigV4Signer signer, S3Credentials credentials, DateTimeOffset at, int seconds = 60) => signer.Presign(
        credentials, "GET", "http", Host, $"/{Bucket}/{Key}",
        [new("response-cache-control", "no-store"), new("response-content-type", "image/jpeg")], [new("content-language", Secret)], seconds, at);

    private static string Theirs(AmazonS3Client sdk)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = Bucket, Key = Key, Verb = HttpVerb.GET, Protocol = Protocol.HTTP, Expires = DateTime.UtcNow.AddSeconds(60),
            ResponseHeaderOverrides = new ResponseHeaderOverrides { CacheControl = "no-store", ContentType = "image/jpeg" },
        };
        request.Headers["Content-Language"] = Secret;
        return sdk.GetPreSignedURL(request);
    }

    private static void Bare(int times)
    {
        // As long as the canonical request and the string to sign of the same URL.
        var canonical = Encoding.ASCII.GetBytes(new string('c', 470));
        var toSign = Encoding.ASCII.GetBytes(new string('s', 135));
        var key = RandomNumberGenerator.GetBytes(32);
        Span<byte> digest = stackalloc byte[32];
        for (var i = 0; i < times; i++)
        {
            SHA256.HashData(canonical, digest);
            HMACSHA256.HashData(key, toSign, digest);
        }
    }
}
