using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Draw = Hybrid.Quality.Sampling.Draw;

namespace Hybrid.ControlPlane.Features.Assets;

/// <summary>Shows an asset with every version of its label and every decision about it.</summary>
public static class ViewAsset
{
    internal static void Map(IEndpointRouteBuilder assets) => assets.MapGet("/{assetId:guid}", Endpoint).WithName(nameof(ViewAsset)).WithSummary("One asset with its history.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid assetId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Query(projectId, assetId), ct)).ToHttp();

    /// <summary>Which asset.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId, Guid AssetId) : IQuery<Response>, IInProject;

    /// <summary>The asset.</summary>
    public sealed record Response(Tasks.AssetView Asset, AssetStatus Status, IReadOnlyList<VersionItem> Versions, IReadOnlyList<ReviewItem> Reviews, IReadOnlyList<SamplingItem> Sampling, ConsensusItem? Consensus, HoneypotItem? Honeypot);

    /// <summary>One version of the label, or one of several answers. IsOwn: a version of the asset's own answer; else it was given for the purpose.</summary>
    public sealed record VersionItem(
        Guid Id, int Version, PersonRef? Author, DateTimeOffset CreatedAt, int Round, int Objects, long ActiveMs, LabelOrigin Origin, string Digest, int OntologyVersion, int? GuidelineVersion, bool IsOwn, TaskPurpose Purpose);

    /// <summary>Whether several people were asked, computed anew from what was logged, and what came of it.</summary>
    /// <param name="WorkflowVersion">In force.</param>
    /// <param name="PolicyVersion">In force.</param>
    /// <param name="Policy">In force.</param>
    /// <param name="Share">In force, 0 to 1.</param>
    /// <param name="Draw">In [0, 1).</param>
    /// <param name="Drawn">draw &lt; share.</param>
    /// <param name="Holds">Whether the inputs give this very draw again.</param>
    /// <param name="State">Where the answers stand.</param>
    /// <param name="Wanted">Answers that are wanted so far.</param>
    /// <param name="Compared">Answers that were compared.</param>
    /// <param name="Agreement">Their mean pairwise agreement, 0 to 1.</param>
    /// <param name="Confidence">Least confidence in a single choice.</param>
    /// <param name="Escalated">It went to review for it.</param>
    public sealed record ConsensusItem(
        int WorkflowVersion, int PolicyVersion, Workflows.ConsensusView? Policy, double Share, double Draw, bool Drawn, bool Holds, ConsensusState State, int Wanted, int Compared,
        double? Agreement, double? Confidence, bool Escalated);

    /// <summary>The asset's answer is known.</summary>
    public sealed record HoneypotItem(Guid Id, Guid TruthLabelId, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt, int Given);

    /// <summary>One decision.</summary>
    public sealed record ReviewItem(Guid LabelId, PersonRef? Reviewer, ReviewOutcome Outcome, string? Reason, int? Score, DateTimeOffset CreatedAt);

    /// <summary>What was decided when the asset arrived at a review step, computed anew from what was logged.</summary>
    /// <param name="StepId">The step.</param>
    /// <param name="Step">Its name then.</param>
    /// <param name="Round">From 1.</param>
    /// <param name="WorkflowVersion">In force.</param>
    /// <param name="PolicyVersion">In force.</param>
    /// <param name="Policy">In force.</param>
    /// <param name="ArrivedBefore">Assets that had arrived before, where the policy asks.</param>
    /// <param name="InWindow">Reviewed assets in the window, where the policy asks.</param>
    /// <param name="RollingAgreement">Their mean agreement.</param>
    /// <param name="Rate">In force, 0 to 1.</param>
    /// <param name="Draw">In [0, 1).</param>
    /// <param name="Reviewed">draw &lt; rate; else it passed as not sampled.</param>
    /// <param name="Holds">Whether the inputs give this very decision again.</param>
    /// <param name="Seed">The policy's seed in hexadecimal, for those who rule over the workflow.</param>
    /// <param name="At">When.</param>
    public sealed record SamplingItem(
        Guid StepId, string Step, int Round, int WorkflowVersion, int PolicyVersion, Workflows.SamplingView Policy, int? ArrivedBefore, int? InWindow, double? RollingAgreement,
        double Rate, double Draw, bool Reviewed, bool Holds, string? Seed, DateTimeOffset At);

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, PersonRefs people, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var asset = await db.Assets.AsNoTracking().SingleOrDefaultAsync(a => a.Id == query.AssetId && a.ProjectId == query.ProjectId, ct);
            if (asset is null) return RequestErrors.NotFound;
            var now = clock.GetUtcNow();
            var tasks = await db.Tasks.AsNoTracking().Where(t => t.AssetId == asset.Id).ToListAsync(ct);
            var newest = AssetStatuses.Telling(tasks, now);
            // Documents stay where they are: a listing never loads them.
            var labels = await db.Labels.AsNoTracking().Where(l => l.AssetId == asset.Id).OrderBy(l => l.Strand).ThenBy(l => l.Number)
                .Select(l => new { l.Id, l.Number, l.AuthorId, l.CreatedAt, l.Round, l.ObjectCount, l.ActiveMs, l.Origin, l.Digest, l.OntologyVersion, l.GuidelineVersion, l.Strand, l.TaskId }).ToListAsync(ct);
            var reviews = await db.Reviews.AsNoTracking().Where(r => r.AssetId == asset.Id).OrderBy(r => r.CreatedAt).ToListAsync(ct);
            var decisions = await (
                from d in db.SamplingDecisions.AsNoTracking()
                join s in db.WorkflowSteps.AsNoTracking() on new { Id = d.StepId, d.WorkflowVersion } equals new { s.Id, s.WorkflowVersion }
                where d.AssetId == asset.Id
                orderby d.Round, s.Position
                select new { Decision = d, Step = s }).ToListAsync(ct);
            var consensus = await (
                from c in db.ConsensusRounds.AsNoTracking()
                join s in db.WorkflowSteps.AsNoTracking() on new { Id = c.StepId, c.WorkflowVersion } equals new { s.Id, s.WorkflowVersion }
                where c.AssetId == asset.Id
                orderby c.Round descending
                select new { Round = c, Step = s }).FirstOrDefaultAsync(ct);
            var honeypot = await db.Honeypots.AsNoTracking().SingleOrDefaultAsync(h => h.ProjectId == query.ProjectId && h.AssetId == asset.Id, ct);
            var here = access.Here!;
            var showsSeed = AccessTable.Allows(here.Role, Acts.WorkflowManage);
            var refs = await people.OfAsync(labels.Select(l => l.AuthorId).Concat(reviews.Select(r => r.ReviewerId)), ct);
            return new Response(
                Tasks.AssetView.Of(asset), AssetStatuses.Of(newest, now),
                [.. labels.Select(l => new VersionItem(l.Id, l.Number, refs.GetValueOrDefault(l.AuthorId), people.TimeOf(l.CreatedAt), l.Round, l.ObjectCount, l.ActiveMs, l.Origin, Convert.ToHexStringLower(l.Digest), l.OntologyVersion, l.GuidelineVersion,
                    l.Strand == 0, tasks.Find(t => t.Id == l.TaskId)?.Purpose ?? TaskPurpose.Ordinary))],
                [.. reviews.Select(r => new ReviewItem(r.LabelId, refs.GetValueOrDefault(r.ReviewerId), r.Outcome, r.Reason, r.Score, people.TimeOf(r.CreatedAt)))],
                [.. decisions.Select(d => SamplingOf(d.Decision, d.Step, here.PseudonymKey, showsSeed))],
                consensus is null ? null : ConsensusOf(consensus.Round, consensus.Step, here.PseudonymKey),
                honeypot is null ? null : new HoneypotItem(honeypot.Id, honeypot.TruthLabelId, people.TimeOf(honeypot.CreatedAt), honeypot.RetiredAt, honeypot.Given));
        }

