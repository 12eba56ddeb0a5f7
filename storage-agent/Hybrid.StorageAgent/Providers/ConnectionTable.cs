using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Providers.Files;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.StorageAgent.Providers.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.StorageAgent.Providers;

/// <summary>A configured connection with its provider.</summary>
/// <param name="Options">As configured.</param>
/// <param name="Provider">How to reach it.</param>
public sealed record AgentConnection(ConnectionOptions Options, IStorageProvider Provider);

/// <summary>The agent's connections by name.</summary>
public sealed partial class ConnectionTable : IDisposable
{
    /// <summary>How long a connection that was taken out of the file still serves what is under way: longer than any question to a store may take.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly TimeProvider clock;
    private readonly AgentOptions start;
    private readonly ILogger logger;
    private readonly List<(AgentConnection Connection, long Since)> retired = [];
    private volatile IReadOnlyDictionary<string, AgentConnection> byName = new Dictionary<string, AgentConnection>();

    /// <summary>Prepares every connection; nothing is asked of a store yet.</summary>
    public ConnectionTable(AgentOptions options, AgentIdentity identity, TimeProvider clock, ILogger<ConnectionTable>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        (start, this.clock, Urls, this.logger) = (options, clock, new AgentUrls(SharedSecret.Of(options, identity), clock), logger ?? NullLogger<ConnectionTable>.Instance);
        Apply(options);
    }

    /// <summary>Takes over other connections at once; those that did not change stay as they are. Where one cannot be prepared, none is taken over.</summary>
    public void Apply(AgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (next, made) = (new Dictionary<string, AgentConnection>(StringComparer.Ordinal), new List<AgentConnection>());
        try
        {
            foreach (var c in options.Connections)
            {
                if (byName.TryGetValue(c.Name, out var same) && c.IsSameAs(same.Options))
                {
                    next.Add(c.Name, same);
                    continue;
                }

                made.Add(new AgentConnection(c, Make(c)));
                next.Add(c.Name, made[^1]);
            }
        }
        catch
        {
            foreach (var connection in made) connection.Provider.Dispose();
            throw;
        }

        lock (retired)
        {
            retired.AddRange(byName.Values.Except(next.Values).Select(c => (c, clock.GetTimestamp())));
            byName = next;
            foreach (var (connection, since) in retired.Where(r => clock.GetElapsedTime(r.Since) > Grace).ToList())
            {
                connection.Provider.Dispose();
                retired.Remove((connection, since));
            }
        }
    }

    /// <summary>Signs and checks the agent's own URLs: of folders and of proxy delivery.</summary>
    public AgentUrls Urls { get; }

    /// <summary>Every connection.</summary>
    public IReadOnlyCollection<AgentConnection> All => [.. byName.Values];

    /// <summary>The connection of a name, or null.</summary>
    public AgentConnection? Find(string name) => byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in byName.Values.Concat(retired.Select(r => r.Connection))) connection.Provider.Dispose();
    }

    private IStorageProvider Make(ConnectionOptions connection)
    {
        var provider = MakeProvider(connection);
        foreach (var breaker in provider.Breakers)
        {
            breaker.Opened += reason => Rests(connection.Name, breaker.Server, CircuitBreaker.Failures, reason);
            breaker.Closed += () => Answers(connection.Name, breaker.Server);
        }

        return provider;
    }

    private IStorageProvider MakeProvider(ConnectionOptions connection) => connection switch
    {
        { Provider: "file" } => new FileProvider(connection, AgentOrigin, Urls, clock),
        { IsProxied: true } => new ProxiedProvider(Store(connection), AgentOrigin, Urls, clock),
        _ => Store(connection),
    };

    private string AgentOrigin => start.PublicUrl!.GetLeftPart(UriPartial.Authority);

    private IForwardableStore Store(ConnectionOptions connection) => connection.Provider switch
    {
        "azure-blob" => new AzureBlobProvider(connection, clock),
        "gcs" => new GcsProvider(connection, clock),
        _ => new S3Provider(connection, clock),
    };

    [LoggerMessage(3400, LogLevel.Warning, "Connection {Connection}: its {Server} failed {Failures} times in a row ({Reason}) and is let rest; it is asked again by itself, after a minute at the latest. hybrid-agent check says what is wrong")]
    private partial void Rests(string connection, string server, int failures, string reason);

    [LoggerMessage(3401, LogLevel.Information, "Connection {Connection}: its {Server} answers again")]
    private partial void Answers(string connection, string server);
}
