using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;

namespace Hybrid.StorageAgent.Providers;

/// <summary>A store that browsers reach through the agent (proxy delivery): its URLs are the agent's own, as a folder's are.</summary>
public sealed class ProxiedProvider(IForwardableStore store, string agentOrigin, AgentUrls urls, TimeProvider clock) : IStorageProvider
{
    /// <summary>The store behind.</summary>
    public IForwardableStore Store => store;

    /// <inheritdoc/>
    public string Name => store.Name;

    /// <inheritdoc/>
    public string StorageOrigin => agentOrigin;

    /// <inheritdoc/>
    public IReadOnlyList<CircuitBreaker> Breakers => store.Breakers;

    /// <inheritdoc/>
    public ValueTask<SignedUrl> SignAsync(ObjectReference reference, string secret, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ObjectKey.ThrowUnlessPlain(reference.Key);
        var expires = clock.GetUtcNow() + lifetime;
        return ValueTask.FromResult(new SignedUrl(agentOrigin + urls.PathOf(Name, reference.Key, reference.Version, contentType, secret, expires), expires));
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> ListAsync(string prefix, string? cursor, int limit, CancellationToken ct) => store.ListAsync(prefix, cursor, limit, ct);

    /// <inheritdoc/>
    public Task<byte[]> ReadStartAsync(ObjectReference reference, int bytes, CancellationToken ct) => store.ReadStartAsync(reference, bytes, ct);

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();
}
