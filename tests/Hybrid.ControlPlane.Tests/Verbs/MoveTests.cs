using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.ControlPlane.Verbs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Tests.Verbs;

/// <summary>A town moves from SQLite to PostgreSQL, and is backed up while it works.</summary>
public sealed class MoveTests(SqliteTown shared) : IClassFixture<SqliteTown>
{
    private readonly Town town = shared.Town;

    [Fact]
    public async Task ATown_Moves_WithEveryRow_AndGoesOnThere()
    {
        var ct = TestContext.Current.CancellationToken;
        var task = (await town.NextAsync(town.Ana))!.Value;
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task.GetProperty("id").GetGuid()}/submit", new { document = Town.Label(), activeMs = 1 }, "submit-1"));
        // A key has lists: some, none, and none at all.
        var account = (await town.Owner.PostAsync("/api/service-accounts", new { name = "Mover", role = "member" })).GetProperty("id").GetGuid();
        await town.Owner.PostAsync($"/api/projects/{town.Project}/members", new { personId = account, role = "labeler" });
        var terms = new { name = "Key", scopes = new[] { "project.view", "task.work" }, projects = (Guid[]?)[town.Project], addresses = Array.Empty<string>(), expiresAt = town.Host.Clock.GetUtcNow().AddDays(30) };
        var key = await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", terms);
        await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", terms with { projects = null, addresses = ["192.0.2.0/24", "2001:db8::/32"] });
        var target = await TestDatabase.EmptyPostgresAsync();

        var (tables, refusal) = await InstallationMove.RunAsync(Source, Target(target), ct);

        Assert.Null(refusal);
        await using (var there = target.Open()) Assert.Equal(await InstallationMove.TallyAsync(there, ct), tables);
        Assert.True(tables.Single(t => t.Table == "assets").Rows == 50 && tables.Single(t => t.Table == "labels").Rows == 1 && tables.Count(t => t.Rows > 0) >= 16, string.Join('\n', tables));
        // People sign in there with the passwords that they had, and go on with what they hold; the application is as bound as ever.
        await using var host = await ControlPlaneHost.StartOnAsync(target);
        using var owner = await host.SignInAsync((await town.Owner.GetAsync("/api/session")).GetProperty("email").GetString()!);
        Assert.Equal(50, (await owner.GetAsync($"/api/projects/{town.Project}/assets?limit=1")).GetProperty("total").GetInt32());
        await owner.PostAsync("/api/people", new { email = "after@example.org", name = "After", role = "member", password = ControlPlaneHost.Password });
        await using (var again = target.Open())
        {
            again.DataProtectionKeys.Add(new() { FriendlyName = "after the move", Xml = "<key/>" });
            Assert.Equal(1, await again.SaveChangesAsync(ct));
        }

        Assert.Equal((await KeysAsync(town.Owner)).ToString(), (await KeysAsync(owner)).ToString());
        using var program = new HttpClient { BaseAddress = host.Url };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync($"/api/projects/{town.Project}", ct)).StatusCode);

        // Once only.
        Assert.StartsWith("The target is not empty (", (await InstallationMove.RunAsync(Source, Target(target), ct)).Refusal, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> KeysAsync(BrowserSession owner) => (await owner.GetAsync("/api/service-accounts")).GetProperty("items")[0].GetProperty("keys");

    [Fact]
    public async Task WhatDoesNotArriveAsItWas_IsNotMoved()
    {
        var ct = TestContext.Current.CancellationToken;
        var target = await TestDatabase.EmptyPostgresAsync();
        Assert.Null((await Schema.MigrateAsync(Target(target), ct)).Refusal);
        await using (var admin = await target.ConnectAsync("postgres"))
        {
            await Persistence.Sql.ExecuteAsync(admin, "create function spoil() returns trigger language plpgsql as $$ begin new.name := upper(new.name); return new; end $$");
            await Persistence.Sql.ExecuteAsync(admin, "create trigger spoil before insert on projects for each row execute function spoil()");
        }

        Assert.StartsWith("projects did not arrive as it was (", (await InstallationMove.RunAsync(Source, Target(target), ct)).Refusal, StringComparison.Ordinal);
        await using var there = target.Open();
        Assert.All(await InstallationMove.TallyAsync(there, ct), t => Assert.Equal(0, t.Rows));
    }

    [Fact]
    public async Task Move_FromNowhere_IsRefused()
    {
        Assert.Equal(2, await Move.RunAsync("Data Source=/tmp/not-there.db", "Host=127.0.0.1", false, TestContext.Current.CancellationToken));
        Assert.False(File.Exists("/tmp/not-there.db"));
        Assert.Equal(2, await Move.RunAsync(Source.ConnectionString, "Host=db.example.org;SSL Mode=Disable", false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Backup_WhileTheTownWorks_HoldsAllOfIt()
    {
        var ct = TestContext.Current.CancellationToken;
        var file = Path.Combine(Path.GetTempPath(), $"hybrid-backup-{Guid.NewGuid():N}.db");
        // Somebody is at work meanwhile; afterwards there is what there was when the copy was made, or a little more.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var working = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) await town.Owner.PostAsync("/api/projects", new { name = $"Meanwhile {i}" });
        }, ct);

        Assert.Equal(0, await Backup.RunAsync(Source, file, ct));

        await stop.CancelAsync();
        await working;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(2, await Backup.RunAsync(Source, file, ct));
        Assert.Equal(2, await Backup.RunAsync(new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = "Host=127.0.0.1" }, file + ".2", ct));
        await using (var copy = new DatabaseOptions { ConnectionString = $"Data Source={file}" }.Open())
        {
            Assert.Equal(50, await copy.Assets.IgnoreQueryFilters().CountAsync(ct));
            Assert.Null(await Schema.RefusalAsync(copy, ct));
        }

        SqliteConnection.ClearAllPools();
        foreach (var left in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(file) + "*")) File.Delete(left);
    }

    private DatabaseOptions Source => new() { ConnectionString = shared.Host.Database.App };

    private static DatabaseOptions Target(TestDatabase database) => new() { Provider = DatabaseProvider.Postgres, ConnectionString = database.Migrator };
}
