using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Tasks;

/// <summary>What was decided, once, when an asset arrived at a review step, with all that it rests on: whoever holds the seed computes it anew.</summary>
public sealed class SamplingDecision : IBelongsToProject
{
    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The step.</summary>
    public Guid StepId { get; private set; }

    /// <summary>The round, from 1.</summary>
    public int Round { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The workflow version in force.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>The version of the step's policy in force (<see cref="WorkflowStep.SamplingVersion"/>).</summary>
    public int PolicyVersion { get; private set; }

    /// <summary>Assets that had arrived under this policy before; null when the policy does not ask. Of assets that arrive at the same moment none counts the others.</summary>
    public int? ArrivedBefore { get; private set; }

    /// <summary>Reviewed assets in the window; null when the policy does not ask.</summary>
    public int? Reviewed { get; private set; }

    /// <summary>Their mean agreement before and after review; null without any.</summary>
    public double? RollingAgreement { get; private set; }

    /// <summary>The rate in force, 0 to 1.</summary>
    public double Rate { get; private set; }

    /// <summary>In [0, 1).</summary>
    public double Draw { get; private set; }

    /// <summary>draw &lt; rate: the asset is reviewed; else it passes as not sampled.</summary>
    public bool IsDrawn { get; private set; }

    /// <summary>The label that arrived.</summary>
    public Guid LabelId { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; private set; }

    /// <summary>Records a decision.</summary>
    public static SamplingDecision Create(WorkflowStep step, Guid assetId, int round, SamplingInputs inputs, SamplingOutcome outcome, Guid labelId, DateTimeOffset now) => new()
    {
        AssetId = assetId,
        StepId = step.Id,
        Round = round,
        OrganizationId = step.OrganizationId,
        ProjectId = step.ProjectId,
        WorkflowVersion = step.WorkflowVersion,
        PolicyVersion = step.SamplingVersion,
        ArrivedBefore = inputs.ArrivedBefore,
        Reviewed = inputs.Reviewed,
        RollingAgreement = inputs.RollingAgreement,
        Rate = outcome.Rate,
        Draw = outcome.Draw,
        IsDrawn = outcome.IsDrawn,
        LabelId = labelId,
        DecidedAt = now,
    };
}

/// <summary>What the policy looked at.</summary>
/// <param name="ArrivedBefore">Assets that had arrived before; null when the policy does not ask.</param>
/// <param name="Reviewed">Reviewed assets in the window; null when the policy does not ask.</param>
/// <param name="RollingAgreement">Their mean agreement, or null.</param>
public sealed record SamplingInputs(int? ArrivedBefore, int? Reviewed, double? RollingAgreement);

/// <summary>What came of it.</summary>
/// <param name="Rate">In force, 0 to 1.</param>
/// <param name="Draw">In [0, 1).</param>
/// <param name="IsDrawn">draw &lt; rate.</param>
public sealed record SamplingOutcome(double Rate, double Draw, bool IsDrawn);
