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

    /// <summary>Where mails go, one file each.</summary>
    internal string Mails { get; } = Directory.CreateTempSubdirectory("hybrid-mails").FullName;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Storage.Folder, "broken")).FullName, "notes.png"), "This is not a picture.");
        Installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, Storage) { Environment = new Dictionary<string, string> { ["HYBRID__SingleSignOn__AllowedHosts__0"] = "localhost", ["HYBRID__Mail__Folder"] = Mails, ["HYBRID__Mail__From"] = "hybrid@example.org" } });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions.Values) session.Dispose();
        if (Installation is not null) await Installation.DisposeAsync();
        await Storage.DisposeAsync();
        Directory.Delete(Mails, recursive: true);
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

    /// <summary>The document of a label version of an asset, the newest if not told otherwise, as a manager reads it.</summary>
    public async Task<JsonElement> LabelAsync(Guid project, string name, Index? version = null)
    {
        var label = (await AssetAsync(project, name)).GetProperty("versions").EnumerateArray().ElementAt(version ?? ^1).GetProperty("id").GetGuid();
        return (await (await ByApiAsync(Installation.Manager)).GetAsync($"/api/projects/{project}/labels/{label}")).GetProperty("document");
    }

    /// <summary>The open task of an asset, as a manager finds it in the queue.</summary>
    public async Task<Guid> TaskAsync(Guid project, string name)
    {
        var queue = await (await ByApiAsync(Installation.Manager)).GetAsync($"/api/projects/{project}/tasks");
        return queue.GetProperty("items").EnumerateArray().Single(t => t.GetProperty("asset").GetProperty("name").GetString() == name).GetProperty("id").GetGuid();
    }

    /// <summary>How many label versions an asset has.</summary>
    public async Task<int> VersionsAsync(Guid project, string name) => (await AssetAsync(project, name)).GetProperty("versions").GetArrayLength();

    /// <summary>The lease of whoever holds the asset lapses, and a reviewer, who may label too, takes it.</summary>
    public async Task TakeAsync(Guid project, string name)
    {
        await LapseAsync(project, name);
        await (await ByApiAsync(Installation.Reviewer)).PostAsync($"/api/projects/{project}/tasks/{await TaskAsync(project, name)}/claim");
    }

    /// <summary>The reviewer gives it back to the queue.</summary>
    public async Task GiveBackAsync(Guid project, string name) =>
        await (await ByApiAsync(Installation.Reviewer)).PostAsync($"/api/projects/{project}/tasks/{await TaskAsync(project, name)}/release");

    /// <summary>Lets the lease of whoever holds the asset lapse a minute ago.</summary>
    public async Task LapseAsync(Guid project, string name)
    {
        var asset = (await AssetAsync(project, name)).GetProperty("asset").GetProperty("id").GetGuid();
        await using var db = Installation.OpenDatabase();
        Assert.Equal(1, await db.Tasks.IgnoreQueryFilters().Where(t => t.AssetId == asset && t.HolderId != null).ExecuteUpdateAsync(set => set.SetProperty(t => t.HeldUntil, DateTimeOffset.UtcNow.AddMinutes(-1))));
    }
}
