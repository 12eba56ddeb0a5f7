using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Who may work on steps that are for named members alone, under the version that the asset entered the step with.</summary>
internal static class StepPeople
{
    /// <summary>Whether the task's step is open to everyone with the role, or names the person.</summary>
    public static Task<bool> MayWorkAsync(ControlPlaneDb db, WorkTask task, Guid person, CancellationToken ct) =>
        db.WorkflowSteps.AsNoTracking().AnyAsync(
            s => s.Id == task.StepId && s.WorkflowVersion == task.WorkflowVersion
                && (!s.IsNamed || db.WorkflowStepMembers.Any(m => m.StepId == s.Id && m.WorkflowVersion == s.WorkflowVersion && m.PersonId == person)), ct);

    /// <summary>Why another person cannot be given the task; null when they can.</summary>
    /// <param name="db">The database.</param>
    /// <param name="task">The task.</param>
    /// <param name="person">Who is to get it.</param>
    /// <param name="now">At which instant their role must hold.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Error?> RefuseAsync(ControlPlaneDb db, WorkTask task, Guid person, DateTimeOffset now, CancellationToken ct)
    {
        var highest = await Places.At(db, now).Where(p => p.ProjectId == task.ProjectId && p.PersonId == person).MaxAsync(p => (int?)p.Role, ct);
        var act = task.StepKind == StepKind.Review ? Acts.TaskReview : Acts.TaskWork;
        if (highest is not { } role || !AccessTable.Allows((ProjectRole)role, act) || !await MayWorkAsync(db, task, person, ct)) return TaskErrors.NotTheirs;
        var separated = await db.Projects.AsNoTracking().AnyAsync(
            p => p.Id == task.ProjectId && p.StepSeparation && db.StepWork.Any(w => w.AssetId == task.AssetId && w.PersonId == person && w.StepId != task.StepId), ct);
        if (separated) return TaskErrors.TheirSeparation;
        var second = task.Purpose == TaskPurpose.Consensus
            && (await db.StepWork.AsNoTracking().AnyAsync(w => w.AssetId == task.AssetId && w.PersonId == person, ct)
                || await db.Tasks.AsNoTracking().AnyAsync(t => t.AssetId == task.AssetId && t.Id != task.Id && t.State == TaskState.Open && (t.HolderId == person || t.AssignedTo == person), ct));
        return second ? TaskErrors.TheirSameAsset : null;
    }
}
