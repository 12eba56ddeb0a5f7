using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// What follows a task's result: 1. the answers of several people are compared once all are there; 2. an answer to a honeypot is scored, and the
/// project's thresholds are asked; 3. the person's next honeypot is made ready when it is time for one.
/// </summary>
internal sealed class SubmitFollowUp(ControlPlaneDb db, ConsensusSettlement consensus, HoneypotScoring scoring, HoneypotOffer offer)
{
    /// <summary>Does it, within the tenant scope of the row.</summary>
    public async Task WorkAsync(QualityJob job, CancellationToken ct)
    {
        var project = await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == job.ProjectId && p.DeletedAt == null, ct);
        var task = await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == job.TaskId, ct);
        // Deleted meanwhile; once restored, the command that recomputes finds what is missing.
        if (project is null || task is null) return;
        var rules = (await db.QualitySettings.AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == project.Id, ct))?.Rules ?? QualityRules.Default;
        if (task.Purpose == TaskPurpose.Consensus) await consensus.TryAsync(project, rules, task, ct);
        if (task.Purpose == TaskPurpose.Honeypot) await scoring.ScoreAsync(project, rules, task, ct);
        else if (project.HasHoneypots && task.State is TaskState.Done or TaskState.Answered) await offer.PrepareAsync(project, rules, task, job.PersonId, ct);
    }
}
