using Hybrid.ControlPlane.Persistence;
using Hybrid.Testing;
using Npgsql;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>A database of a test's own, with the roles that an operator's has: the product only ever comes as the application.</summary>
/// <param name="Provider">Which.</param>
/// <param name="App">Connection string of the application's role.</param>
/// <param name="Migrator">Connection string of the schema's owner.</param>
/// <param name="Admin">Connection string of the server's administrator, whom no policy binds: what tests look with.</param>
public sealed record TestDatabase(DatabaseProvider Provider, string App, string Migrator, string Admin)
{
    public static TestDatabase Sqlite(string file) => new(DatabaseProvider.Sqlite, $"Data Source={file}", $"Data Source={file}", $"Data Source={file}");

    /// <summary>A migrated database; skips the test where no server was started for the run.</summary>
    public static async Task<TestDatabase> PostgresAsync()
    {
        var database = Of(await PostgresServer.FreshDatabaseAsync("control_plane", MigrateAsync));
        // A copy belongs to who made it.
        await MakeRolesAsync(database.Admin);
        return database;
    }

    /// <summary>An empty database with its roles.</summary>
    public static async Task<TestDatabase> EmptyPostgresAsync()
    {
        var database = Of(await PostgresServer.FreshDatabaseAsync("empty", _ => Task.CompletedTask));
        await MakeRolesAsync(database.Admin);
        return database;
    }

    /// <summary>Host and port of the run's PgBouncer; null = none.</summary>
    public static string? Pooler => Environment.GetEnvironmentVariable("HYBRID_TEST_PGBOUNCER");

    /// <summary>The same, with the application behind the run's PgBouncer; skips the test where there is none.</summary>
    public TestDatabase ThroughPooler()
    {
        if (Pooler is null) Assert.Skip("No PgBouncer: run infra/test.sh, or start infra/servers/pgbouncer-up.sh and set HYBRID_TEST_PGBOUNCER to its host and port.");
        var at = Pooler!.Split(':');
        // What PgBouncer 1.18 asks of Npgsql: no prepared statements, and no DISCARD ALL of connections that are not the client's own.
        return this with { App = new NpgsqlConnectionStringBuilder(App) { Host = at[0], Port = int.Parse(at[1], System.Globalization.CultureInfo.InvariantCulture), MaxAutoPrepare = 0, NoResetOnClose = true }.ConnectionString };
    }

    /// <summary>A context that sees everything.</summary>
    public ControlPlaneDb Open() => new DatabaseOptions { Provider = Provider, ConnectionString = Admin }.Open();

    /// <summary>A connection of one of the roles.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string role)
    {
        var connection = new NpgsqlConnection(With(Admin, role));
        await connection.OpenAsync();
        return connection;
    }

    private static TestDatabase Of(string admin) => new(DatabaseProvider.Postgres, With(admin, DatabaseRoles.App), With(admin, DatabaseRoles.Migrator), admin);

    private static string With(string admin, string role) => new NpgsqlConnectionStringBuilder(admin) { Username = role }.ConnectionString;

    private static async Task MigrateAsync(string admin)
    {
        await MakeRolesAsync(admin);
        var database = Of(admin);
        Assert.Null((await Schema.MigrateAsync(new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = database.App, MigrationConnectionString = database.Migrator }, default)).Refusal);
    }

    private static async Task MakeRolesAsync(string admin)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(admin) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(DatabaseRoles.Sql);
        await command.ExecuteNonQueryAsync();
    }
}
