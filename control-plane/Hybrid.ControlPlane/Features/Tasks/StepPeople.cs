using Hybrid.ControlPlane.Domain.Tasks;
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
}
