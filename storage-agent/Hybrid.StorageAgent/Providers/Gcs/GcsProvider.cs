using System.Net;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers.Signing;

namespace Hybrid.StorageAgent.Providers.Gcs;

/// <summary>Google Cloud Storage, without its SDK (ADR 2): a small client for listing and headers, URLs by <see cref="GcsV4Signer"/>.</summary>
public sealed class GcsProvider : IForwardableStore
{
    private static readonly Uri Google = new("https://storage.googleapis.com");

    private readonly ConnectionOptions options;
    private readonly TimeProvider clock;
    private readonly StorageCall call;
    private readonly StorageCall signing;
    private readonly HttpMessageHandler handler;
    private readonly HttpMessageHandler toGoogle;
    private readonly GcsClient client;
    private readonly Renewed<GcsIdentity> identity;
    private readonly Uri endpoint;

    /// <summary>Prepares the connection; nothing is asked of the store yet.</summary>
    /// <param name="options">The connection.</param>
    /// <param name="clock">The present instant.</param>
    /// <param name="source">Who the agent is; unset: as configured.</param>
    /// <param name="handler">Reaches the store; unset: over the network.</param>
    public GcsProvider(ConnectionOptions options, TimeProvider clock, GoogleCredential? source = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options, clock);
        this.handler = handler ?? StorageHttp.Handler(options);
        // Tokens and signatures come from Google itself even where the bucket is reached by an endpoint with an authority of its own.
        toGoogle = handler ?? StorageHttp.Handler(new ConnectionOptions { TimeoutSeconds = options.TimeoutSeconds });
        call = new StorageCall(options.Timeout, clock);
        // By a key at hand, or by IAM: either way not by the store, whose rest is none of theirs.
        signing = new StorageCall(options.Timeout, clock, "signing service");
        client = new GcsClient(this.handler, options.Endpoint ?? Google, options.Bucket!, options.UserProject);
        endpoint = options.PublicEndpoint ?? options.Endpoint ?? Google;
        // Found once; an identity itself does not lapse, and its tokens renew themselves. A failed search is not kept.
        identity = new Renewed<GcsIdentity>(
            async ct => (source is null ? await GcsIdentity.FindAsync(options, toGoogle, ct) : await GcsIdentity.OfAsync(source, options, toGoogle, ct), DateTimeOffset.MaxValue), clock);
    }

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string StorageOrigin => $"{endpoint.Scheme}://{Host}";

    /// <inheritdoc/>
    public IReadOnlyList<CircuitBreaker> Breakers => [call.Breaker, signing.Breaker];

    /// <inheritdoc/>
    public IReadOnlyList<UrlWeakness> Weaknesses { get; } =
    [
        new(UrlWeakness.CacheUnpinned, "Cloud Storage cannot be told to answer no-store by the URL; the workspace fetches without its cache. Set the objects' own cacheControl to no-store to have it from the store too."),
    ];

    private string Host => options.PathStyle == false ? $"{options.Bucket}.{endpoint.Authority}" : endpoint.Authority;

    /// <inheritdoc/>
    public async ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        return await signing.AskAsync(
            async token =>
            {
                var (me, _) = await identity.GetAsync(token);
                var query = new List<KeyValuePair<string, string>> { new("response-content-type", contentType) };
                if (reference.Version is { } generation) query.Add(new("generation", generation));
                if (options.UserProject is { } payer) query.Add(new("userProject", payer));
                var path = options.PathStyle == false ? $"/{reference.Key}" : $"/{options.Bucket}/{reference.Key}";
                var (now, seconds) = (clock.GetUtcNow(), (int)lifetime.TotalSeconds);
                var url = await GcsV4Signer.SignAsync(me.Signer, me.Account, "GET", endpoint.Scheme, Host, path, query, [new("content-language", secret)], seconds, now, token);
                return new SignedUrl(url, now.AddSeconds(seconds));
            },
            Translate,
            ct);
    }

    /// <inheritdoc/>
    public HttpMessageHandler Handler => handler;

    /// <inheritdoc/>
    public async ValueTask<StoreRequest> OwnRequestAsync(ObjectReference reference, HttpMethod method, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        // By a token: where no key is at hand a signature would cost a question to Google for each request.
        var token = await call.AskAsync(TokenAsync, Translate, ct);
        var headers = new List<KeyValuePair<string, string>> { new("Authorization", $"Bearer {token}") };
        if (options.UserProject is { } payer) headers.Add(new("x-goog-user-project", payer));
        var pinned = reference.Version is { } generation ? $"?generation={Uri.EscapeDataString(generation)}" : "";
        return new StoreRequest(new Uri($"{(options.Endpoint ?? Google).GetLeftPart(UriPartial.Authority)}/{options.Bucket}/{CanonicalRequest.Encode(reference.Key, slash: true)}{pinned}"), headers);
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            var page = await client.ListAsync(await TokenAsync(token), prefix, cursor, limit, token);
            IReadOnlyList<ListedObject> objects = [.. (page.Items ?? []).Where(o => !o.Name.EndsWith('/')).Select(Describe)];
            return (objects, string.IsNullOrEmpty(page.NextPageToken) ? null : page.NextPageToken);
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            ArgumentNullException.ThrowIfNull(reference);
            ObjectKey.ThrowUnlessPlain(reference.Key);
            return await client.ReadStartAsync(await TokenAsync(token), reference.Key, reference.Version, bytes, token);
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        identity.Dispose();
        handler.Dispose();
        toGoogle.Dispose();
    }

    // The entity tag that browsers get is the MD5 in hex, but for composed objects, of which only the JSON API's own is known.
    private static ListedObject Describe(GcsObject o) =>
        new(o.Name, o.Size, o.Md5Hash is { } md5 ? Convert.ToHexStringLower(Convert.FromBase64String(md5)) : o.Etag, ContentTypes.Of(o.Name), o.Generation);

    private static StorageException? Translate(Exception failed) => failed switch
    {
        TokenResponseException { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } busy => StorageCall.OfStatus(busy.StatusCode!.Value, failed),
        TokenResponseException or InvalidOperationException or Newtonsoft.Json.JsonException or InvalidCastException => new StorageException(
            "storage.no_credentials", "The agent has no Google credentials that work. Give it a key file, workload identity or GOOGLE_APPLICATION_CREDENTIALS; with impersonate also the role Service Account Token Creator.", failed),
        GoogleApiException { HttpStatusCode: HttpStatusCode.Forbidden or HttpStatusCode.NotFound } => new StorageException(
            "storage.cannot_sign", "Google's IAM did not sign for the agent. Give its identity the role Service Account Token Creator on the service account that signs.", failed),
        GoogleApiException { HttpStatusCode: not 0 } answered => StorageCall.OfStatus(answered.HttpStatusCode, failed),
        HttpRequestException { StatusCode: { } status } => StorageCall.OfStatus(status, failed),
        _ => null,
    };

    private async Task<string> TokenAsync(CancellationToken ct)
    {
        var (me, _) = await identity.GetAsync(ct);
        return await me.Tokens.GetAccessTokenForRequestAsync(cancellationToken: ct);
    }
}
