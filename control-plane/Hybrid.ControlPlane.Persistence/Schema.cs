using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>The schema's life: forward only, by one process at a time.</summary>
public static class Schema
{
    // Any number, the same in every version: who holds it changes the schema.
    private const long Lock = 4_812_077_316;

    /// <summary>Why this version must not work on the database: a newer one has changed it; null when it may.</summary>
    public static async Task<string?> RefusalAsync(ControlPlaneDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var unknown = (await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        return unknown.Count == 0 ? null
            : $"The database has {unknown[^1]}, which this version does not know: a newer version has changed it. Start that version, or restore the backup from before; schemas never go back.";
    }

    /// <summary>
    /// Applies pending migrations, then policies, doors and rights, while no other process does; one that comes meanwhile waits, and finds nothing to do.
    /// </summary>
    /// <param name="database">The database; reached as its owner (<see cref="DatabaseOptions.MigrationConnectionString"/>).</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The applied migrations; or why nothing was done.</returns>
    public static async Task<(IReadOnlyList<string> Applied, string? Refusal)> MigrateAsync(DatabaseOptions database, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var db = database.ForMigration().Open();
        var postgres = db.Database.IsNpgsql();
        if (postgres)
        {
            var creator = db.GetService<IRelationalDatabaseCreator>();
            if (!await creator.ExistsAsync(ct)) await creator.CreateAsync(ct);
            // One connection for all of it: the lock and the setting are the connection's, and end with it.
            await db.Database.OpenConnectionAsync(ct);
            await db.Database.ExecuteSqlAsync($"select pg_advisory_lock({Lock})", ct);
            await db.Database.ExecuteSqlAsync($"select set_config('hybrid.all_organizations', 'on', false)", ct);
        }

        try
        {
            if (await RefusalAsync(db, ct) is { } refusal) return ([], refusal);
            var pending = (await db.Database.GetPendingMigrationsAsync(ct)).ToList();
            await db.Database.MigrateAsync(ct);
            if (postgres) await RowSecurity.ApplyAsync(db, ct);
            return (pending, null);
        }
        finally
        {
            if (postgres)
            {
                // The connection goes back to its pool: with nothing left of this.
                await db.Database.ExecuteSqlAsync($"select pg_advisory_unlock({Lock}), set_config('hybrid.all_organizations', '', false)", CancellationToken.None);
                await db.Database.CloseConnectionAsync();
            }
        }
    }
}
