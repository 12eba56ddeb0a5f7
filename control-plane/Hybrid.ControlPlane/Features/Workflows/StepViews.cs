using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.People;

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>A review step's sampling policy (workflow-and-quality.md § Workflow 4).</summary>
/// <param name="Kind">Which policy.</param>
/// <param name="Rate">0 to 1; of warm-up and adaptive: after the first N.</param>
/// <param name="First">N, for warm-up and adaptive.</param>
/// <param name="Window">W, for adaptive.</param>
/// <param name="Threshold">Of the rolling agreement, 0 to 1, for adaptive.</param>
/// <param name="Minimum">Reviewed assets below which the low rate is not taken, for adaptive.</param>
public sealed record SamplingView(SamplingKind Kind, double Rate, int? First, int? Window, double? Threshold, int? Minimum)
{
    internal static SamplingView Of(WorkflowStep step) => step.SamplingKind switch
    {
        SamplingKind.Fixed => new SamplingView(step.SamplingKind, step.SamplingRate, null, null, null, null),
        SamplingKind.WarmUp => new SamplingView(step.SamplingKind, step.SamplingRate, step.SamplingFirst, null, null, null),
        _ => new SamplingView(step.SamplingKind, step.SamplingRate, step.SamplingFirst, step.SamplingWindow, step.SamplingThreshold, step.SamplingMinimum),
    };

    /// <summary>The policy; what its kind does not use is left out, so that it compares equal.</summary>
    internal StepSampling ToSampling() => Kind switch
    {
        SamplingKind.Fixed => new StepSampling(Kind, Rate),
        SamplingKind.WarmUp => new StepSampling(Kind, Rate, First ?? 0),
        _ => new StepSampling(Kind, Rate, First ?? 0, Window ?? 0, Threshold ?? 0, Minimum ?? 1),
    };
}

/// <summary>How many people answer independently for one asset, and when they agree enough (workflow-and-quality.md § Workflow 2).</summary>
/// <param name="Labelers">2 to 5.</param>
/// <param name="Share">Of the assets, 0 to 1.</param>
/// <param name="Threshold">Mean pairwise agreement, 0 to 1, under which an asset goes to review.</param>
/// <param name="Most">One more is asked as long as the answer is not settled, up to so many; null = nobody more.</param>
/// <param name="Confidence">From which on a single choice is settled, 0.5 to 1, where one more may be asked.</param>
/// <param name="Accuracy">How often a labeler is right, above 0.5 and below 1, which the confidence rests on.</param>
public sealed record ConsensusView(int Labelers, double Share, double Threshold, int? Most, double? Confidence, double? Accuracy)
{
    internal static ConsensusView? Of(WorkflowStep step) => step.Consensus is not { IsOn: true } c ? null
        : c.IsAdaptive ? new ConsensusView(c.Labelers, c.Share, c.Threshold, c.Most, c.Confidence, c.Accuracy)
        : new ConsensusView(c.Labelers, c.Share, c.Threshold, null, null, null);

    /// <summary>The policy; what it does not use is left out, so that it compares equal.</summary>
    internal StepConsensus ToConsensus() => Most > Labelers
        ? new StepConsensus(Labelers, Share, Threshold, Most.Value, Confidence ?? 0, Accuracy ?? 0)
        : new StepConsensus(Labelers, Share, Threshold, Labelers);
}

/// <summary>One step of the version in force.</summary>
/// <param name="Id">The same through versions.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Name">1–100 characters.</param>
/// <param name="People">Those who may work on it; null = everyone with the role.</param>
/// <param name="Sampling">Its policy; null at the labeling step.</param>
/// <param name="PolicyVersion">The version of its sampling or consensus policy, which draws depend on; null where nothing is drawn.</param>
/// <param name="Seed">The seed of its sampling or consensus policy in hexadecimal, for whoever computes draws anew; null where nothing is drawn.</param>
/// <param name="Consensus">The labeling step's, null where one person answers for each asset.</param>
public sealed record WorkflowStepView(Guid Id, StepKind Kind, string Name, IReadOnlyList<PersonRef>? People, SamplingView? Sampling, int? PolicyVersion, string? Seed, ConsensusView? Consensus);
