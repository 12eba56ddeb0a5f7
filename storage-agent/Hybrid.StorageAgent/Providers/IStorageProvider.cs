using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;

namespace Hybrid.StorageAgent.Providers;

/// <summary>A URL that works only together with its secret header.</summary>
/// <param name="Url">The URL.</param>
/// <param name="ExpiresAt">When it lapses; never after the credentials that signed it.</param>
/// <param name="CutToCredentials">Whether it lapses earlier than asked for, because the credentials do.</param>
public sealed record SignedUrl(string Url, DateTimeOffset ExpiresAt, bool CutToCredentials = false);

/// <summary>In what a connection's URLs fall short of security.md § 4. Never silent: told to the control plane and by <c>agent check</c>.</summary>
/// <param name="Code">Stable code, e.g. <see cref="HeaderUnbound"/>.</param>
/// <param name="Detail">What it means, and what would mend it.</param>
public sealed record UrlWeakness(string Code, string Detail)
{
    /// <summary>A URL opens the object without its secret header.</summary>
    public const string HeaderUnbound = "url.header_unbound";

    /// <summary>The store does not say <c>no-store</c>; the workspace's own fetches do.</summary>
    public const string CacheUnpinned = "url.cache_unpinned";
}

/// <summary>Why storage did not do what was asked.</summary>
public sealed class StorageException(string code, string detail, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>Stable code, e.g. <c>storage.forbidden</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>One connection to one kind of storage. Reads only: there is no member that could write.</summary>
public interface IStorageProvider : IDisposable
{
    /// <summary>The connection's name.</summary>
    string Name { get; }

    /// <summary>Origin that browsers fetch from.</summary>
    string StorageOrigin { get; }

    /// <summary>In what its URLs fall short; empty for nothing.</summary>
    IReadOnlyList<UrlWeakness> Weaknesses => [];

    /// <summary>Say whether the servers behind the connection rest.</summary>
    IReadOnlyList<CircuitBreaker> Breakers { get; }

    /// <summary>Signs a GET of one object, bound to a header value, without asking the store (but for credentials that are due).</summary>
    /// <exception cref="StorageException">The credentials are not there.</exception>
    ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct);

    /// <summary>One page of keys below a prefix, in order.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct);

    /// <summary>The first bytes of an object.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct);
}

/// <summary>A question to a store by the agent itself.</summary>
/// <param name="Url">Where; may carry a signature, so it never reaches a log.</param>
/// <param name="Headers">What goes with it.</param>
public sealed record StoreRequest(Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>A store that the agent can forward a browser's request to (proxy delivery).</summary>
public interface IForwardableStore : IStorageProvider
{
    /// <summary>Reaches the store: configured endpoint only, no redirects.</summary>
    HttpMessageHandler Handler { get; }

    /// <summary>Whether the store knows <c>bytes=-n</c>; otherwise it must not be asked for it.</summary>
    bool ServesSuffixRanges => true;

    /// <summary>A GET or HEAD of one object at the endpoint that the agent itself uses, with the agent's own right.</summary>
    /// <exception cref="StorageException">The credentials are not there.</exception>
    ValueTask<StoreRequest> OwnRequestAsync(ObjectReference reference, HttpMethod method, CancellationToken ct);
}
