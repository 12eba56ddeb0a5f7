using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Gcs;
using Hybrid.StorageAgent.Tests.Harness;

namespace Hybrid.StorageAgent.Tests.Providers.Gcs;

public sealed class GcsStore : ContractStore
{
    private GcsStub stub = null!;

    public override bool PinsCacheControl => false;

    public override IStorageProvider Provider(TimeProvider clock) =>
        new GcsProvider(new ConnectionOptions { Name = "c", Provider = "gcs", Bucket = GcsStub.Bucket, Endpoint = stub.Url }, clock, stub.Account);

    public override async ValueTask DisposeAsync()
    {
        if (stub is not null) await stub.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task FillAsync(IReadOnlyDictionary<string, byte[]> objects) => stub = await GcsStub.StartAsync(objects);
}

public sealed class GcsContractTests(GcsStore store) : StorageContractTests<GcsStore>(store), IClassFixture<GcsStore>;

public sealed class GcsFaultTests : StorageFaultTests
{
    private GcsStub stub = null!;

    protected override async Task<Uri> PrepareAsync(string key, byte[] content)
    {
        stub = await GcsStub.StartAsync([new(key, content)]);
        return stub.Url;
    }

    protected override IStorageProvider Provider(Uri endpoint, TimeProvider clock) =>
        new GcsProvider(new ConnectionOptions { Name = "c", Provider = "gcs", Bucket = GcsStub.Bucket, Endpoint = endpoint }, clock, stub.Account);
}
