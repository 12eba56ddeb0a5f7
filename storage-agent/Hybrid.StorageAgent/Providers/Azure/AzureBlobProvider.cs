using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers.Signing;

namespace Hybrid.StorageAgent.Providers.Azure;

/// <summary>
/// Azure Blob Storage by Azure.Storage.Blobs. URLs are a user-delegation SAS, signed by a delegation key that the agent's identity gets
/// once for hours, with the secret as a signed request header; by an account key they are a service SAS, which cannot bind a header.
/// </summary>
public sealed class AzureBlobProvider : IForwardableStore
{
    /// <summary>Begins a version that is a snapshot; every other one is a version id.</summary>
    public const string SnapshotVersion = "snapshot:";

    // Azure gives at most seven days. Renewed at half of it, so at least twelve hours are always left to any URL.
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnboundLife = TimeSpan.FromSeconds(60);

    private readonly ConnectionOptions options;
    private readonly TimeProvider clock;
    private readonly StorageCall call;
    private readonly HttpMessageHandler handler;
    private readonly BlobServiceClient service;
    private readonly BlobContainerClient container;
    private readonly StorageSharedKeyCredential? accountKey;
    private readonly Renewed<UserDelegationKey> delegationKey;
    private readonly Uri endpoint;
    private readonly Uri publicEndpoint;

    /// <summary>Prepares the connection; nothing is asked of the store yet.</summary>
    /// <param name="options">The connection.</param>
    /// <param name="clock">The present instant.</param>
    /// <param name="identity">Who the agent is; unset: DefaultAzureCredential without the tools of developers' machines.</param>
    /// <param name="handler">Reaches the store; unset: over the network.</param>
    public AzureBlobProvider(ConnectionOptions options, TimeProvider clock, TokenCredential? identity = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options, clock);
        this.handler = handler ?? StorageHttp.Handler(options);
        call = new StorageCall(options.Timeout, clock);
        endpoint = options.Endpoint ?? new Uri($"https://{options.Account}.blob.core.windows.net");
        publicEndpoint = options.PublicEndpoint ?? endpoint;
        // Slashes at the end belong to the name: "a/" is not "a".
        var client = new BlobClientOptions { TrimBlobNameSlashes = false, Transport = new HttpClientTransport(this.handler), Retry = { MaxRetries = 2, NetworkTimeout = options.Timeout, Delay = TimeSpan.FromMilliseconds(200) } };
        if (options.AccountKey is not null)
        {
            accountKey = new StorageSharedKeyCredential(options.Account, options.AccountKey);
            service = new BlobServiceClient(endpoint, accountKey, client);
        }
        else
        {
            service = new BlobServiceClient(endpoint, identity ?? Own(options), client);
        }

