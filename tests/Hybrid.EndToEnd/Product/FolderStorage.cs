namespace Hybrid.EndToEnd.Product;

/// <summary>Pictures in a folder that the agent reads.</summary>
internal sealed class FolderStorage : InstallationStorage
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("hybrid-pictures").FullName;

    public override async Task<object> PrepareAsync(string workspaceOrigin)
    {
        foreach (var (key, bytes) in Pictures())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, key))!);
            await File.WriteAllBytesAsync(Path.Combine(Folder, key), bytes);
        }

        return new { name = "pictures", provider = "file", folder = Folder };
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return base.DisposeAsync();
    }
}
