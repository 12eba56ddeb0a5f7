using Hybrid.ControlPlane.Persistence;
using Npgsql;

namespace Hybrid.Benchmarks.Running;

/// <summary>A database of a benchmark's own, with the roles that an operator's has.</summary>
internal static class PostgresDatabase
{
    /// <summary>Makes one, empty.</summary>
    /// <param name="admin">Connection string of the server's administrator.</param>
    /// <param name="poolSize">Most connections of each pool.</param>
    public static async Task<DatabaseOptions> MakeAsync(string admin, int poolSize = 100)
    {
        var name = $"bench_{Guid.NewGuid():N}";
        await using (var server = NpgsqlDataSource.Create(admin))
        {
            await using var create = server.CreateCommand($"create database {name}");
            await create.ExecuteNonQueryAsync();
        }

        await using (var inside = NpgsqlDataSource.Create(As(admin, name, null, poolSize)))
        {
            await using var roles = inside.CreateCommand(DatabaseRoles.Sql);
            await roles.ExecuteNonQueryAsync();
        }

        return new DatabaseOptions
        {
            Provider = DatabaseProvider.Postgres, ConnectionString = As(admin, name, DatabaseRoles.App, poolSize), MigrationConnectionString = As(admin, name, DatabaseRoles.Migrator, poolSize),
        };
    }

    /// <summary>The same database as the server's administrator reaches it.</summary>
    public static string AdminOf(DatabaseOptions database, string admin) =>
        new NpgsqlConnectionStringBuilder(admin) { Database = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database }.ConnectionString;

    private static string As(string admin, string database, string? role, int poolSize)
    {
        var parts = new NpgsqlConnectionStringBuilder(admin) { Database = database, MaxPoolSize = poolSize };
        if (role is not null) parts.Username = role;
        return parts.ConnectionString;
    }
}
