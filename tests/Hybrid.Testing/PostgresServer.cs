using System.Collections.Concurrent;
using Npgsql;
using Xunit;

namespace Hybrid.Testing;

/// <summary>The PostgreSQL server of the test run; each test class has a database of its own, copied from a migrated template.</summary>
public static class PostgresServer
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Templates = new(StringComparer.Ordinal);

    private static string? Admin => Environment.GetEnvironmentVariable("HYBRID_TEST_POSTGRES");

    /// <summary>Connection string of a fresh database; skips the test where no server was started for the run.</summary>
    /// <param name="template">Name of the template; made once in the process.</param>
    /// <param name="migrate">Fills the template, given its connection string.</param>
    public static async Task<string> FreshDatabaseAsync(string template, Func<string, Task> migrate)
    {
        if (Admin is null) Assert.Skip("No PostgreSQL: run infra/test.sh, or set HYBRID_TEST_POSTGRES to an administrator's connection string.");
        var name = $"{template}_{Environment.ProcessId}";
        await Templates.GetOrAdd(name, n => new Lazy<Task>(() => MakeTemplateAsync(n, migrate))).Value;
        var database = $"t_{Guid.NewGuid():N}";
        await ExecuteAsync($"create database {database} template {name}");
        return For(database);
    }

    private static async Task MakeTemplateAsync(string name, Func<string, Task> migrate)
    {
        await ExecuteAsync($"drop database if exists {name}");
        await ExecuteAsync($"create database {name}");
        await migrate(For(name));
        NpgsqlConnection.ClearAllPools();
    }

    // Every test leaves pools of its own behind: what they keep open must go soon, or the server has no place for the next.
    private static string For(string database) => new NpgsqlConnectionStringBuilder(Admin) { Database = database, MaxPoolSize = 50, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Admin) { Pooling = false }.ConnectionString);
#pragma warning disable CA2100 // Names are made here, from nothing that anybody typed.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
