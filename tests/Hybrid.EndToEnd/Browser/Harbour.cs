using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.EndToEnd.Browser;

/// <summary>One installation with pictures in a folder, shared by the browser tests; each test makes a project of its own in it.</summary>
public sealed class Harbour : IAsyncLifetime
{
    private readonly Dictionary<string, BrowserSession> sessions = [];

    internal FolderStorage Storage { get; } = new();

    internal Installation Installation { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Storage.Folder, "broken")).FullName, "notes.png"), "This is not a picture.");
        Installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, Storage));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions.Values) session.Dispose();
        if (Installation is not null) await Installation.DisposeAsync();
        await Storage.DisposeAsync();
    }

    /// <summary>A person who speaks to the API without a browser.</summary>
    public async Task<BrowserSession> ByApiAsync(string email)
    {
        if (sessions.TryGetValue(email, out var known)) return known;
        var session = new BrowserSession(Installation.Url, TimeProvider.System);
        await session.SignInAsync(email, Installation.Password);
        return sessions[email] = session;
    }

    /// <summary>An asset with its history, as a manager reads it.</summary>
    public async Task<JsonElement> AssetAsync(Guid project, string name)
    {
        var manager = await ByApiAsync(Installation.Manager);
        var assets = (await manager.GetAsync($"/api/projects/{project}/assets")).GetProperty("items").EnumerateArray();
        return await manager.GetAsync($"/api/projects/{project}/assets/{assets.Single(a => a.GetProperty("name").GetString() == name).GetProperty("id").GetGuid()}");
    }

    /// <summary>The document of the newest label version of an asset, as a manager reads it.</summary>
    public async Task<JsonElement> LabelAsync(Guid project, string name)
    {
        var label = (await AssetAsync(project, name)).GetProperty("versions").EnumerateArray().Last().GetProperty("id").GetGuid();
        return (await (await ByApiAsync(Installation.Manager)).GetAsync($"/api/projects/{project}/labels/{label}")).GetProperty("document");
    }

    /// <summary>How many label versions an asset has.</summary>
    public async Task<int> VersionsAsync(Guid project, string name) => (await AssetAsync(project, name)).GetProperty("versions").GetArrayLength();

    /// <summary>Lets the lease of whoever holds the asset lapse a minute ago.</summary>
    public async Task LapseAsync(Guid project, string name)
    {
        var asset = (await AssetAsync(project, name)).GetProperty("asset").GetProperty("id").GetGuid();
        await using var db = Installation.OpenDatabase();
        Assert.Equal(1, await db.Tasks.IgnoreQueryFilters().Where(t => t.AssetId == asset && t.HolderId != null).ExecuteUpdateAsync(set => set.SetProperty(t => t.HeldUntil, DateTimeOffset.UtcNow.AddMinutes(-1))));
    }
}
