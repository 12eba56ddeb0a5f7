using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Agreement;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Computes every stored figure of a project anew from its labels, a part at a time, and corrects what differs: agreements of pairs, the consensus of
/// each asset, honeypot scores. What was never computed is put in line for the background. Decisions stay: they were logged with what they rested on.
/// </summary>
internal sealed class Recomputation(ControlPlaneDb db, LabelAgreements agreements, AuditTrail audit, TimeProvider clock)
{
    private const int Part = 200;

    /// <summary>What was found.</summary>
    /// <param name="Pairs">Agreements computed anew.</param>
    /// <param name="Rounds">Consensus of assets computed anew.</param>
    /// <param name="Scores">Honeypot scores computed anew.</param>
    /// <param name="Different">Of them stored otherwise.</param>
    /// <param name="Missing">Results that nothing had followed yet.</param>
    public sealed record Figures(int Pairs, int Rounds, int Scores, int Different, int Missing);

    /// <summary>Computes one project anew.</summary>
    /// <param name="organization">Its organization.</param>
    /// <param name="project">The project.</param>
    /// <param name="write">Corrects what differs; else only counts it.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Figures> OfAsync(Guid organization, Guid project, bool write, CancellationToken ct)
    {
        var (pairs, scores, different) = (0, 0, 0);
        for (var after = (First: Guid.Empty, Second: Guid.Empty); ;)
        {
            await using var scope = await TenantScope.OpenAsync(db, organization, null, ct, $"quality {project}");
            var part = await db.LabelPairs.Where(p => p.ProjectId == project && (p.FirstLabelId > after.First || (p.FirstLabelId == after.First && p.SecondLabelId > after.Second)))
                .OrderBy(p => p.FirstLabelId).ThenBy(p => p.SecondLabelId).Take(Part).ToListAsync(ct);
            if (part.Count == 0) break;
            var labels = await LabelsAsync(part.SelectMany(p => new[] { p.FirstLabelId, p.SecondLabelId }), ct);
            foreach (var pair in part)
            {
                var (value, ontology) = await agreements.OfAsync(labels[pair.FirstLabelId], labels[pair.SecondLabelId], firstIsTruth: false, ct);
                if (pair.Correct(value, ontology)) different++;
            }

            (pairs, after) = (pairs + part.Count, (part[^1].FirstLabelId, part[^1].SecondLabelId));
            if (write) await scope.CommitAsync(ct);
        }

        for (var after = Guid.Empty; ;)
        {
            await using var scope = await TenantScope.OpenAsync(db, organization, null, ct, $"quality {project}");
            var part = await db.HoneypotScores.Where(s => s.ProjectId == project && s.LabelId > after).OrderBy(s => s.LabelId).Take(Part).ToListAsync(ct);
            if (part.Count == 0) break;
            var pots = part.ConvertAll(s => s.HoneypotId);
            var truths = await db.Honeypots.AsNoTracking().Where(h => pots.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.TruthLabelId, ct);
            var labels = await LabelsAsync(part.Select(s => s.LabelId).Concat(truths.Values), ct);
            foreach (var score in part)
            {
                var (value, ontology) = await agreements.OfAsync(labels[truths[score.HoneypotId]], labels[score.LabelId], firstIsTruth: true, ct);
                if (score.Correct(value, ontology)) different++;
            }

            (scores, after) = (scores + part.Count, part[^1].LabelId);
            if (write) await scope.CommitAsync(ct);
        }

        var (rounds, otherwise) = await RoundsAsync(organization, project, write, ct);
        var missing = await MissingAsync(organization, project, write, different + otherwise, ct);
        return new Figures(pairs, rounds, scores, different + otherwise, missing);
    }

    private async Task<(int Rounds, int Different)> RoundsAsync(Guid organization, Guid project, bool write, CancellationToken ct)
    {
        var (rounds, different) = (0, 0);
        for (var after = Guid.Empty; ;)
        {
            await using var scope = await TenantScope.OpenAsync(db, organization, null, ct, $"quality {project}");
            var part = await db.ConsensusRounds.Where(c => c.ProjectId == project && c.AssetId > after && (c.State == ConsensusState.Settled || c.State == ConsensusState.Blocked)).OrderBy(c => c.AssetId).Take(Part).ToListAsync(ct);
            if (part.Count == 0) break;
            var assets = part.ConvertAll(c => c.AssetId);
            var pairs = (await db.LabelPairs.AsNoTracking().Where(p => assets.Contains(p.AssetId) && p.Agreement != null).ToListAsync(ct)).ConvertAll(p => new PairAgreement(p.AssetId, p.FirstPersonId, p.SecondPersonId, p.Agreement!.Value));
            foreach (var round in part)
            {
                var value = ConsensusScore.OfAsset(round.AssetId, pairs).Value;
                if (value == round.Agreement) continue;
                round.Measure(round.Answers, value, round.Confidence);
                different++;
            }

            (rounds, after) = (rounds + part.Count, part[^1].AssetId);
            if (write) await scope.CommitAsync(ct);
        }

        return (rounds, different);
    }

    private async Task<int> MissingAsync(Guid organization, Guid project, bool write, int different, CancellationToken ct)
    {
        await using var scope = await TenantScope.OpenAsync(db, organization, null, ct, $"quality {project}");
        var unscored = db.Tasks.AsNoTracking().Where(t => t.ProjectId == project && t.Purpose == TaskPurpose.Honeypot && t.State == TaskState.Done && t.LabelId != null && !db.HoneypotScores.Any(s => s.LabelId == t.LabelId));
        var unsettled = db.Tasks.AsNoTracking().Where(t => t.ProjectId == project && t.Purpose == TaskPurpose.Consensus && t.State == TaskState.Answered && t.Strand == 1
            && db.ConsensusRounds.Any(c => c.AssetId == t.AssetId && c.State == ConsensusState.Gathering) && !db.Tasks.Any(o => o.AssetId == t.AssetId && o.Purpose == TaskPurpose.Consensus && o.State == TaskState.Open));
        var missing = (await unscored.Concat(unsettled).ToListAsync(ct)).Where(t => t.FinishedBy is not null).ToList();
        var waiting = await db.QualityJobs.AsNoTracking().Where(j => j.ProjectId == project).Select(j => j.TaskId).ToListAsync(ct);
        missing.RemoveAll(t => waiting.Contains(t.Id));
        if (!write) return missing.Count;
        db.QualityJobs.AddRange(missing.Select(t => QualityJob.Of(t, t.FinishedBy!.Value, clock.GetUtcNow())));
        if (different + missing.Count > 0) audit.RecordAs(ActorKind.System, null, AuditActs.QualityRecomputed, project, [project], new { different, missing = missing.Count });
        await scope.CommitAsync(ct);
        return missing.Count;
    }

    private async Task<Dictionary<Guid, Label>> LabelsAsync(IEnumerable<Guid> ids, CancellationToken ct)
    {
        var wanted = ids.Distinct().ToList();
        return await db.Labels.AsNoTracking().Where(l => wanted.Contains(l.Id)).ToDictionaryAsync(l => l.Id, ct);
    }
}
