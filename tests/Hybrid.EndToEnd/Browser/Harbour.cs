using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Product;

namespace Hybrid.EndToEnd.Browser;

/// <summary>One installation with pictures in a folder, shared by the browser tests of a class; each test makes a project of its own in it.</summary>
public sealed class Harbour : IAsyncLifetime
{
    internal FolderStorage Storage { get; } = new();

    internal Installation Installation { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Storage.Folder, "broken")).FullName, "notes.png"), "This is not a picture.");
        Installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, Storage));
    }

    public async ValueTask DisposeAsync()
    {
        if (Installation is not null) await Installation.DisposeAsync();
        await Storage.DisposeAsync();
    }
}
