using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>AWS S3 and everything that speaks its protocol. Lists and reads headers by AWSSDK.S3, signs by <see cref="SigV4Signer"/>.</summary>
public sealed class S3Provider : IStorageProvider
{
    private readonly ConnectionOptions options;
    private readonly TimeProvider clock;
    private readonly StorageCall call;
    private readonly SigV4Signer signer;
    private readonly AWSCredentials credentials;
    private readonly Lazy<AmazonS3Client> client;
    private readonly string scheme;
    private readonly string host;
    private readonly string pathPrefix;

    /// <summary>Prepares the connection; nothing is asked of the store yet.</summary>
    public S3Provider(ConnectionOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options, clock);
        call = new StorageCall(options.Timeout, clock);
        signer = new SigV4Signer(options.Region);
        credentials = options.AccessKey is null ? DefaultAWSCredentialsIdentityResolver.GetCredentials() : new BasicAWSCredentials(options.AccessKey, options.SecretKey);
        client = new Lazy<AmazonS3Client>(MakeClient);
        var endpoint = options.PublicEndpoint ?? options.Endpoint ?? new Uri($"https://s3.{options.Region}.amazonaws.com");
        var pathStyle = options.PathStyle ?? options.Endpoint is not null;
        scheme = endpoint.Scheme;
        host = pathStyle ? endpoint.Authority : $"{options.Bucket}.{endpoint.Authority}";
        pathPrefix = pathStyle ? $"/{options.Bucket}/" : "/";
    }

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string StorageOrigin => $"{scheme}://{host}";

    /// <inheritdoc/>
    public async ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        var now = clock.GetUtcNow();
        var current = await CredentialsAsync();
        // A URL never outlives the credentials that signed it.
        if (current.ExpiresAt is { } lapse && now + lifetime > lapse) lifetime = lapse - now;
        if (lifetime < TimeSpan.FromSeconds(1)) throw new StorageException("storage.credentials_lapsed", "The agent's storage credentials have lapsed. They are renewed by themselves; try again.");
        var query = new List<KeyValuePair<string, string>>
        {
            new("response-cache-control", "no-store"),
            new("response-content-type", contentType),
        };
        if (reference.Version is { } version) query.Add(new("versionId", version));
        var seconds = (int)lifetime.TotalSeconds;
        var url = signer.Presign(current, "GET", scheme, host, pathPrefix + reference.Key, query, [new("content-language", secret)], seconds, now);
        return new SignedUrl(url, now.AddSeconds(seconds));
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            var page = await client.Value.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix, MaxKeys = limit, ContinuationToken = cursor }, token);
            IReadOnlyList<ListedObject> objects =
            [
                .. (page.S3Objects ?? []).Where(o => !o.Key.EndsWith('/'))
                    .Select(o => new ListedObject(o.Key, o.Size ?? 0, o.ETag?.Trim('"'), ContentTypes.Of(o.Key), null)),
            ];
            return (objects, page.IsTruncated == true ? page.NextContinuationToken : null);
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            ArgumentNullException.ThrowIfNull(reference);
            ObjectKey.ThrowUnlessPlain(reference.Key);
            try
            {
                using var answer = await client.Value.GetObjectAsync(
                    new GetObjectRequest { BucketName = options.Bucket, Key = reference.Key, VersionId = reference.Version, ByteRange = new ByteRange(0, bytes - 1) }, token);
                using var memory = new MemoryStream();
                await answer.ResponseStream.CopyToAsync(memory, token);
                return memory.ToArray();
            }
            catch (AmazonS3Exception empty) when (empty.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // An empty object has no first byte.
                return [];
            }
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }

    private static StorageException? Translate(Exception failed) => failed switch
    {
        AmazonServiceException { InnerException: HttpRequestException or IOException } => null,
        AmazonServiceException answered when answered.StatusCode != 0 => StorageCall.OfStatus(answered.StatusCode, failed),
        _ => null,
    };

    private async Task<S3Credentials> CredentialsAsync()
    {
        try
        {
            var now = await credentials.GetCredentialsAsync();
            return new S3Credentials(now.AccessKey, now.SecretKey, now.UseToken ? now.Token : null, credentials.Expiration is { } e ? new DateTimeOffset(e.ToUniversalTime()) : null);
        }
        catch (AmazonClientException none)
        {
            throw new StorageException("storage.no_credentials", "The agent has no storage credentials. Give it a role, a profile or keys.", none);
        }
    }

    private AmazonS3Client MakeClient()
    {
        var config = new AmazonS3Config
        {
            // Compatible stores refuse or ignore the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            Timeout = options.Timeout,
            MaxErrorRetry = 2,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return new AmazonS3Client(credentials, config);
    }
}
