using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Microsoft.Extensions.Caching.Memory;

namespace Hybrid.StorageAgent.Providers;

/// <summary>The media type of an object: by its name's extension; where that tells nothing, by its first bytes, remembered for a while.</summary>
public sealed class ObjectTypes(TimeProvider clock) : IDisposable
{
    private const int Remembered = 100_000;
    private const int AtOnce = 8;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Remembered, Clock = new Clock(clock) });

    /// <summary>The type of one object. A store that fails to show its first bytes leaves it unknown, this time.</summary>
    public async ValueTask<string> OfAsync(IStorageProvider provider, ObjectReference reference, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(reference);
        if (ContentTypes.Of(reference.Key) is var named && named != ContentTypes.Unknown) return named;
        if (known.TryGetValue(reference, out string? sniffed)) return sniffed!;
        try
        {
            var type = ContentSniffer.Sniff(await provider.ReadStartAsync(reference, ContentSniffer.Bytes, ct)) ?? ContentTypes.Unknown;
            return known.Set(reference, type, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Memory });
        }
        catch (StorageException)
        {
            return ContentTypes.Unknown;
        }
    }

    /// <summary>A page of a listing with the types that its names did not tell.</summary>
    public async Task<IReadOnlyList<ListedObject>> FillAsync(AgentConnection connection, IReadOnlyList<ListedObject> objects, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(objects);
        if (objects.All(o => o.MediaType != ContentTypes.Unknown || o.Size == 0)) return objects;
        var filled = objects.ToArray();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, filled.Length).Where(i => filled[i].MediaType == ContentTypes.Unknown && filled[i].Size > 0),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (i, token) => filled[i] = filled[i] with { MediaType = await OfAsync(connection.Provider, new ObjectReference(connection.Options.Name, filled[i].Key, filled[i].Version), token) });
        return filled;
    }

    /// <inheritdoc/>
    public void Dispose() => known.Dispose();

    private sealed class Clock(TimeProvider clock) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}
