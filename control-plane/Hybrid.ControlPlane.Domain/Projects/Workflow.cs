using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hybrid.ControlPlane.Domain.Projects;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>Makes the label.</summary>
    Labeling = 0,

    /// <summary>Judges it.</summary>
    Review = 1,
}

/// <summary>How the assets that a review step sees are chosen (workflow-and-quality.md § Workflow 4).</summary>
public enum SamplingKind
{
    /// <summary>Always the same rate.</summary>
    Fixed = 0,

    /// <summary>The first N all, then a rate.</summary>
    WarmUp = 1,

    /// <summary>The first N all, then a low rate while agreement holds, else all.</summary>
    Adaptive = 2,
}

/// <summary>A review step's sampling policy.</summary>
/// <param name="Kind">Which policy.</param>
/// <param name="Rate">0 to 1: of <see cref="SamplingKind.Fixed"/> always, of the others after the first N.</param>
/// <param name="First">N, 0 for <see cref="SamplingKind.Fixed"/>.</param>
/// <param name="Window">W: over how many reviewed assets agreement is taken; 0 unless <see cref="SamplingKind.Adaptive"/>.</param>
/// <param name="Threshold">Of that agreement, 0 to 1; 0 unless <see cref="SamplingKind.Adaptive"/>.</param>
/// <param name="Minimum">Reviewed assets below which the low rate is not taken; 0 unless <see cref="SamplingKind.Adaptive"/>.</param>
public sealed record StepSampling(SamplingKind Kind, double Rate, int First = 0, int Window = 0, double Threshold = 0, int Minimum = 0)
{
    /// <summary>Every asset is reviewed.</summary>
    public static readonly StepSampling Everything = new(SamplingKind.Fixed, 1);
}

/// <summary>How many people answer independently, and when they agree enough (workflow-and-quality.md § Workflow 2); of the labeling step alone.</summary>
/// <param name="Labelers">k, 2 to 5; 1 = there is no consensus.</param>
/// <param name="Share">Of the assets, 0 to 1, drawn as sampling is.</param>
/// <param name="Threshold">Mean pairwise agreement, 0 to 1, under which an asset goes to review whatever the sampling said.</param>
/// <param name="Most">Where it is above <paramref name="Labelers"/>, one more is asked as long as the answer is not settled, up to so many; at most 5.</param>
/// <param name="Confidence">From which on a single choice is settled, 0 to 1; 0 unless one more may be asked.</param>
/// <param name="Accuracy">How often a labeler is right, above 0.5 and below 1, which the confidence rests on; 0 unless one more may be asked.</param>
public sealed record StepConsensus(int Labelers, double Share, double Threshold, int Most, double Confidence = 0, double Accuracy = 0)
{
    /// <summary>Most labelers of one asset.</summary>
    public const int MostLabelers = 5;

    /// <summary>One labeler for each asset.</summary>
    public static readonly StepConsensus None = new(1, 0, 0, 1);

    /// <summary>Whether anything is drawn.</summary>
    public bool IsOn => Labelers > 1;

    /// <summary>Whether one more may be asked.</summary>
    public bool IsAdaptive => Most > Labelers;
}

/// <summary>One step of one version of a project's workflow, in order of <see cref="Position"/>.</summary>
public sealed class WorkflowStep : IBelongsToProject
{
    private WorkflowStep() => Name = "";

    /// <summary>Identifier; the same step keeps it through versions.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The workflow version that this row belongs to, from 1.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>Place in the order, from 0 (the labeling step).</summary>
    public int Position { get; private set; }

    /// <summary>What the step does.</summary>
    public StepKind Kind { get; private set; }

    /// <summary>Display name.</summary>
    public string Name { get; private set; }

    /// <summary>Only <see cref="WorkflowStepMember"/>s of this version work on it; else everyone with the role.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Which sampling policy a review step has.</summary>
    public SamplingKind SamplingKind { get; private set; }

    /// <summary><see cref="StepSampling.Rate"/>.</summary>
    public double SamplingRate { get; private set; } = 1;

