using System.Net;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Hybrid.ControlPlane.Tests.Persistence;

/// <summary>Releases replace replicas one by one: old ones work on the migrated schema until the last is gone (infra/adr/0015).</summary>
public abstract class MigrationTests(DatabaseProvider provider)
{
    /// <summary>
    /// Contractions that are allowed, by the migration's name. A later one is the second phase of a change whose first phase shipped in an earlier
    /// release, and says which; those without a version came before the first release, when there were no old replicas.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Initial"] = [],
        // Wider than the rule that it takes the place of, and two that say nothing of the rows that old replicas write.
        ["PasskeysQualityAndTalk"] = ["makes labels(asset_id,strand,number) unique", "makes tasks(asset_id,holder_id) unique", "makes tasks(asset_id,assigned_to) unique", "makes tasks(project_id,assigned_to) unique"],
    };

    [Fact]
    public void EveryMigration_OnlyAdds_OrIsListedAsASecondPhase()
    {
        using var db = new DatabaseOptions { Provider = provider, ConnectionString = provider == DatabaseProvider.Sqlite ? "Data Source=:memory:" : "Host=localhost" }.Open();
        var assembly = db.GetService<IMigrationsAssembly>();
        Assert.True(assembly.Migrations.Count >= 4);
        foreach (var (id, type) in assembly.Migrations)
        {
            var name = id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];
            var found = Contractions.In(assembly.CreateMigration(type, db.Database.ProviderName!).UpOperations);

            var unlisted = found.Except(Allowed.GetValueOrDefault(name) ?? [], StringComparer.Ordinal).ToList();
            Assert.True(unlisted.Count == 0, $"{name} takes from old replicas what they need: {string.Join("; ", unlisted)}. Add first, and take away one release later (infra/adr/0015); then list it here.");
        }
    }

    [Fact]
    public async Task OldReplicas_ThatServe_GoOnBesideNewOnes_OnASchemaThatIsAhead()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var old = await ControlPlaneHost.StartAsync(provider);
        await using var town = await Town.BuildAsync(old, 3);
        var begun = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();

        // One migration of the allowed kinds: what the next version adds, this one's model knows nothing of.
        await using (var db = old.Database.Open())
        {
            await ExecuteAsync(db, "alter table people add column next_nullable varchar(10) null");
            foreach (var table in (string[])["people", "sessions", "assets", "tasks", "labels", "drafts", "audit_entries", "organization_members", "projects"])
                await ExecuteAsync(db, $"alter table {table} add column next_required integer not null default 7");
            await ExecuteAsync(db, "create index ix_next on labels (next_required)");
        }

        await using var fresh = provider == DatabaseProvider.Sqlite ? null : await old.StartReplicaAsync();
        await using (var db = old.Database.Open())
            await ExecuteAsync(db, $"""insert into "{Table(db)}" values ('99990101000000_Next', '10.0.0')""");

        // The old replica finishes what it began, and people sign in, claim, submit and review by either.
        await SubmitAsync(town.Ana, town, begun);
        var next = (await town.NextAsync(town.Ben))!.Value.GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await town.Ben.SendAsync(HttpMethod.Put, $"{town.Tasks}/{next}/draft", new { document = Town.Label(20), revision = 1, activeMs = 1 }));
        await SubmitAsync(town.Ben, town, next);
        var email = (await town.Owner.GetAsync("/api/session")).GetProperty("email").GetString()!;
        using (var signedIn = await old.SignInAsync(email))
        using (var again = new BrowserSession((fresh ?? old).Url, old.Clock, signedIn.Cookies))
        {
            await again.PostAsync("/api/people", new { email = $"{Guid.NewGuid():N}@example.org", name = "Nora", role = "member", password = ControlPlaneHost.Password });
            Assert.True((await again.GetAsync("/api/people")).GetProperty("items").GetArrayLength() > 5);
        }

        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        var verdict = new { outcome = "approve", labelId = review.GetProperty("label").GetProperty("id").GetGuid(), activeMs = 1 };
        await town.Reviewer.PostAsync($"{town.Tasks}/{review.GetProperty("id").GetGuid()}/review", verdict, "review-0001");
        Assert.Equal(3, (await town.Owner.GetAsync($"/api/projects/{town.Project}/assets")).GetProperty("total").GetInt32());

        // One that begins now does not: it cannot know what else is ahead.
        await using var unknowing = new DatabaseOptions { Provider = provider, ConnectionString = old.Database.Migrator }.Open();
        Assert.Contains("99990101000000_Next", await Schema.RefusalAsync(unknowing, ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldReplicas_StumbleOverAContraction()
    {
        await using var old = await ControlPlaneHost.StartAsync(provider);
        await using var town = await Town.BuildAsync(old, 1);
        await town.Owner.GetAsync("/api/session");
        await using (var db = old.Database.Open()) await ExecuteAsync(db, "alter table people rename column display_name to shown_name");

        var answer = await town.Owner.SendAsync(HttpMethod.Get, "/api/session");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    private static async Task SubmitAsync(BrowserSession who, Town town, Guid task) =>
        await BrowserSession.OkAsync(await who.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, $"submit-{task:N}"));

    private static string Table(ControlPlaneDb db)
    {
        var script = db.GetService<IHistoryRepository>().GetCreateScript();
        var at = script.IndexOf('"', StringComparison.Ordinal) + 1;
        return script[at..script.IndexOf('"', at)];
    }

    private static async Task ExecuteAsync(ControlPlaneDb db, string sql) => await db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken);
}

