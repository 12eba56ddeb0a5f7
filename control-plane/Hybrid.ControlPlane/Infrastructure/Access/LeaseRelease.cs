using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Access;

/// <summary>
/// Gives back to the queue what people hold where they have no role any more, in the transaction that takes the role: nobody waits for a
/// lease to lapse, nor for somebody who will not come back. Drafts stay.
/// </summary>
internal sealed class LeaseRelease(ControlPlaneDb db, TimeProvider clock)
{
    /// <summary>Releases what these people hold, are assigned or were sent back, in projects where they have no role now.</summary>
    /// <param name="people">The people.</param>
    /// <param name="projects">The projects, or null for all.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many leases and reservations ended.</returns>
    public async Task<int> AfterLossAsync(IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid>? projects, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var tasks = db.Tasks.Where(t => projects == null || projects.Contains(t.ProjectId));
        var held = await FreeAsync(tasks.Where(t => t.HolderId != null && people.Contains(t.HolderId.Value) && !Places.At(db, now).Any(p => p.ProjectId == t.ProjectId && p.PersonId == t.HolderId)), ct);
        // A honeypot is for its person alone.
        await tasks.Where(t => t.Purpose == TaskPurpose.Honeypot && t.State == TaskState.Open && t.AssignedTo != null && people.Contains(t.AssignedTo.Value) && !Places.At(db, now).Any(p => p.ProjectId == t.ProjectId && p.PersonId == t.AssignedTo))
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.State, TaskState.Skipped).SetProperty(x => x.Version, x => x.Version + 1), ct);
        await tasks.Where(t => t.AssignedTo != null && t.Purpose != TaskPurpose.Honeypot && people.Contains(t.AssignedTo.Value) && !Places.At(db, now).Any(p => p.ProjectId == t.ProjectId && p.PersonId == t.AssignedTo))
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.AssignedTo, (Guid?)null).SetProperty(x => x.Version, x => x.Version + 1), ct);
        await tasks.Where(t => t.SentBackTo != null && people.Contains(t.SentBackTo.Value) && !Places.At(db, now).Any(p => p.ProjectId == t.ProjectId && p.PersonId == t.SentBackTo))
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.SentBackTo, (Guid?)null).SetProperty(x => x.Version, x => x.Version + 1), ct);
        return held;
    }

    /// <summary>Ends every lease and reservation of a project.</summary>
    public Task<int> OfProjectAsync(Guid projectId, CancellationToken ct) => FreeAsync(db.Tasks.Where(t => t.ProjectId == projectId && t.HolderId != null), ct);

    /// <summary>Ends what these people only reserved for the prefetch.</summary>
    public Task<int> OfReservationsAsync(IReadOnlyCollection<Guid> people, CancellationToken ct) =>
        FreeAsync(db.Tasks.Where(t => t.HolderId != null && people.Contains(t.HolderId.Value) && t.Reserved), ct);

    private static Task<int> FreeAsync(IQueryable<WorkTask> tasks, CancellationToken ct) => tasks.ExecuteUpdateAsync(
        t => t.SetProperty(x => x.HolderId, (Guid?)null).SetProperty(x => x.HeldUntil, (DateTimeOffset?)null).SetProperty(x => x.Reserved, false).SetProperty(x => x.Version, x => x.Version + 1), ct);
}
