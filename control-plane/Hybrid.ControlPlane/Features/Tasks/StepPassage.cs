using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Quality.Sampling;
using Microsoft.EntityFrameworkCore;
using SamplingDecision = Hybrid.ControlPlane.Domain.Tasks.SamplingDecision;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>
/// Where an asset goes when a task of it is done: to the first following review step whose sampling draws it. Every decision on the way is
/// kept with its inputs; what is not drawn passes as not sampled.
/// </summary>
internal sealed class StepPassage(ControlPlaneDb db)
{
    // The steps of both versions and what their policies ask for, in one answer: a submit has no round trip to spare.
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, int, IAsyncEnumerable<Ahead>>> StepsAhead = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid project, int entered) =>
            from p in db.Projects.AsNoTracking()
            join s in db.WorkflowSteps.AsNoTracking() on p.Id equals s.ProjectId
            where p.Id == project && (s.WorkflowVersion == p.WorkflowVersion || s.WorkflowVersion == entered)
            select new Ahead(
                s, p.WorkflowVersion,
                s.SamplingKind == SamplingKind.Fixed
                    ? null
                    : db.SamplingDecisions.Where(d => d.StepId == s.Id && d.PolicyVersion == s.SamplingVersion && d.ArrivedBefore != null).Max(d => d.ArrivedBefore) + 1 >= s.SamplingFirst
                        ? db.SamplingDecisions.Where(d => d.StepId == s.Id && d.PolicyVersion == s.SamplingVersion && d.ArrivedBefore != null).Max(d => d.ArrivedBefore) + 1
                        : db.SamplingDecisions.Count(d => d.StepId == s.Id && d.PolicyVersion == s.SamplingVersion && d.ArrivedBefore < s.SamplingFirst))));

    private static readonly HotQuery<Func<ControlPlaneDb, Guid, int, IAsyncEnumerable<double>>> LastAgreements = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid step, int window) => db.Reviews.AsNoTracking()
            .Where(r => r.StepId == step && r.Agreement != null).OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(window).Select(r => r.Agreement!.Value)));

    /// <summary>Lets the asset of a finished task go on.</summary>
    /// <param name="projectKey">The project's key.</param>
    /// <param name="task">The task.</param>
    /// <param name="labelId">The label that it brings.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="always">Whether the first review step looks at it whatever the sampling says.</param>
    /// <returns>What was decided, for the audit entry (empty behind the last step), and whether the asset waits for a reviewer.</returns>
    public async Task<(IReadOnlyList<object> Log, bool Waits)> GoOnAsync(byte[] projectKey, WorkTask task, Guid labelId, DateTimeOffset now, CancellationToken ct, bool always = false)
    {
        var rows = await StepsAhead.In(db)(db, task.ProjectId, task.WorkflowVersion).ToListAsync(ct);
        var following = Workflow.Following(
            rows.Where(r => r.Step.WorkflowVersion == task.WorkflowVersion).Select(r => r.Step),
            rows.Where(r => r.Step.WorkflowVersion == r.InForce).Select(r => r.Step), task.StepId);
        var log = new List<object>();
        foreach (var step in following)
        {
            var inputs = await InputsAsync(step, rows.First(r => r.Step == step).Arrived, ct);
            var outcome = SamplingRule.Decide(projectKey, step, task.AssetId, task.Round, inputs);
            db.SamplingDecisions.Add(SamplingDecision.Create(step, task.AssetId, task.Round, inputs, outcome, labelId, now));
            log.Add(new { step = step.Id, policy = step.SamplingVersion, rate = outcome.Rate, draw = outcome.Draw, reviewed = outcome.IsDrawn });
            if (!outcome.IsDrawn && !always) continue;
            db.Tasks.Add(WorkTask.GoOn(step, task, labelId, now));
            return (log, true);
        }

        return (log, false);
    }

    /// <summary>
    /// Where an asset goes that comes back for another round: the labeling step in force, and who gets it before all else. That is whoever made
    /// the last answer at that step, since a reviewer's correction in between is not the labeler's; null where the project gives it to whoever is next.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="asset">The asset.</param>
    /// <param name="number">Of the label version that comes back: later ones do not count.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(WorkflowStep Labeling, Guid? Labeler)> WayBackAsync(Guid project, Guid asset, int number, CancellationToken ct)
    {
        var way = await (
            from p in db.Projects.AsNoTracking()
            join s in db.WorkflowSteps.AsNoTracking() on new { p.Id, p.WorkflowVersion } equals new { Id = s.ProjectId, s.WorkflowVersion }
            where p.Id == project && s.Position == 0
            select new { Step = s, p.SendsBackToQueue }).SingleAsync(ct);
        if (way.SendsBackToQueue) return (way.Step, null);
        return (way.Step, await db.Labels.AsNoTracking().Where(l => l.AssetId == asset && l.Strand == 0 && l.Number <= number && l.StepId == way.Step.Id)
            .OrderByDescending(l => l.Number).Select(l => (Guid?)l.AuthorId).FirstOrDefaultAsync(ct));
    }

    /// <summary>Opens a finished asset again, with its own newest answer, on the way back that its project gives.</summary>
    /// <param name="newest">Its last task.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The task that waits now.</returns>
    public async Task<WorkTask> ReopenAsync(WorkTask newest, DateTimeOffset now, CancellationToken ct)
    {
        var own = await db.Labels.AsNoTracking().Where(l => l.AssetId == newest.AssetId && l.Strand == 0).OrderByDescending(l => l.Number).Select(l => (Guid?)l.Id).FirstOrDefaultAsync(ct);
        var (labeling, labeler) = await WayBackAsync(newest.ProjectId, newest.AssetId, int.MaxValue, ct);
        var task = WorkTask.Reopen(labeling, newest, own, labeler, now);
        db.Tasks.Add(task);
        return task;
    }

    private async Task<SamplingInputs> InputsAsync(WorkflowStep step, int? arrived, CancellationToken ct)
    {
        if (step.SamplingKind != SamplingKind.Adaptive || arrived < step.SamplingFirst) return new SamplingInputs(arrived, null, null);
        var last = await LastAgreements.In(db)(db, step.Id, step.SamplingWindow).ToListAsync(ct);
        return new SamplingInputs(arrived, last.Count, SamplingRule.MeanOf(last));
    }

    private sealed record Ahead(WorkflowStep Step, int InForce, int? Arrived);
}

