using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>The one way in which sessions end before their time, in the caller's transaction: the next request of each is refused.</summary>
internal sealed class SessionEnd(ControlPlaneDb db, LeaseRelease leases)
{
    /// <summary>Ends them. What their people had only reserved for the prefetch goes back to the queue at once; leases lapse by themselves.</summary>
    /// <param name="sessions">Which.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The sessions that ended, with their people.</returns>
    public async Task<IReadOnlyList<EndedSession>> EndAsync(IQueryable<Session> sessions, CancellationToken ct)
    {
        var ended = await sessions.Select(s => new EndedSession(s.Id, s.PersonId)).ToListAsync(ct);
        if (ended.Count == 0) return ended;
        var ids = ended.ConvertAll(s => s.Id);
        await db.Sessions.Where(s => ids.Contains(s.Id)).ExecuteDeleteAsync(ct);
        await leases.OfReservationsAsync([.. ended.Select(s => s.PersonId).Distinct()], ct);
        return ended;
    }
}

/// <summary>Ends what a person has open in their other organizations, once what they sign in by has changed in this one.</summary>
internal sealed class SessionsElsewhere(ControlPlaneDb db, SessionEnd end)
{
    /// <summary>Ends them, each organization's in a transaction of its own; outside every scope.</summary>
    public async Task EndAsync(Guid personId, Guid exceptOrganization, CancellationToken ct)
    {
        var elsewhere = await db.Through(Doors.MembershipsOfPerson, personId).Where(m => m.OrganizationId != exceptOrganization).Select(m => m.OrganizationId).ToListAsync(ct);
        foreach (var organization in elsewhere)
        {
            await using var scope = await TenantScope.OpenAsync(db, organization, personId, ct);
            await end.EndAsync(db.Sessions.Where(s => s.PersonId == personId), ct);
            await scope.CommitAsync(ct);
        }
    }
}

/// <summary>A session that ended.</summary>
internal sealed record EndedSession(Guid Id, Guid PersonId);