        container = service.GetBlobContainerClient(options.Container);
        delegationKey = new Renewed<UserDelegationKey>(FetchKeyAsync, clock);
    }

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public string StorageOrigin => publicEndpoint.GetLeftPart(UriPartial.Authority);

    /// <inheritdoc/>
    public IReadOnlyList<CircuitBreaker> Breakers => [call.Breaker];

    /// <inheritdoc/>
    public IReadOnlyList<UrlWeakness> Weaknesses => BindsHeader ? [] :
    [
        new(UrlWeakness.HeaderUnbound, accountKey is not null
            ? "URLs signed by an account key open the object without the secret header, for at most 60 seconds. Use an identity instead of accountKey."
            : "signedHeaders is off: URLs open the object without the secret header, for at most 60 seconds. Switch it on where the account knows service version 2026-04-06."),
    ];

    private bool BindsHeader => accountKey is null && options.SignedHeaders;

    /// <inheritdoc/>
    public async ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        if (!BindsHeader && lifetime > UnboundLife) lifetime = UnboundLife;
        return await SignAsync(
            reference, publicEndpoint, lifetime,
            sas =>
            {
                (sas.CacheControl, sas.ContentType) = ("no-store", contentType);
                if (options.SignedIp is { } ip) sas.IPRange = SasIPRange.Parse(ip);
                if (BindsHeader) sas.RequestHeaders = new Dictionary<string, string> { [SplitSecret.Header] = secret };
            },
            ct);
    }

    /// <inheritdoc/>
    public HttpMessageHandler Handler => handler;

    /// <inheritdoc/>
    public bool ServesSuffixRanges => false;

    /// <inheritdoc/>
    public async ValueTask<StoreRequest> OwnRequestAsync(ObjectReference reference, HttpMethod method, CancellationToken ct) =>
        new(new Uri((await SignAsync(reference, endpoint, UnboundLife, _ => { }, ct)).Url), []);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            var states = options.Snapshots ? BlobStates.Snapshots | BlobStates.Version : BlobStates.None;
            var blobs = container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata, States = states }, token);
            await foreach (var page in blobs.AsPages(cursor, limit).WithCancellation(token))
            {
                IReadOnlyList<ListedObject> objects = [.. page.Values.Where(b => !IsFolder(b)).Select(Describe)];
                return (objects, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }

            return ((IReadOnlyList<ListedObject>)[], (string?)null);
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct) => call.AskAsync(
        async token =>
        {
            ArgumentNullException.ThrowIfNull(reference);
            ObjectKey.ThrowUnlessPlain(reference.Key);
            var blob = container.GetBlobClient(reference.Key);
            if (reference.Version is { } v) blob = v.StartsWith(SnapshotVersion, StringComparison.Ordinal) ? blob.WithSnapshot(v[SnapshotVersion.Length..]) : blob.WithVersion(v);
            try
            {
                var answer = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(0, bytes) }, token);
                using var content = answer.Value;
                using var memory = new MemoryStream();
                await content.Content.CopyToAsync(memory, token);
                return memory.ToArray();
            }
            catch (RequestFailedException empty) when (empty.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // An empty blob has no first byte.
                return [];
            }
        },
        Translate,
        ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        delegationKey.Dispose();
        handler.Dispose();
    }

    private async ValueTask<SignedUrl> SignAsync(ObjectReference reference, Uri place, TimeSpan lifetime, Action<BlobSasBuilder> bind, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        var (key, keyLapse) = accountKey is null ? await delegationKey.GetAsync(ct) : (null, DateTimeOffset.MaxValue);
        var now = clock.GetUtcNow();
        var cut = now + lifetime > keyLapse;
        // A SAS knows whole seconds only.
        var expires = DateTimeOffset.FromUnixTimeSeconds((cut ? keyLapse : now + lifetime).ToUnixTimeSeconds());
        if (expires - now < TimeSpan.FromSeconds(1)) throw new StorageException("storage.credentials_lapsed", "The agent's storage credentials have lapsed. They are renewed by themselves; try again.");
        var (snapshot, version) = reference.Version switch
        {
            null => (null, null),
            { } v when v.StartsWith(SnapshotVersion, StringComparison.Ordinal) => (v[SnapshotVersion.Length..], null),
            { } v => ((string?)null, v),
        };
        var sas = new BlobSasBuilder(BlobSasPermissions.Read, expires)
        {
            BlobContainerName = options.Container, BlobName = reference.Key, Snapshot = snapshot, BlobVersionId = version,
            Protocol = place.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        bind(sas);
        var query = key is not null ? sas.ToSasQueryParameters(key, options.Account) : sas.ToSasQueryParameters(accountKey);
        var pinned = snapshot is not null ? $"&snapshot={Uri.EscapeDataString(snapshot)}" : version is not null ? $"&versionid={Uri.EscapeDataString(version)}" : "";
        return new SignedUrl($"{place.AbsoluteUri.TrimEnd('/')}/{options.Container}/{CanonicalRequest.Encode(reference.Key, slash: true)}?{query}{pinned}", expires, cut);
    }

    private static DefaultAzureCredential Own(ConnectionOptions options) => new(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = options.ClientId, WorkloadIdentityClientId = options.ClientId,
        // A server has environment, workload identity or managed identity; the rest of the chain is for developers' machines, and slow to fail.
        ExcludeVisualStudioCredential = true, ExcludeVisualStudioCodeCredential = true, ExcludeAzureCliCredential = true, ExcludeAzurePowerShellCredential = true,
        ExcludeAzureDeveloperCliCredential = true, ExcludeInteractiveBrowserCredential = true, ExcludeBrokerCredential = true,
        // So that "there is no identity" is said before the connection's time is up.
        Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(3), Delay = TimeSpan.FromMilliseconds(500), Mode = RetryMode.Fixed },
    });

    // Folders of hierarchical accounts are blobs without content.
    private static bool IsFolder(BlobItem blob) => blob.Metadata?.TryGetValue("hdi_isfolder", out var is_) == true && is_ == "true";

    private ListedObject Describe(BlobItem blob)
    {
        var version = blob.Snapshot is { Length: > 0 } snapshot ? SnapshotVersion + snapshot : string.IsNullOrEmpty(blob.VersionId) ? null : blob.VersionId;
        return new ListedObject(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.ETag?.ToString().Trim('"'), ContentTypes.Of(blob.Name), version);
    }

    private Task<(UserDelegationKey Value, DateTimeOffset ExpiresAt)> FetchKeyAsync(CancellationToken ct) => call.AskAsync(
        async token =>
        {
            // Begun a little earlier, so that a store whose clock is behind takes it at once.
            var now = clock.GetUtcNow();
            var key = (await service.GetUserDelegationKeyAsync(new BlobGetUserDelegationKeyOptions(now + KeyLife) { StartsOn = now - Skew }, token)).Value;
            return (key, key.SignedExpiresOn);
        },
        Translate,
        ct);

    private static StorageException? Translate(Exception failed) => failed switch
    {
        RequestFailedException { ErrorCode: "KeyBasedAuthenticationNotPermitted" } =>
            new StorageException("storage.forbidden", "The storage account does not allow account keys. Use an identity: remove accountKey.", failed),
        RequestFailedException { Status: > 0 } answered => StorageCall.OfStatus((HttpStatusCode)answered.Status, failed),
        AuthenticationFailedException none => new StorageException(
            "storage.no_credentials", "The agent has no identity that Azure accepts. Give it a managed or workload identity with the roles of README.md, or an accountKey.", none),
        AggregateException { InnerExceptions: [.., var last] } => Translate(last) ?? Translate(last.InnerException!),
        _ => null,
    };
}
