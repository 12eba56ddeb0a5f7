using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;

namespace Hybrid.StorageAgent.Providers;

/// <summary>A URL that works only together with its secret header.</summary>
/// <param name="Url">The URL.</param>
/// <param name="ExpiresAt">When it lapses; never after the credentials that signed it.</param>
public sealed record SignedUrl(string Url, DateTimeOffset ExpiresAt);

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

    /// <summary>Signs a GET of one object, bound to a header value, without asking the store.</summary>
    /// <exception cref="StorageException">The credentials are not there.</exception>
    ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct);

    /// <summary>One page of keys below a prefix, in order.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct);

    /// <summary>The first bytes of an object.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct);
}
