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

/// <summary>One step of the version in force.</summary>
/// <param name="Id">The same through versions.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Name">1–100 characters.</param>
/// <param name="People">Those who may work on it; null = everyone with the role.</param>
/// <param name="Sampling">Its policy; null at the labeling step.</param>
/// <param name="PolicyVersion">The policy's version, which draws depend on; null at the labeling step.</param>
/// <param name="Seed">The policy's seed in hexadecimal, for whoever computes draws anew; null at the labeling step.</param>
public sealed record WorkflowStepView(Guid Id, StepKind Kind, string Name, IReadOnlyList<PersonRef>? People, SamplingView? Sampling, int? PolicyVersion, string? Seed);
