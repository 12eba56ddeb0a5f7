using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// The one way to a transaction: opens it for exactly one organization, makes only that organization's rows visible, and commits or
/// rolls back as a whole. Every request is one scope.
/// </summary>
public sealed class TenantScope : IAsyncDisposable
{
    private readonly ControlPlaneDb db;
    private readonly IDbContextTransaction transaction;

    private TenantScope(ControlPlaneDb db, IDbContextTransaction transaction) => (this.db, this.transaction) = (db, transaction);

    /// <summary>Opens a transaction in which only this organization exists.</summary>
    /// <param name="db">The context of this request.</param>
    /// <param name="organizationId">The organization.</param>
    /// <param name="personId">The person on whose behalf, or null for the product itself.</param>
    /// <param name="ct">Cancels the opening.</param>
    /// <param name="turn">What only one transaction at a time may do: this one begins when those before it are over. Null = nothing.</param>
    public static async Task<TenantScope> OpenAsync(ControlPlaneDb db, Guid organizationId, Guid? personId, CancellationToken ct, string? turn = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        // Microsoft.Data.Sqlite begins IMMEDIATE by default, so that two writers queue at the start and never fail in the middle.
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        db.OrganizationId = organizationId;
        if (db.Database.IsNpgsql())
        {
            // Local to the transaction, so that it is safe behind a pooler in transaction mode; row-level security reads it.
            // A turn costs no round trip of its own. Every later statement sees what the turn before has committed; SQLite, with its one
            // writer, takes turns anyway.
            await db.Database.ExecuteSqlAsync(turn is null
                ? (FormattableString)$"select set_config('hybrid.organization', {organizationId.ToString()}, true), set_config('hybrid.person', {personId?.ToString() ?? ""}, true)"
                : $"select set_config('hybrid.organization', {organizationId.ToString()}, true), set_config('hybrid.person', {personId?.ToString() ?? ""}, true), pg_advisory_xact_lock(hashtextextended({turn}, 0))", ct);
        }

        return new TenantScope(db, transaction);
    }

    /// <summary>Saves what changed and commits.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else changed the same row first.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        // Two round trips less: when this save fails, nothing is left to go back to but the transaction's beginning.
        db.Database.AutoSavepointsEnabled = false;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        db.Database.AutoSavepointsEnabled = true;
        db.OrganizationId = Guid.Empty;
        db.ChangeTracker.Clear();
    }
}
