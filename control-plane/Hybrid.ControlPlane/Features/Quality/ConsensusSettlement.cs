using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Agreement;
using Hybrid.Quality.Reliability;
using Hybrid.Quality.Thresholds;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>
/// Brings the answers of several people for one asset together, once no task of it is open: 1. each pair is compared; 2. where the policy may ask
/// more, one more person is asked as long as the answer is not settled; 3. the answer that agrees best with the others is the asset's own; 4. it goes
/// on by the sampling, or, under the threshold or never settled, to the first review step whatever the sampling said.
/// </summary>
internal sealed class ConsensusSettlement(ControlPlaneDb db, LabelAgreements agreements, PublishedOntologies ontologies, StepPassage passage, AuditTrail audit, TimeProvider clock)
{
    private static readonly HashSet<string> SingleChoice = new(StringComparer.Ordinal) { "single", "dropdown" };

    /// <summary>Settles the asset of a task, if everything is there.</summary>
    public async Task TryAsync(Project project, QualityRules rules, WorkTask answered, CancellationToken ct)
    {
        var round = await db.ConsensusRounds.SingleAsync(c => c.AssetId == answered.AssetId && c.StepId == answered.StepId && c.Round == answered.Round, ct);
        if (round.State != ConsensusState.Gathering) return;
        var tasks = await db.Tasks.Where(t => t.AssetId == answered.AssetId && t.Purpose == TaskPurpose.Consensus && t.Round == answered.Round).OrderBy(t => t.Strand).ToListAsync(ct);
        if (tasks.Exists(t => t.State == TaskState.Open)) return;
        var policy = (await db.WorkflowSteps.AsNoTracking().SingleAsync(s => s.Id == round.StepId && s.WorkflowVersion == round.WorkflowVersion, ct)).Consensus;
        var ids = tasks.ConvertAll(t => t.Id);
        var labels = await db.Labels.Where(l => ids.Contains(l.TaskId)).OrderBy(l => l.Id).ToListAsync(ct);

        // 1
        var pairs = await PairsAsync(labels, ct);
        var consensus = ConsensusScore.OfAsset(round.AssetId, pairs);
        var threshold = Teeth.ReviewAsset(consensus.Value, labels.Count, policy.Threshold);

        // 2
        var votes = policy.IsAdaptive ? await VotesAsync(labels, policy, ct) : null;
        round.Measure(labels.Count, consensus.Value, votes?.Confidence);
        var isUnsettled = policy.IsAdaptive && (consensus.Value is not { } value || value < policy.Threshold || votes is { Settled: false });
        var figures = new { agreement = consensus.Value, n = labels.Count, threshold = policy.Threshold, minimum = threshold.Minimum, reason = threshold.Reason, confidence = votes?.Confidence, wanted = round.Wanted, policy = round.PolicyVersion, workflow = round.WorkflowVersion };
        if (isUnsettled && tasks.Count < policy.Most)
        {
            var more = WorkTask.OneMore(tasks[0], tasks[^1].Strand + 1);
            db.Tasks.Add(more);
            round.AskOneMore();
            Record(AuditActs.ConsensusLabelerAsked, project.Id, [round.AssetId, more.Id], figures);
            return;
        }

        // 3
        var now = clock.GetUtcNow();
        var chosen = Best(labels, pairs);
        if (chosen is null)
        {
            tasks.ForEach(t => t.Settle(answered: false));
            round.Settle(null, false, false, now);
            Record(AuditActs.ConsensusSettled, project.Id, [round.AssetId], figures);
            return;
        }

        var last = await db.Labels.AsNoTracking().Where(l => l.AssetId == round.AssetId && l.Strand == 0).MaxAsync(l => (int?)l.Number, ct);
        chosen.Lead((last ?? 0) + 1);

        // 4
        var isUnder = threshold.Act || isUnsettled;
        var (sampling, waits) = await passage.GoOnAsync(project.PseudonymKey, tasks.Find(t => t.Id == chosen.TaskId)!, chosen.Id, now, ct, always: isUnder);
        var isBlocked = isUnder && !waits && rules.ConsensusBlocksDone;
        round.Settle(chosen.Id, isUnder && waits, isBlocked, now);
        if (!isBlocked) tasks.ForEach(t => t.Settle(answered: true));
        Record(AuditActs.ConsensusSettled, project.Id, [round.AssetId, chosen.Id, .. labels.Where(l => l != chosen).Select(l => l.Id)], new { figures, sampling });
        if (isUnder && waits) Record(AuditActs.ConsensusSentToReview, project.Id, [round.AssetId, chosen.Id], figures);
        if (isBlocked) Record(AuditActs.ConsensusBlocked, project.Id, [round.AssetId, chosen.Id], figures);
    }

    private async Task<List<PairAgreement>> PairsAsync(List<Label> labels, CancellationToken ct)
    {
        var ids = labels.ConvertAll(l => l.Id);
        var known = await db.LabelPairs.AsNoTracking().Where(p => ids.Contains(p.FirstLabelId)).ToDictionaryAsync(p => (p.FirstLabelId, p.SecondLabelId), ct);
        var result = new List<PairAgreement>();
        for (var i = 0; i < labels.Count; i++)
        {
            for (var j = i + 1; j < labels.Count; j++)
            {
                var (first, second) = (labels[i], labels[j]);
                if (!known.TryGetValue((first.Id, second.Id), out var pair))
                {
                    var (value, ontology) = await agreements.OfAsync(first, second, firstIsTruth: false, ct);
                    pair = LabelPair.Of(first, second, value, ontology);
                    db.LabelPairs.Add(pair);
                }

                if (pair.Agreement is { } agreement) result.Add(new PairAgreement(first.AssetId, first.AuthorId, second.AuthorId, agreement));
            }
        }

        return result;
    }

    /// <summary>The answer whose mean agreement with the others is the greatest; among equals the first by id, which says nothing of who it was.</summary>
    private static Label? Best(List<Label> labels, List<PairAgreement> pairs) =>
        labels.OrderByDescending(l => ConsensusScore.OfLabeler(l.AuthorId, pairs).Value ?? 0).ThenBy(l => l.Id.ToString(), StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The least certain of the single choices about the asset, by majority (<see cref="Settlement.ByMajority"/>); null when the ontology has none that anybody answered.</summary>
    private async Task<Settlement?> VotesAsync(List<Label> labels, StepConsensus policy, CancellationToken ct)
    {
        if (labels.Count == 0) return null;
        var ontology = await ontologies.FindAsync(db, labels[0].ProjectId, labels.Max(l => l.OntologyVersion), ct);
        var documents = labels.ConvertAll(LabelAgreements.Read);
        Settlement? least = null;
        foreach (var question in ontology.Questions.Where(q => SingleChoice.Contains(q.Kind) && q.Options.Count >= 2))
        {
            var chosen = documents.Select(d => (string?)d["answers"]?[question.Id]?[0]).OfType<string>().ToList();
            if (chosen.Count == 0) continue;
            var counts = question.Options.Keys.Select(o => chosen.Count(c => c == o)).ToList();
            var settlement = Settlement.ByMajority(counts, policy.Accuracy, policy.Confidence, policy.Labelers, policy.Most);
            if (least is null || (least.Settled && !settlement.Settled) || (least.Settled == settlement.Settled && settlement.Confidence < least.Confidence)) least = settlement;
        }

        return least;
    }

    private void Record(string act, Guid project, IEnumerable<Guid> subjects, object facts) => audit.RecordAs(ActorKind.System, null, act, project, subjects, facts);
}
