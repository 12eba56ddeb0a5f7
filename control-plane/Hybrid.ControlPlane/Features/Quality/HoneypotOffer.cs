using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Sampling;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Makes a person's next honeypot ready, ahead of time: it waits in the queue as a task for that person, where their next ordinary task stands, so that
/// taking it is the same statement, and as quick, as taking any other.
/// </summary>
/// <remarks>
/// Once the spacing is over, the n-th label of a person is followed by a honeypot when
/// HMAC-SHA256(seed, person ‖ step ‖ n) / 2^64 lies under the share (<see cref="Draw.Of"/>, <see cref="Workflow.HoneypotSeed"/>): whoever holds the
/// seed computes it anew.
/// </remarks>
internal sealed class HoneypotOffer(ControlPlaneDb db, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Counts a label of the person, and makes a honeypot ready if it is time.</summary>
    public async Task PrepareAsync(Project project, QualityRules rules, WorkTask task, Guid person, CancellationToken ct)
    {
        var standing = await db.LabelerStandings.SingleOrDefaultAsync(s => s.ProjectId == project.Id && s.PersonId == person, ct);
        if (standing is null) db.LabelerStandings.Add(standing = LabelerStanding.Begin(project.OrganizationId, project.Id, person));
        standing.Count();
        if (rules.HoneypotShare <= 0 || standing.PausedAt is not null || standing.SinceHoneypot < rules.HoneypotSpacing) return;
        var draw = Draw.Of(Workflow.HoneypotSeed(project.PseudonymKey, task.StepId), person, task.StepId, standing.Answered);
        if (draw >= rules.HoneypotShare) return;
        var waiting = db.Tasks.AsNoTracking().Where(t => t.ProjectId == project.Id && t.State == TaskState.Open);
        if (await waiting.AnyAsync(t => t.AssignedTo == person && t.Purpose == TaskPurpose.Honeypot, ct)) return;
        // Where nothing else waits, a task more would be one to wonder about.
        var head = await waiting.Where(t => t.StepKind == StepKind.Labeling && t.SentBackTo == null && t.AssignedTo == null)
            .OrderByDescending(t => t.Priority).ThenBy(t => t.ArrivedAt).ThenBy(t => t.Id).Select(t => new { t.Priority, t.ArrivedAt }).FirstOrDefaultAsync(ct);
        if (head is null) return;

        // Nobody is given what they have seen: by work at any step, as a honeypot, or as the one who knows its truth.
        var honeypot = await db.Honeypots.Where(h => h.ProjectId == project.Id && h.RetiredAt == null && h.CreatedBy != person)
            .Where(h => !db.StepWork.Any(w => w.AssetId == h.AssetId && w.PersonId == person) && !db.Tasks.Any(t => t.AssetId == h.AssetId && (t.AssignedTo == person || t.FinishedBy == person || t.HolderId == person)))
            .OrderBy(h => h.Given).ThenBy(h => h.Id).FirstOrDefaultAsync(ct);
        if (honeypot is null) return;
        var step = await db.WorkflowSteps.AsNoTracking().SingleAsync(s => s.ProjectId == project.Id && s.WorkflowVersion == project.WorkflowVersion && s.Position == 0, ct);
        var strand = await db.Tasks.Where(t => t.AssetId == honeypot.AssetId).MaxAsync(t => (int?)t.Strand, ct) ?? 0;
        var probe = WorkTask.Probe(step, honeypot.AssetId, strand + 1, person, head.Priority, head.ArrivedAt);
        if (!await StepPeople.MayWorkAsync(db, probe, person, ct)) return;
        db.Tasks.Add(probe);
        honeypot.Give(rules.HoneypotMostGiven, clock.GetUtcNow());
        var since = standing.SinceHoneypot;
        standing.Probe();
        audit.RecordAs(ActorKind.System, null, AuditActs.HoneypotGiven, project.Id, [honeypot.Id, probe.Id, person], new { draw, share = rules.HoneypotShare, nth = standing.Answered, since, given = honeypot.Given, retired = honeypot.RetiredAt is not null });
    }
}