        private static ConsensusItem ConsensusOf(ConsensusRound c, WorkflowStep step, byte[] key)
        {
            var again = Draw.Of(Workflow.ConsensusSeed(key, c.StepId, c.PolicyVersion), c.AssetId, c.StepId, c.Round);
            return new ConsensusItem(
                c.WorkflowVersion, c.PolicyVersion, Workflows.ConsensusView.Of(step), c.Share, c.Draw, c.State != ConsensusState.NotDrawn,
                again == c.Draw && c.Draw < c.Share == (c.State != ConsensusState.NotDrawn) && c.Share == step.ConsensusShare && c.PolicyVersion == step.ConsensusVersion,
                c.State, c.Wanted, c.Answers, c.Agreement, c.Confidence, c.Escalated);
        }

        private SamplingItem SamplingOf(SamplingDecision d, WorkflowStep step, byte[] key, bool showsSeed)
        {
            var again = Tasks.SamplingRule.Decide(key, step, d.AssetId, d.Round, new SamplingInputs(d.ArrivedBefore, d.Reviewed, d.RollingAgreement));
            return new SamplingItem(
                d.StepId, step.Name, d.Round, d.WorkflowVersion, d.PolicyVersion, Workflows.SamplingView.Of(step), d.ArrivedBefore, d.Reviewed, d.RollingAgreement,
                d.Rate, d.Draw, d.IsDrawn, again == new SamplingOutcome(d.Rate, d.Draw, d.IsDrawn) && d.PolicyVersion == step.SamplingVersion,
                showsSeed ? Convert.ToHexStringLower(Workflow.SamplingSeed(key, d.StepId, d.PolicyVersion)) : null, people.TimeOf(d.DecidedAt));
        }
    }
}
