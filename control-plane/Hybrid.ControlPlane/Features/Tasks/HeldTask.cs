using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Finds a task that the caller works on, or says why they may not: the one guard of every act on a held task.</summary>
internal sealed class HeldTask(ControlPlaneDb db, ICurrentUser user, ProjectAccess access, TimeProvider clock)
{
    /// <summary>The task, for submitting, saving, renewing, giving back.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Result<WorkTask>> FindAsync(Guid projectId, Guid taskId, CancellationToken ct)
    {
        var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == taskId && t.ProjectId == projectId, ct);
        if (task is null || !await MayStepAsync(task, ct)) return RequestErrors.NotFound;
        if (task.State != TaskState.Open) return TaskErrors.Finished;
        // After a lapse the work still counts, as long as nobody else has taken the task (workflow-and-quality.md § 6).
        if (task.MaySubmit(user.PersonId)) return task;
        return TaskErrors.Taken;
    }

    /// <summary>Whether the caller's role allows the task's step at all; without it the task does not exist for them.</summary>
    public async Task<bool> MayStepAsync(WorkTask task, CancellationToken ct) =>
        task.StepKind == StepKind.Labeling || AccessTable.Allows((await access.RoleInAsync(task.ProjectId, ct))!.Value, Acts.TaskReview);

    /// <summary>Whether the caller has worked on another step of the asset, where that matters.</summary>
    public async Task<bool> IsSeparatedAsync(WorkTask task, CancellationToken ct) =>
        await db.Projects.AnyAsync(p => p.Id == task.ProjectId && p.StepSeparation, ct)
        && await db.StepWork.AnyAsync(w => w.AssetId == task.AssetId && w.PersonId == user.PersonId && w.StepId != task.StepId, ct);

    /// <summary>The present instant.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();
}