    /// <summary><see cref="StepSampling.First"/>.</summary>
    public int SamplingFirst { get; private set; }

    /// <summary><see cref="StepSampling.Window"/>.</summary>
    public int SamplingWindow { get; private set; }

    /// <summary><see cref="StepSampling.Threshold"/>.</summary>
    public double SamplingThreshold { get; private set; }

    /// <summary><see cref="StepSampling.Minimum"/>.</summary>
    public int SamplingMinimum { get; private set; }

    /// <summary>The policy's version: the workflow version that brought it. A version that leaves the policy as it is keeps it, and its draws.</summary>
    public int SamplingVersion { get; private set; } = 1;

    /// <summary>The sampling policy; of a labeling step without meaning.</summary>
    public StepSampling Sampling => new(SamplingKind, SamplingRate, SamplingFirst, SamplingWindow, SamplingThreshold, SamplingMinimum);

    /// <summary><see cref="StepConsensus.Labelers"/>.</summary>
    public int ConsensusLabelers { get; private set; } = 1;

    /// <summary><see cref="StepConsensus.Share"/>.</summary>
    public double ConsensusShare { get; private set; }

    /// <summary><see cref="StepConsensus.Threshold"/>.</summary>
    public double ConsensusThreshold { get; private set; }

    /// <summary><see cref="StepConsensus.Most"/>.</summary>
    public int ConsensusMost { get; private set; } = 1;

    /// <summary><see cref="StepConsensus.Confidence"/>.</summary>
    public double ConsensusConfidence { get; private set; }

    /// <summary><see cref="StepConsensus.Accuracy"/>.</summary>
    public double ConsensusAccuracy { get; private set; }

    /// <summary>The consensus policy's version, as <see cref="SamplingVersion"/>.</summary>
    public int ConsensusVersion { get; private set; } = 1;

    /// <summary>The consensus policy; of a review step without meaning.</summary>
    public StepConsensus Consensus => new(ConsensusLabelers, ConsensusShare, ConsensusThreshold, ConsensusMost, ConsensusConfidence, ConsensusAccuracy);

    /// <summary>Makes a step of a project's current workflow version, open to everyone with the role, reviewing everything.</summary>
    public static WorkflowStep Create(Project project, int position, StepKind kind, string name) =>
        Create(project, position, kind, name, false, StepSampling.Everything, null);

    /// <summary>Makes a step of a project's current workflow version.</summary>
    /// <param name="project">The project.</param>
    /// <param name="position">From 0.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="name">1–100 characters.</param>
    /// <param name="isNamed">Whether it is for named members alone.</param>
    /// <param name="sampling">Its policy.</param>
    /// <param name="before">The same step in the version before, whose identity it keeps; null for a new one.</param>
    /// <param name="consensus">Of the labeling step; null = one labeler for each asset.</param>
    public static WorkflowStep Create(
        Project project, int position, StepKind kind, string name, bool isNamed, StepSampling sampling, WorkflowStep? before, StepConsensus? consensus = null)
    {
        consensus ??= StepConsensus.None;
        return new WorkflowStep
        {
            Id = before?.Id ?? Guid.CreateVersion7(),
            OrganizationId = project.OrganizationId,
            ProjectId = project.Id,
            WorkflowVersion = project.WorkflowVersion,
            Position = position,
            Kind = kind,
            Name = name,
            IsNamed = isNamed,
            SamplingKind = sampling.Kind,
            SamplingRate = sampling.Rate,
            SamplingFirst = sampling.First,
            SamplingWindow = sampling.Window,
            SamplingThreshold = sampling.Threshold,
            SamplingMinimum = sampling.Minimum,
            SamplingVersion = before?.Sampling == sampling ? before.SamplingVersion : project.WorkflowVersion,
            ConsensusLabelers = consensus.Labelers,
            ConsensusShare = consensus.Share,
            ConsensusThreshold = consensus.Threshold,
            ConsensusMost = consensus.Most,
            ConsensusConfidence = consensus.Confidence,
            ConsensusAccuracy = consensus.Accuracy,
            ConsensusVersion = before?.Consensus == consensus ? before.ConsensusVersion : project.WorkflowVersion,
        };
    }
}

