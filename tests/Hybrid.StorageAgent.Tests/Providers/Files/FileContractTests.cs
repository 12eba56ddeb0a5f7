using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Providers.Files;
using Hybrid.StorageAgent.Tests.Harness;

namespace Hybrid.StorageAgent.Tests.Providers.Files;

public sealed class FolderStore : ContractStore
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private RunningAgent agent = null!;

    public override bool ServesHead => true;

    public override IStorageProvider Provider(TimeProvider clock) =>
        new FileProvider(Connection(), agent.Options.Listen, new AgentUrls(agent.Identity.Secret, clock), clock);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (agent is not null) await agent.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        await base.DisposeAsync();
    }

    protected override async Task FillAsync(IReadOnlyDictionary<string, byte[]> objects)
    {
        foreach (var (key, bytes) in objects)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, key))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, key), bytes);
        }

        agent = await RunningAgent.StartAsync(TimeProvider.System, Connection());
    }

    private ConnectionOptions Connection() => new() { Name = "c", Provider = "file", Folder = folder };
}

public sealed class FileContractTests(FolderStore store) : StorageContractTests<FolderStore>(store), IClassFixture<FolderStore>;
