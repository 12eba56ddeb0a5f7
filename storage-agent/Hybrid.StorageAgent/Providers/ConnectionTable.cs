using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Providers.Files;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.StorageAgent.Providers.S3;

namespace Hybrid.StorageAgent.Providers;

/// <summary>A configured connection with its provider.</summary>
/// <param name="Options">As configured.</param>
/// <param name="Provider">How to reach it.</param>
public sealed record AgentConnection(ConnectionOptions Options, IStorageProvider Provider);

/// <summary>The agent's connections by name.</summary>
public sealed class ConnectionTable : IDisposable
{
    private readonly Dictionary<string, AgentConnection> byName = new(StringComparer.Ordinal);

    /// <summary>Prepares every connection; nothing is asked of a store yet.</summary>
    public ConnectionTable(AgentOptions options, AgentIdentity identity, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        Urls = new FileUrls(identity.Secret, clock);
        foreach (var c in options.Connections)
        {
            IStorageProvider provider = c.Provider switch
            {
                "file" => new FileProvider(c, options.PublicUrl!.GetLeftPart(UriPartial.Authority), Urls, clock),
                "azure-blob" => new AzureBlobProvider(c, clock),
                "gcs" => new GcsProvider(c, clock),
                _ => new S3Provider(c, clock),
            };
            byName.Add(c.Name, new AgentConnection(c, provider));
        }
    }

    /// <summary>Signs and checks the URLs of <c>file</c> connections.</summary>
    public FileUrls Urls { get; }

    /// <summary>Every connection.</summary>
    public IReadOnlyCollection<AgentConnection> All => byName.Values;

    /// <summary>The connection of a name, or null.</summary>
    public AgentConnection? Find(string name) => byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in byName.Values) connection.Provider.Dispose();
    }
}
