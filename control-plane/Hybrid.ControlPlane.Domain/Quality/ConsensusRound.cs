using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Quality;

/// <summary>Where the answers of several people stand.</summary>
public enum ConsensusState
{
    /// <summary>The asset was not drawn: one person answers.</summary>
    NotDrawn = 0,

    /// <summary>Answers are waited for.</summary>
    Gathering = 1,

    /// <summary>They were compared, and one of them is the asset's answer.</summary>
    Settled = 2,

    /// <summary>They were compared and lie under the threshold, no step reviews them, and the project lets nothing be done so.</summary>
    Blocked = 3,

    /// <summary>Everybody skipped it.</summary>
    Skipped = 4,
}

/// <summary>
/// Whether several people are asked for an asset, decided once when it arrived at the labeling step and kept with all that the draw rests on
/// (as <see cref="Tasks.SamplingDecision"/>); and what came of their answers.
/// </summary>
public sealed class ConsensusRound : IBelongsToProject
{
    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The labeling step.</summary>
    public Guid StepId { get; private set; }

    /// <summary>The round, from 1.</summary>
    public int Round { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The workflow version in force.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>The version of the step's policy in force (<see cref="WorkflowStep.ConsensusVersion"/>).</summary>
    public int PolicyVersion { get; private set; }

    /// <summary>In force, 0 to 1.</summary>
    public double Share { get; private set; }

    /// <summary>In [0, 1).</summary>
    public double Draw { get; private set; }

    /// <summary>How many answers are wanted so far; 1 when it was not drawn.</summary>
    public int Wanted { get; private set; }

    /// <summary>When it was drawn.</summary>
    public DateTimeOffset DecidedAt { get; private set; }

    /// <summary>Where it stands.</summary>
    public ConsensusState State { get; private set; }

    /// <summary>Answers that were compared.</summary>
    public int Answers { get; private set; }

    /// <summary>Their mean pairwise agreement, 0 to 1; null without a pair that can be compared.</summary>
    public double? Agreement { get; private set; }

    /// <summary>Least confidence in a single choice, 0 to 1; null where the policy asks nobody more, or there is no such question.</summary>
    public double? Confidence { get; private set; }

    /// <summary>The label that is the asset's answer.</summary>
    public Guid? ChosenLabelId { get; private set; }

    /// <summary>It went to review because its agreement lies under the threshold, or was never settled.</summary>
    public bool Escalated { get; private set; }

    /// <summary>When they were compared.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Records a draw.</summary>
    /// <param name="step">The labeling step.</param>
    /// <param name="assetId">The asset.</param>
    /// <param name="draw">In [0, 1).</param>
    /// <param name="now">When.</param>
    public static ConsensusRound Begin(WorkflowStep step, Guid assetId, double draw, DateTimeOffset now) => new()
    {
        AssetId = assetId,
        StepId = step.Id,
        Round = 1,
        OrganizationId = step.OrganizationId,
        ProjectId = step.ProjectId,
        WorkflowVersion = step.WorkflowVersion,
        PolicyVersion = step.ConsensusVersion,
        Share = step.ConsensusShare,
        Draw = draw,
        Wanted = draw < step.ConsensusShare ? step.ConsensusLabelers : 1,
        State = draw < step.ConsensusShare ? ConsensusState.Gathering : ConsensusState.NotDrawn,
        DecidedAt = now,
    };

    /// <summary>One more is asked.</summary>
    public void AskOneMore() => Wanted++;

    /// <summary>The answers so far, compared.</summary>
    public void Measure(int answers, double? agreement, double? confidence) => (Answers, Agreement, Confidence) = (answers, agreement, confidence);

    /// <summary>One of them is the asset's answer.</summary>
    public void Settle(Guid? chosen, bool escalated, bool blocked, DateTimeOffset now)
    {
        State = chosen is null ? ConsensusState.Skipped : blocked ? ConsensusState.Blocked : ConsensusState.Settled;
        (ChosenLabelId, Escalated, SettledAt) = (chosen, escalated, now);
    }
}

/// <summary>Agreement of two people's labels of one asset: what consensus figures and the matrix of people rest on.</summary>
public sealed class LabelPair : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The one label; its id sorts before the other's.</summary>
    public Guid FirstLabelId { get; private set; }

    /// <summary>The other.</summary>
    public Guid SecondLabelId { get; private set; }

    /// <summary>Who made the one.</summary>
    public Guid FirstPersonId { get; private set; }

    /// <summary>Who made the other.</summary>
    public Guid SecondPersonId { get; private set; }

    /// <summary>0 to 1; null when nothing in them can be compared.</summary>
    public double? Agreement { get; private set; }

    /// <summary>The ontology version that they were compared under.</summary>
    public int OntologyVersion { get; private set; }

    /// <summary>Keeps an agreement.</summary>
    public static LabelPair Of(Labels.Label first, Labels.Label second, double? agreement, int ontology) => new()
    {
        OrganizationId = first.OrganizationId,
        ProjectId = first.ProjectId,
        AssetId = first.AssetId,
        FirstLabelId = first.Id,
        SecondLabelId = second.Id,
        FirstPersonId = first.AuthorId,
        SecondPersonId = second.AuthorId,
        Agreement = agreement,
        OntologyVersion = ontology,
    };

    /// <summary>Takes what was computed anew; false when it is the same.</summary>
    public bool Correct(double? agreement, int ontology)
    {
        if (Agreement == agreement && OntologyVersion == ontology) return false;
        (Agreement, OntologyVersion) = (agreement, ontology);
        return true;
    }
}
