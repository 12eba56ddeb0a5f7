using Azure.Storage;
using Azure.Storage.Blobs;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Azure;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Azure;

/// <summary>Azurite with the account key: URLs open without their header, and the provider says so.</summary>
public class AzureKeyStore : ContractStore
{
    private string container = "";

    public override bool ServesHead => true;

    public override bool EnforcesHeader => false;

    // Azure knows no suffix ranges.
    public override bool ServesSuffixRange => false;

    public override IStorageProvider Provider(TimeProvider clock) => new AzureBlobProvider(WithKey(container), clock);

    protected string Container => container;

    protected override async Task FillAsync(IReadOnlyDictionary<string, byte[]> objects) => container = await Containers.NewAsync(objects);

    private static ConnectionOptions WithKey(string container)
    {
        var options = Containers.Connection(container);
        (options.Endpoint, options.AccountKey) = (AzuriteServer.Get().Endpoint, AzuriteServer.Get().AccountKey);
        return options;
    }
}

/// <summary>Azurite with an identity, over https by an authority of its own. It does not know signed headers: they are switched off, and the provider says so.</summary>
public sealed class AzureIdentityStore : AzureKeyStore
{
    public override IStorageProvider Provider(TimeProvider clock)
    {
        var options = Containers.Connection(Container);
        options.SignedHeaders = false;
        return new AzureBlobProvider(options, clock, new AzureToken());
    }

    protected override HttpClient MakeHttp() => new(StorageHttp.Handler(Containers.Connection(Container)));
}

public sealed class AzureKeyContractTests(AzureKeyStore store) : StorageContractTests<AzureKeyStore>(store), IClassFixture<AzureKeyStore>;

public sealed class AzureIdentityContractTests(AzureIdentityStore store) : StorageContractTests<AzureIdentityStore>(store), IClassFixture<AzureIdentityStore>;

public sealed class AzureFaultTests : StorageFaultTests
{
    private string container = "";

    protected override async Task<Uri> PrepareAsync(string key, byte[] content)
    {
        container = await Containers.NewAsync([new(key, content)]);
        return AzuriteServer.Get().Endpoint;
    }

    protected override IStorageProvider Provider(Uri endpoint, TimeProvider clock)
    {
        var options = Containers.Connection(container);
        (options.Endpoint, options.AccountKey) = (endpoint, AzuriteServer.Get().AccountKey);
        return new AzureBlobProvider(options, clock);
    }
}

/// <summary>Containers of the run's Azurite, as their owner sees them. Its two servers keep their own; each container is made in both.</summary>
internal static class Containers
{
    public static ConnectionOptions Connection(string container)
    {
        var server = AzuriteServer.Get();
        return new ConnectionOptions { Name = "c", Provider = "azure-blob", Account = server.Account, Container = container, Endpoint = server.SecureEndpoint, CaFile = server.CaFile };
    }

    public static BlobContainerClient Owner(Uri endpoint, string container)
    {
        var server = AzuriteServer.Get();
        var transport = new global::Azure.Core.Pipeline.HttpClientTransport(StorageHttp.Handler(Connection(container)));
        return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(server.Account, server.AccountKey), new BlobClientOptions { Transport = transport }).GetBlobContainerClient(container);
    }

    public static async Task<string> NewAsync(IEnumerable<KeyValuePair<string, byte[]>> objects)
    {
        var name = $"agent-{Guid.NewGuid():N}";
        var all = objects.ToList();
        foreach (var endpoint in (Uri[])[AzuriteServer.Get().Endpoint, AzuriteServer.Get().SecureEndpoint])
        {
            var container = Owner(endpoint, name);
            await container.CreateAsync();
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (o, ct) =>
                await container.UploadBlobAsync(o.Key, new BinaryData(o.Value), ct));
        }

        return name;
    }
}
