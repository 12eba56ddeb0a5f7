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

    /// <summary>
    /// Connection string of the role that owns the schema, for <c>migrate</c> alone; past a pooler. Unset: <see cref="ConnectionString"/>, as on SQLite.
    /// </summary>
    public string? MigrationConnectionString { get; set; }

    /// <summary>Demonstrations only: serve although the database's role can pass by row-level security (superuser, BYPASSRLS, owner). Default: refuse.</summary>
    public bool AllowUnconfinedRole { get; set; }

    /// <summary>Speak to PostgreSQL beyond loopback without TLS, where the network itself is encrypted. Default: refuse.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>The database as the migrator reaches it.</summary>
    public DatabaseOptions ForMigration() => new() { Provider = Provider, ConnectionString = MigrationConnectionString ?? ConnectionString, AllowPlaintext = AllowPlaintext };

    /// <summary>A context of its own, outside any host.</summary>
    public ControlPlaneDb Open()
    {
        var builder = new DbContextOptionsBuilder<ControlPlaneDb>();
        Apply(builder);
        return new ControlPlaneDb(builder.Options);
    }

    /// <summary>Every mistake with its mend.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Provider != DatabaseProvider.Postgres) yield break;
        foreach (var (name, text) in new[] { ("Database:ConnectionString", ConnectionString), ("Database:MigrationConnectionString", MigrationConnectionString ?? ConnectionString) })
        {
            if (!TryParse(text, out var parts)) yield return $"{name} is no connection string of PostgreSQL: write it as Host=…;Database=…;Username=…";
            else if (!AllowPlaintext && SaysPlain(parts) && !IsLocal(parts))
                yield return $"{name} allows an unencrypted connection to {parts.Host}: leave SSL Mode out (VerifyFull then), or give Require, VerifyCA or VerifyFull. Where the network itself is encrypted, set Database:AllowPlaintext.";
        }
    }

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
            builder.UseNpgsql(Completed(ConnectionString), o => o.MigrationsAssembly("Hybrid.ControlPlane.Migrations.Postgres"));
        }
    }

    private string Completed(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        // The statements of the queue cost more to plan than to run. Behind a pooler in transaction mode name Max Auto Prepare=0.
        if (!parts.ShouldSerialize("Max Auto Prepare")) parts.MaxAutoPrepare = 100;
        // Npgsql's own default falls back to an unencrypted connection without a word.
        if (!parts.ShouldSerialize("SSL Mode") && !AllowPlaintext && !IsLocal(parts)) parts.SslMode = SslMode.VerifyFull;
        return parts.ConnectionString;
    }

    private static bool TryParse(string text, out NpgsqlConnectionStringBuilder parts)
    {
        try
        {
            parts = new NpgsqlConnectionStringBuilder(text);
            return true;
        }
        catch (ArgumentException)
        {
            parts = new NpgsqlConnectionStringBuilder();
            return false;
        }
    }

    private static bool SaysPlain(NpgsqlConnectionStringBuilder parts) =>
        parts.ShouldSerialize("SSL Mode") && parts.SslMode is (SslMode.Disable or SslMode.Allow or SslMode.Prefer);

    // A path is the folder of a Unix socket.
    private static bool IsLocal(NpgsqlConnectionStringBuilder parts) => (parts.Host ?? "localhost").Split(',').Select(h => h.Trim()).All(h =>
        h.StartsWith('/') || h.StartsWith('@') || h.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(h, out var address) && System.Net.IPAddress.IsLoopback(address))
        || (h.LastIndexOf(':') is > 0 and var colon && (h[..colon].Equals("localhost", StringComparison.OrdinalIgnoreCase) || (System.Net.IPAddress.TryParse(h[..colon], out var at) && System.Net.IPAddress.IsLoopback(at)))));
}
