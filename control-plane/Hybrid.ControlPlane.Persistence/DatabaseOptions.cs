using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>Which database serves.</summary>
public enum DatabaseProvider
{
    /// <summary>One file beside the process: demo and one-machine use by one organization.</summary>
    Sqlite,

    /// <summary>Production.</summary>
    Postgres,
}

/// <summary>Where the database is.</summary>
public sealed class DatabaseOptions
{
    /// <summary>sqlite (default) or postgres.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>ADO.NET connection string. Default: <c>hybrid.db</c> in the working folder. PostgreSQL's statements are prepared unless it names <c>Max Auto Prepare</c>.</summary>
    public string ConnectionString { get; set; } = "Data Source=hybrid.db";

    /// <summary>Points a context at the database.</summary>
    public void Apply(DbContextOptionsBuilder builder)
    {
        if (Provider == DatabaseProvider.Sqlite)
        {
            builder.UseSqlite(ConnectionString, o => o.MigrationsAssembly("Hybrid.ControlPlane.Migrations.Sqlite"))
                .AddInterceptors(SqlitePragmas.Instance);
        }
        else
        {
            builder.UseNpgsql(Prepared(ConnectionString), o => o.MigrationsAssembly("Hybrid.ControlPlane.Migrations.Postgres"));
        }
    }

    // The statements of the queue cost more to plan than to run. Behind a pooler in transaction mode name Max Auto Prepare=0.
    private static string Prepared(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        if (!parts.ShouldSerialize("Max Auto Prepare")) parts.MaxAutoPrepare = 100;
        return parts.ConnectionString;
    }
}