/// <summary>One who may work on a step that is for named members alone.</summary>
public sealed class WorkflowStepMember : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The step.</summary>
    public Guid StepId { get; private set; }

    /// <summary>In which version.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Names a person at a step.</summary>
    public static WorkflowStepMember Of(WorkflowStep step, Guid person) => new()
    {
        OrganizationId = step.OrganizationId,
        ProjectId = step.ProjectId,
        StepId = step.Id,
        WorkflowVersion = step.WorkflowVersion,
        PersonId = person,
    };
}

/// <summary>The rules of an ordered list of steps.</summary>
public static class Workflow
{
    /// <summary>Most review steps of a version.</summary>
    public const int MaxReviewSteps = 5;

    /// <summary>The steps of the version in force that an asset goes to next, in order, once it leaves a step.</summary>
    /// <param name="entered">The version that it entered the step with, in any order.</param>
    /// <param name="inForce">The version in force now, in any order; may be the same.</param>
    /// <param name="stepId">The step that it leaves.</param>
    /// <remarks>
    /// An asset finishes the step it is in under the version that it entered it with, and goes on under the one in force: behind the last
    /// step that it has passed and that still stands. What it has passed already it does not pass again in this round.
    /// </remarks>
    public static IReadOnlyList<WorkflowStep> Following(IEnumerable<WorkflowStep> entered, IEnumerable<WorkflowStep> inForce, Guid stepId)
    {
        var old = entered.OrderBy(s => s.Position).ToList();
        var at = old.Single(s => s.Id == stepId).Position;
        var passed = old.Where(s => s.Position <= at).Select(s => s.Id).ToHashSet();
        var now = inForce.OrderBy(s => s.Position).ToList();
        var last = old.Where(s => s.Position <= at).Select(s => now.FindIndex(n => n.Id == s.Id)).LastOrDefault(found => found >= 0);
        return [.. now.Skip(last + 1).Where(s => s.Kind == StepKind.Review && !passed.Contains(s.Id))];
    }

    /// <summary>The seed of a step's sampling policy: 256 bits, other for every step and every version of its policy.</summary>
    /// <param name="projectKey">The project's key.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="policyVersion">The version of its policy.</param>
    /// <remarks>HMAC-SHA256 (RFC 2104) of 36 bytes: the ASCII of <c>hybrid.sampling1</c>, the step's id in the order of RFC 9562, the version as 4 bytes, big-endian.</remarks>
    public static byte[] SamplingSeed(ReadOnlySpan<byte> projectKey, Guid stepId, int policyVersion) => Seed(projectKey, "hybrid.sampling1"u8, stepId, policyVersion);

    /// <summary>The seed of the labeling step's consensus policy, made as <see cref="SamplingSeed"/> with the ASCII of <c>hybrid.consensus</c>.</summary>
    /// <param name="projectKey">The project's key.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="policyVersion">The version of its policy.</param>
    public static byte[] ConsensusSeed(ReadOnlySpan<byte> projectKey, Guid stepId, int policyVersion) => Seed(projectKey, "hybrid.consensus"u8, stepId, policyVersion);

    /// <summary>The seed of a project's honeypots, made as <see cref="SamplingSeed"/> with the ASCII of <c>hybrid.honeypots</c>.</summary>
    /// <param name="projectKey">The project's key.</param>
    /// <param name="stepId">The labeling step.</param>
    public static byte[] HoneypotSeed(ReadOnlySpan<byte> projectKey, Guid stepId) => Seed(projectKey, "hybrid.honeypots"u8, stepId, 1);

    private static byte[] Seed(ReadOnlySpan<byte> projectKey, ReadOnlySpan<byte> use, Guid stepId, int policyVersion)
    {
        Span<byte> message = stackalloc byte[36];
        use.CopyTo(message);
        stepId.TryWriteBytes(message[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(message[32..], policyVersion);
        return HMACSHA256.HashData(projectKey, message);
    }
}
