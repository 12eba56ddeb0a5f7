using Microsoft.EntityFrameworkCore;

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

    /// <summary>ADO.NET connection string. Default: <c>hybrid.db</c> in the working folder.</summary>
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
            builder.UseNpgsql(ConnectionString, o => o.MigrationsAssembly("Hybrid.ControlPlane.Migrations.Postgres"));
        }
    }
}
