using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.StorageAgent.Tests.Providers.Azure;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Proxied;

/// <summary>A store whose objects browsers get through a running agent.</summary>
public abstract class ProxiedStore : ContractStore
{
    private ConnectionOptions connection = null!;
    private RunningAgent agent = null!;

    public override bool ServesHead => true;

    public override IStorageProvider Provider(TimeProvider clock) =>
        new ProxiedProvider(Behind(connection, clock), agent.Options.Listen, new AgentUrls(agent.Identity.Secret, clock), clock);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (agent is not null) await agent.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task FillAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        connection = await ConnectAsync(objects);
        connection.Delivery = "proxy";
        agent = await RunningAgent.StartAsync(TimeProvider.System, connection);
    }

    /// <summary>Fills the store and tells how to reach it.</summary>
    protected abstract Task<ConnectionOptions> ConnectAsync(IReadOnlyDictionary<string, byte[]> objects);

    protected abstract IForwardableStore Behind(ConnectionOptions connection, TimeProvider clock);
}

public sealed class ProxiedRgwStore : ProxiedStore
{
    protected override async Task<ConnectionOptions> ConnectAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        return Buckets.Connection(RgwServer.Get(), await Buckets.NewAsync(owner, objects));
    }

    protected override IForwardableStore Behind(ConnectionOptions connection, TimeProvider clock) => new S3Provider(connection, clock);
}

public sealed class ProxiedAzureStore : ProxiedStore
{
    // Azure knows no suffix ranges.
    public override bool ServesSuffixRange => false;

    protected override async Task<ConnectionOptions> ConnectAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        var options = Containers.Connection(await Containers.NewAsync(objects));
        options.AccountKey = AzuriteServer.Get().AccountKey;
        return options;
    }

    protected override IForwardableStore Behind(ConnectionOptions connection, TimeProvider clock) => new AzureBlobProvider(connection, clock);
}

public sealed class ProxiedGcsStore : ProxiedStore
{
    private readonly string keyFile = Path.GetTempFileName();
    private GcsStub stub = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (stub is not null) await stub.DisposeAsync();
        File.Delete(keyFile);
    }

    protected override async Task<ConnectionOptions> ConnectAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        stub = await GcsStub.StartAsync(objects);
        await File.WriteAllTextAsync(keyFile, stub.KeyFile);
        return new ConnectionOptions { Name = "c", Provider = "gcs", Bucket = GcsStub.Bucket, Endpoint = stub.Url, KeyFile = keyFile };
    }

    protected override IForwardableStore Behind(ConnectionOptions connection, TimeProvider clock) => new GcsProvider(connection, clock);
}

public sealed class ProxiedS3ContractTests(ProxiedRgwStore store) : StorageContractTests<ProxiedRgwStore>(store), IClassFixture<ProxiedRgwStore>;

public sealed class ProxiedAzureContractTests(ProxiedAzureStore store) : StorageContractTests<ProxiedAzureStore>(store), IClassFixture<ProxiedAzureStore>;

public sealed class ProxiedGcsContractTests(ProxiedGcsStore store) : StorageContractTests<ProxiedGcsStore>(store), IClassFixture<ProxiedGcsStore>;
