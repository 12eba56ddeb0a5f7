using System.Collections.Concurrent;
using System.Threading.Channels;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.OpaqueKeys;

/// <summary>Makes a lost map anew: a name that the map does not know begins one listing of its connection, at most every ten minutes.</summary>
public sealed partial class MapRebuild(ConnectionTable connections, OpaqueListing listing, TimeProvider clock, ILogger<MapRebuild> logger) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly Channel<string> due = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, DateTimeOffset> begun = new(StringComparer.Ordinal);

    /// <summary>A name of this connection is not known.</summary>
    public void Miss(string connection)
    {
        var now = clock.GetUtcNow();
        if (begun.TryGetValue(connection, out var last) && now - last < Rest) return;
        begun[connection] = now;
        due.Writer.TryWrite(connection);
    }

    /// <summary>Lists a connection to its end, so that the map knows every object; how many there are.</summary>
    /// <exception cref="StorageException">The store refused or failed.</exception>
    public static async Task<long> RunAsync(AgentConnection connection, OpaqueListing listing, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(listing);
        var (count, cursor) = (0L, (string?)null);
        do
        {
            var (objects, next) = (await listing.PageAsync(connection, cursor, 1000, ct))!.Value;
            (count, cursor) = (count + objects.Count, next);
        }
        while (cursor is not null);
        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var name in due.Reader.ReadAllAsync(stoppingToken))
        {
            if (connections.Find(name) is not { Options.OpaqueKeys: true } connection) continue;
            Begins(name);
            try
            {
                Ends(name, await RunAsync(connection, listing, stoppingToken));
            }
            catch (StorageException failed)
            {
                Fails(name, failed.Message);
            }
        }
    }

    [LoggerMessage(3340, LogLevel.Warning, "An opaque name of connection {Connection} is not in the map: it is made anew by listing")]
    private partial void Begins(string connection);

    [LoggerMessage(3341, LogLevel.Information, "The map of connection {Connection} knows all of its {Count} objects")]
    private partial void Ends(string connection, long count);

    [LoggerMessage(3342, LogLevel.Error, "The map of connection {Connection} could not be made anew: {Why} The next unknown name tries again")]
    private partial void Fails(string connection, string why);
}
