using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Providers.S3;

/// <summary>AWS S3 and everything that speaks its protocol. Lists and reads headers by AWSSDK.S3, signs by <see cref="SigV4Signer"/>.</summary>
public sealed class S3Provider : IForwardableStore
{
    // A request of the agent's own begins at once.
    private static readonly TimeSpan OwnLife = TimeSpan.FromSeconds(60);

    private readonly ConnectionOptions options;
    private readonly TimeProvider clock;
    private readonly StorageCall call;
    private readonly StorageCall roles;
    private readonly SigV4Signer signer;
    private readonly HttpMessageHandler handler;
    private readonly S3CredentialSource credentials;
    private readonly Lazy<AmazonS3Client> client;
    private readonly Place browsers;
    private readonly Place own;

    /// <summary>Prepares the connection; nothing is asked of the store yet.</summary>
    /// <param name="options">The connection.</param>
    /// <param name="clock">The present instant.</param>
    /// <param name="handler">Reaches the store; unset: over the network.</param>
    public S3Provider(ConnectionOptions options, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options, clock);
        this.handler = handler ?? StorageHttp.Handler(options);
        call = new StorageCall(options.Timeout, clock);
        // Asked in the midst of a question to the store, too: it rests by itself.
        roles = new StorageCall(options.Timeout, clock, "token service");
        signer = new SigV4Signer(options.Region);
        credentials = new S3CredentialSource(options, Configure, roles, clock);
        client = new Lazy<AmazonS3Client>(MakeClient);
        own = PlaceOf(options.Endpoint ?? new Uri($"https://s3.{options.Region}.{Suffix(options.Region)}"));
        browsers = options.PublicEndpoint is { } seen ? PlaceOf(seen) : own;
    }

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string StorageOrigin => browsers.Origin;

    /// <inheritdoc/>
    public HttpMessageHandler Handler => handler;

    /// <inheritdoc/>
    public IReadOnlyList<CircuitBreaker> Breakers => [call.Breaker, roles.Breaker];

    /// <inheritdoc/>
    public async ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        var query = new List<KeyValuePair<string, string>>
        {
            new("response-cache-control", "no-store"),
            new("response-content-type", contentType),
        };
        return await PresignAsync(reference, "GET", browsers, query, [new("content-language", secret)], lifetime, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreRequest> OwnRequestAsync(ObjectReference reference, HttpMethod method, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(method);
        var signed = await PresignAsync(reference, method.Method, own, [], [], OwnLife, ct);
        return new StoreRequest(new Uri(signed.Url), []);
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            var page = await client.Value.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix, MaxKeys = limit, ContinuationToken = cursor, RequestPayer = Payer }, token);
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
                var request = new GetObjectRequest { BucketName = options.Bucket, Key = reference.Key, VersionId = reference.Version, ByteRange = new ByteRange(0, bytes - 1), RequestPayer = Payer };
                using var answer = await client.Value.GetObjectAsync(request, token);
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
        credentials.Dispose();
        handler.Dispose();
    }

    private async ValueTask<SignedUrl> PresignAsync(
        ObjectReference reference, string method, Place place, List<KeyValuePair<string, string>> query, KeyValuePair<string, string>[] headers, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        var current = await credentials.CurrentAsync(ct);
        var now = clock.GetUtcNow();
        // A URL never outlives the credentials that signed it.
        var cut = current.ExpiresAt is { } lapse && now + lifetime > lapse;
        if (cut) lifetime = current.ExpiresAt!.Value - now;
        if (lifetime < TimeSpan.FromSeconds(1)) throw new StorageException("storage.credentials_lapsed", "The agent's storage credentials have lapsed. They are renewed by themselves; try again.");
        if (reference.Version is { } version) query.Add(new("versionId", version));
        if (options.RequesterPays) query.Add(new("x-amz-request-payer", "requester"));
        var seconds = (int)lifetime.TotalSeconds;
        var url = signer.Presign(current, method, place.Scheme, place.Host, place.PathPrefix + reference.Key, query, headers, seconds, now);
        return new SignedUrl(url, now.AddSeconds(seconds), cut);
    }

    private Place PlaceOf(Uri endpoint) => options.UsesPathStyle
        ? new Place(endpoint.Scheme, endpoint.Authority, $"/{options.Bucket}/")
        : new Place(endpoint.Scheme, $"{options.Bucket}.{endpoint.Authority}", "/");

    private RequestPayer? Payer => options.RequesterPays ? RequestPayer.Requester : null;

    private static string Suffix(string region) => region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    private static StorageException? Translate(Exception failed) => failed switch
    {
        AmazonServiceException { InnerException: HttpRequestException or IOException } => null,
        AmazonServiceException kms when kms.ErrorCode?.StartsWith("KMS.", StringComparison.Ordinal) == true || kms.Message.Contains("kms:", StringComparison.OrdinalIgnoreCase) =>
            new StorageException("storage.key_refused", "The object is encrypted with a KMS key that the agent may not use. Allow kms:Decrypt on that key, and see that it is enabled.", failed),
        AmazonServiceException answered when answered.StatusCode != 0 => StorageCall.OfStatus(answered.StatusCode, failed),
        _ => null,
    };

    private ClientConfig Configure(ClientConfig config)
    {
        (config.Timeout, config.MaxErrorRetry, config.HttpClientFactory) = (options.Timeout, 2, new Reach(handler));
        return config;
    }

    private AmazonS3Client MakeClient()
    {
        var config = (AmazonS3Config)Configure(new AmazonS3Config());
        // Compatible stores refuse or ignore the newer checksums.
        (config.RequestChecksumCalculation, config.ResponseChecksumValidation) = (RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation.WHEN_REQUIRED);
        config.ForcePathStyle = options.UsesPathStyle;
        if (options.Endpoint is { } endpoint) (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), options.Region);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return new AmazonS3Client(credentials, config);
    }

    private sealed record Place(string Scheme, string Host, string PathPrefix)
    {
        public string Origin => $"{Scheme}://{Host}";
    }

    private sealed class Reach(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
