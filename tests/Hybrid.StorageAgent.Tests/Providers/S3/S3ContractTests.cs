using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.S3;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.S3;

public sealed class RgwStore : ContractStore
{
    private string bucket = "";

    public override IStorageProvider Provider(TimeProvider clock) => new S3Provider(Buckets.Connection(RgwServer.Get(), bucket), clock);

    protected override async Task FillAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        bucket = await Buckets.NewAsync(owner, objects);
    }
}

public sealed class S3ContractTests(RgwStore store) : StorageContractTests<RgwStore>(store), IClassFixture<RgwStore>;

public sealed class S3FaultTests : StorageFaultTests
{
    protected override async Task<Uri> PrepareAsync(string key, byte[] content)
    {
        using var owner = Buckets.Owner(RgwServer.Get());
        bucket = await Buckets.NewAsync(owner, [new(key, content)]);
        return RgwServer.Get().Endpoint;
    }

    protected override IStorageProvider Provider(Uri endpoint, TimeProvider clock)
    {
        var options = Buckets.Connection(RgwServer.Get(), bucket);
        options.Endpoint = endpoint;
        return new S3Provider(options, clock);
    }

    private string bucket = "";
}