/// <summary>The sampling policy of a step as the pure functions of <c>Hybrid.Quality</c> know it.</summary>
internal static class SamplingRule
{
    /// <summary>Decides; the same inputs decide the same.</summary>
    /// <param name="projectKey">The project's key.</param>
    /// <param name="step">The step.</param>
    /// <param name="assetId">The asset.</param>
    /// <param name="round">From 1.</param>
    /// <param name="inputs">What the policy looks at.</param>
    public static SamplingOutcome Decide(ReadOnlySpan<byte> projectKey, WorkflowStep step, Guid assetId, int round, SamplingInputs inputs)
    {
        var decision = Hybrid.Quality.Sampling.SamplingDecision.Decide(
            Workflow.SamplingSeed(projectKey, step.Id, step.SamplingVersion), assetId, step.Id, round, step.SamplingVersion, PolicyOf(step.Sampling),
            new SamplingState(inputs.ArrivedBefore ?? 0, inputs.Reviewed ?? 0, inputs.RollingAgreement));
        return new SamplingOutcome(decision.Rate, decision.Draw, decision.Reviewed);
    }

    /// <summary>The mean in rising order, so that the same values give the same last digit; null without any.</summary>
    /// <param name="agreements">Each 0 to 1.</param>
    public static double? MeanOf(IReadOnlyCollection<double> agreements) => agreements.Count == 0 ? null : agreements.Order().Sum() / agreements.Count;

    private static SamplingPolicy PolicyOf(StepSampling s) => s.Kind switch
    {
        SamplingKind.WarmUp => new SamplingPolicy.WarmUp(s.First, s.Rate),
        SamplingKind.Adaptive => new SamplingPolicy.Adaptive(s.First, s.Rate, s.Window, s.Threshold, s.Minimum),
        _ => new SamplingPolicy.Fixed(s.Rate),
    };
}
