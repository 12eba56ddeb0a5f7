using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
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
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, CancellationToken, Task<WorkTask?>>> TaskIn = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, Guid task, CancellationToken _) => db.Tasks.SingleOrDefault(t => t.Id == task && t.ProjectId == project)));

    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, IAsyncEnumerable<Guid>>> StepsOf = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid asset, Guid person) => db.StepWork.Where(w => w.AssetId == asset && w.PersonId == person).Select(w => w.StepId)));

    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, CancellationToken, Task<int>>> DropDraftOf = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid task, Guid person, CancellationToken _) => db.Drafts.Where(d => d.TaskId == task && d.PersonId == person).ExecuteDelete()));

    private (Guid Asset, List<Guid> Steps)? worked;

    /// <summary>The task, for submitting, saving, renewing, giving back.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Result<WorkTask>> FindAsync(Guid projectId, Guid taskId, CancellationToken ct)
    {
        var task = await TaskIn.In(db)(db, projectId, taskId, ct);
        if (task is null || !await MayStepAsync(task, ct)) return RequestErrors.NotFound;
        if (task.State != TaskState.Open) return TaskErrors.Finished;
        // After a lapse the work still counts, as long as nobody else has taken the task (workflow-and-quality.md § 6).
        if (task.MaySubmit(user.PersonId)) return task;
        return TaskErrors.Taken;
    }

    /// <summary>Whether the caller may work on the task's step at all, by role and, where the step names its people, by name; else the task does not exist for them.</summary>
    public async Task<bool> MayStepAsync(WorkTask task, CancellationToken ct)
    {
        if (task.StepKind == StepKind.Review && !AccessTable.Allows((await access.RoleInAsync(task.ProjectId, ct))!.Value, Acts.TaskReview)) return false;
        return access.Here is { Named: false } || await StepPeople.MayWorkAsync(db, task, user.PersonId, ct);
    }

    /// <summary>Whether the caller has worked on another step of the asset, where that matters.</summary>
    public async Task<bool> IsSeparatedAsync(WorkTask task, CancellationToken ct) =>
        await access.IsSeparatedAsync(task.ProjectId, ct) && (await WorkedStepsAsync(task, ct)).Any(step => step != task.StepId);

    /// <summary>Whether the caller has answered for the asset already, or holds another of its tasks, where each person answers once.</summary>
    public async Task<bool> IsSecondAsync(WorkTask task, CancellationToken ct) =>
        task.Purpose == TaskPurpose.Consensus
        && ((await WorkedStepsAsync(task, ct)).Count > 0 || await db.Tasks.AnyAsync(t => t.AssetId == task.AssetId && t.Id != task.Id && t.State == TaskState.Open && t.HolderId == user.PersonId, ct));

    /// <summary>Leaves what follows the task's result to the background: one row, where the project measures anything.</summary>
    public void FollowUp(WorkTask task)
    {
        if (access.Here is { IsMeasured: true }) db.QualityJobs.Add(QualityJob.Of(task, user.PersonId, Now));
    }

    /// <summary>Remembers that the caller worked on the task's step: step separation asks it.</summary>
    public async Task RememberWorkAsync(WorkTask task, CancellationToken ct)
    {
        if (!(await WorkedStepsAsync(task, ct)).Contains(task.StepId)) db.StepWork.Add(StepWork.Of(task, user.PersonId));
    }

    /// <summary>Drops the caller's draft: the task's result is there.</summary>
    public Task DropDraftAsync(WorkTask task, CancellationToken ct) => DropDraftOf.In(db)(db, task.Id, user.PersonId, ct);

    private async Task<List<Guid>> WorkedStepsAsync(WorkTask task, CancellationToken ct)
    {
        if (worked is { } known && known.Asset == task.AssetId) return known.Steps;
        var steps = await StepsOf.In(db)(db, task.AssetId, user.PersonId).ToListAsync(ct);
        worked = (task.AssetId, steps);
        return steps;
    }

    /// <summary>The present instant.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();
}
