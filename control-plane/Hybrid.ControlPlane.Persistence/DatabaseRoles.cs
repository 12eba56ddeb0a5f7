namespace Hybrid.ControlPlane.Persistence;

/// <summary>The roles of a PostgreSQL database (ADR 10). SQLite has none.</summary>
public static class DatabaseRoles
{
    /// <summary>Owns the schema; changes it, and serves nobody.</summary>
    public const string Migrator = "hybrid_migrator";

    /// <summary>Serves: reads and writes rows of one organization at a time.</summary>
    public const string App = "hybrid_app";

    /// <summary>Reads rows of one organization at a time, without what somebody could sign in by.</summary>
    public const string Reader = "hybrid_reader";

    /// <summary>What an administrator of the server runs once: makes the roles and gives the database to the migrator.</summary>
    public static string Sql { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(DatabaseRoles).Assembly.GetManifestResourceStream("Hybrid.ControlPlane.Persistence.Roles.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