/// <summary>The rule finds what it looks for.</summary>
public sealed class ContractionsTests
{
    [Fact]
    public void Rule_FindsEveryKind_AndLeavesWhatOnlyAdds()
    {
        static ColumnOperation Text(int? length, bool nullable) => new AddColumnOperation { ClrType = typeof(string), ColumnType = length is null ? "text" : $"character varying({length})", MaxLength = length, IsNullable = nullable };
        static AlterColumnOperation Alter(ColumnOperation from, ColumnOperation to) => new()
        {
            Table = "t", Name = "c", ClrType = to.ClrType, ColumnType = to.ColumnType, MaxLength = to.MaxLength, IsNullable = to.IsNullable, OldColumn = (AddColumnOperation)from,
        };
        MigrationOperation[] contracting =
        [
            new DropTableOperation { Name = "t" }, new RenameTableOperation { Name = "t" }, new DropColumnOperation { Table = "t", Name = "c" }, new RenameColumnOperation { Table = "t", Name = "c" },
            new AddColumnOperation { Table = "t", Name = "c", ClrType = typeof(int), IsNullable = false }, new CreateIndexOperation { Table = "t", Columns = ["c"], IsUnique = true },
            new AddForeignKeyOperation { Table = "t", Columns = ["c"], PrincipalTable = "u" }, new AddCheckConstraintOperation { Table = "t", Name = "k" }, new SqlOperation { Sql = "delete from t" },
            Alter(Text(20, true), Text(20, false)), Alter(Text(20, false), Text(10, false)), Alter(Text(null, false), Text(10, false)),
            Alter(new AddColumnOperation { ClrType = typeof(int), ColumnType = "integer" }, Text(null, false)),
        ];
        MigrationOperation[] adding =
        [
            new CreateTableOperation { Name = "t" }, new CreateIndexOperation { Table = "t", Columns = ["c"], IsUnique = true }, new AddForeignKeyOperation { Table = "t", Columns = ["c"], PrincipalTable = "u" },
            new AddColumnOperation { Table = "u", Name = "c", ClrType = typeof(int), IsNullable = true }, new AddColumnOperation { Table = "u", Name = "c", ClrType = typeof(int), DefaultValue = 0 },
            new CreateIndexOperation { Table = "u", Columns = ["c"] }, new DropIndexOperation { Name = "i" }, Alter(Text(10, false), Text(20, false)), Alter(Text(10, false), Text(10, true)),
        ];

        Assert.Equal(contracting.Length, Contractions.In(contracting).Count);
        Assert.Empty(Contractions.In(adding));
    }
}

/// <summary>On SQLite.</summary>
public sealed class MigrationOnSqliteTests() : MigrationTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class MigrationOnPostgresTests() : MigrationTests(DatabaseProvider.Postgres);
