using System.Buffers.Binary;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Intervals;
using Hybrid.Quality.Thresholds;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Scores an answer to a honeypot by its agreement with the truth, and asks the project's rules: a person whose last scores lie under the threshold
/// loses the right to claim until a manager lifts it (workflow-and-quality.md § With teeth); one whose scores drift downwards raises an alert.
/// </summary>
internal sealed class HoneypotScoring(ControlPlaneDb db, LabelAgreements agreements, AuditTrail audit, TimeProvider clock)
{
    /// <summary>So many of a person's newest scores are looked at for drift.</summary>
    private const int MostScores = 1_000;

    /// <summary>Scores a task's answer; a skipped one has none.</summary>
    public async Task ScoreAsync(Project project, QualityRules rules, WorkTask task, CancellationToken ct)
    {
        if (task.LabelId is not { } labelId || task.FinishedBy is not { } person || await db.HoneypotScores.AnyAsync(s => s.LabelId == labelId, ct)) return;
        var honeypot = await db.Honeypots.AsNoTracking().SingleAsync(h => h.ProjectId == project.Id && h.AssetId == task.AssetId, ct);
        var truth = await db.Labels.AsNoTracking().SingleAsync(l => l.Id == honeypot.TruthLabelId, ct);
        var answer = await db.Labels.AsNoTracking().SingleAsync(l => l.Id == labelId, ct);
        var (score, ontology) = await agreements.OfAsync(truth, answer, firstIsTruth: true, ct);
        db.HoneypotScores.Add(HoneypotScore.Of(honeypot.Id, answer, score, ontology));
        audit.RecordAs(ActorKind.System, null, AuditActs.HoneypotScored, project.Id, [honeypot.Id, answer.Id, person], new { score, ontology, truth = truth.Id });
        if (score is { } value) await AskRulesAsync(project, rules, person, value, ct);
    }

    /// <summary>The seed of a person's intervals: the first 8 bytes of their id, big-endian, so that figures can be computed anew.</summary>
    public static ulong SeedOf(Guid person)
    {
        Span<byte> bytes = stackalloc byte[16];
        person.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private async Task AskRulesAsync(Project project, QualityRules rules, Guid person, double newest, CancellationToken ct)
    {
        var standing = await db.LabelerStandings.SingleOrDefaultAsync(s => s.ProjectId == project.Id && s.PersonId == person, ct);
        if (standing is null) db.LabelerStandings.Add(standing = LabelerStanding.Begin(project.OrganizationId, project.Id, person));
        var now = clock.GetUtcNow();
        if (rules.PauseThreshold is { } threshold && standing.PausedAt is null)
        {
            List<double> last = [.. await LastAsync(project.Id, person, standing.LiftedAt, rules.Window - 1, ct), newest];
            var decision = Teeth.PauseLabeler(last, threshold, rules.Window, Math.Max(2, rules.Minimum), SeedOf(person));
            if (decision.Act)
            {
                var f = decision.Figures;
                standing.Pause(f.N, f.Value!.Value, f.Upper!.Value, threshold, now);
                await LetGoAsync(project.Id, person, ct);
                audit.RecordAs(ActorKind.System, null, AuditActs.LabelerPaused, project.Id, [person], new { n = f.N, score = f.Value, lower = f.Lower, upper = f.Upper, threshold, minimum = decision.Minimum, window = rules.Window, seed = SeedOf(person).ToString("x16", System.Globalization.CultureInfo.InvariantCulture) });
            }
        }

        if (rules.DriftReference is not { } reference || standing.DriftingAt is not null) return;
        var settings = new CusumSettings(reference, rules.DriftSlack, rules.DriftLimit, Math.Max(2, rules.Minimum));
        var sum = Cusum.Of([.. await LastAsync(project.Id, person, standing.DriftNotedAt, MostScores - 1, ct), newest], settings);
        if (!sum.Drifting) return;
        standing.Drift(sum.N, sum.Sum, now);
        audit.RecordAs(ActorKind.System, null, AuditActs.LabelerDrifting, project.Id, [person], new { n = sum.N, sum = sum.Sum, since = sum.Since, reference, slack = rules.DriftSlack, limit = rules.DriftLimit, minimum = settings.Minimum });
    }

    /// <summary>The scores that are stored, oldest first; the one in hand is not among them yet.</summary>
    private async Task<IEnumerable<double>> LastAsync(Guid project, Guid person, DateTimeOffset? since, int most, CancellationToken ct)
    {
        var scores = await db.HoneypotScores.AsNoTracking().Where(s => s.ProjectId == project && s.PersonId == person && s.Score != null && (since == null || s.AnsweredAt > since))
            .OrderByDescending(s => s.AnsweredAt).ThenByDescending(s => s.LabelId).Take(most).Select(s => s.Score!.Value).ToListAsync(ct);
        return scores.AsEnumerable().Reverse();
    }

    // What they hold they may finish; what waits for them alone goes back to the queue, and a honeypot of theirs is over.
    private async Task LetGoAsync(Guid project, Guid person, CancellationToken ct)
    {
        var open = db.Tasks.Where(t => t.ProjectId == project && t.State == TaskState.Open);
        await open.Where(t => t.Purpose == TaskPurpose.Honeypot && t.AssignedTo == person && (t.HolderId == null || t.Reserved))
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.State, TaskState.Skipped).SetProperty(x => x.HolderId, (Guid?)null).SetProperty(x => x.HeldUntil, (DateTimeOffset?)null).SetProperty(x => x.Reserved, false).SetProperty(x => x.Version, x => x.Version + 1), ct);
        await open.Where(t => t.HolderId == person && t.Reserved)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.HolderId, (Guid?)null).SetProperty(x => x.HeldUntil, (DateTimeOffset?)null).SetProperty(x => x.Reserved, false).SetProperty(x => x.Version, x => x.Version + 1), ct);
        await open.Where(t => t.SentBackTo == person && (t.HolderId == null || t.HolderId != person)).ExecuteUpdateAsync(t => t.SetProperty(x => x.SentBackTo, (Guid?)null).SetProperty(x => x.Version, x => x.Version + 1), ct);
    }
}
