using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>
/// Which threads exist for the caller, in one place: all for those who explore the project; for others those that concern them, those of assets
/// that they review or have reviewed, and those of earlier rounds of an asset that came back to them. Everything else is not there: what another
/// says in the same round would tell a labeler that an asset was given out more than once.
/// </summary>
internal sealed class ThreadSight(ControlPlaneDb db, ICurrentUser user, ProjectAccess access, TimeProvider clock)
{
    /// <summary>Sees everything in the project.</summary>
    public bool SeesAll => AccessTable.Allows(access.Here!.Role, Acts.AssetsExplore);

    /// <summary>Judges labels: opens issues, answers and settles what it sees.</summary>
    public bool Judges => AccessTable.Allows(access.Here!.Role, Acts.TaskReview);

    /// <summary>The threads of a project that exist for the caller.</summary>
    public IQueryable<IssueThread> In(Guid projectId)
    {
        var all = db.Threads.Where(t => t.ProjectId == projectId);
        if (SeesAll) return all;
        var (me, now) = (user.PersonId, clock.GetUtcNow());
        return all.Where(t =>
            db.ThreadPeople.Any(p => p.ThreadId == t.Id && p.PersonId == me && p.IsConcerned)
            || db.StepWork.Any(w => w.AssetId == t.AssetId && w.PersonId == me && db.WorkflowSteps.Any(s => s.Id == w.StepId && s.Kind == StepKind.Review))
            || db.Tasks.Any(k => k.AssetId == t.AssetId && k.HolderId == me && !k.Reserved && k.HeldUntil > now && k.State == TaskState.Open && (k.StepKind == StepKind.Review || k.Round > t.Round)));
    }

    /// <summary>Whether the asset exists for the caller, so that they may ask about it.</summary>
    public async Task<bool> SeesAssetAsync(Guid projectId, Guid assetId, CancellationToken ct)
    {
        if (SeesAll) return await db.Assets.AnyAsync(a => a.Id == assetId && a.ProjectId == projectId, ct);
        var (me, now) = (user.PersonId, clock.GetUtcNow());
        return await db.Tasks.AnyAsync(k => k.ProjectId == projectId && k.AssetId == assetId && k.HolderId == me && !k.Reserved && k.HeldUntil > now && k.State == TaskState.Open, ct)
            || await db.StepWork.AnyAsync(w => w.ProjectId == projectId && w.AssetId == assetId && w.PersonId == me, ct);
    }

    /// <summary>Of these threads, those with something that the caller has not seen and that is meant for them.</summary>
    public IQueryable<IssueThread> Unread(IQueryable<IssueThread> threads)
    {
        var (me, judges) = (user.PersonId, Judges);
        return threads.Where(t =>
            !db.ThreadPeople.Any(p => p.ThreadId == t.Id && p.PersonId == me && p.SeenAt >= t.ChangedAt)
            && (db.ThreadPeople.Any(p => p.ThreadId == t.Id && p.PersonId == me && p.IsConcerned)
                || (judges && t.Kind == ThreadKind.Question && t.Status == ThreadStatus.Open && t.AssigneeId == null)));
    }

    /// <summary>The one thread, tracked, or null when it does not exist for the caller.</summary>
    public Task<IssueThread?> FindAsync(Guid projectId, Guid threadId, CancellationToken ct) => In(projectId).SingleOrDefaultAsync(t => t.Id == threadId, ct);
}
