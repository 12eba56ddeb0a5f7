using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>Tells a lost race from a broken database: somebody else was first, and the same request would meet their work now.</summary>
public static class LostRace
{
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;

    /// <summary>True when another transaction changed or added the same row first, or the database chose this one to give way.</summary>
    public static bool Is(Exception failed)
    {
        for (var e = failed; e is not null; e = e.InnerException)
        {
            if (e is DbUpdateConcurrencyException or SqliteException { SqliteExtendedErrorCode: SqliteUnique or SqlitePrimaryKey }) return true;
            if (e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected }) return true;
        }

        return false;
    }
}
