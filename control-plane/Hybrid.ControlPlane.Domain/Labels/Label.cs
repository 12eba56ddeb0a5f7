using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Domain.Labels;

/// <summary>How a label version came to be.</summary>
public enum LabelOrigin
{
    /// <summary>A person at the labeling step.</summary>
    Human = 0,

    /// <summary>A model.</summary>
    Model = 1,

    /// <summary>Came with the asset.</summary>
    Import = 2,

    /// <summary>A reviewer corrected it.</summary>
    ReviewCorrection = 3,
}

/// <summary>One immutable version of the answer for one asset; the newest wins.</summary>
public sealed class Label : IBelongsToProject
{
    private Label() => (Document, Digest, IdempotencyKey) = ([], [], "");

    /// <summary>Identifier (UUIDv7 at the asset's time); of an asset's versions the later one sorts later.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The task that it answers.</summary>
    public Guid TaskId { get; private set; }

    /// <summary>Who made it.</summary>
    public Guid AuthorId { get; private set; }

    /// <summary>The step at which it was made.</summary>
    public Guid StepId { get; private set; }

    /// <summary>The round, from 1.</summary>
    public int Round { get; private set; }

    /// <summary>In which line of versions it stands (<see cref="WorkTask.Strand"/>): 0 = the asset's own answer; a consensus labeler's or a honeypot's stands apart.</summary>
    public int Strand { get; private set; }

    /// <summary>Version number in its line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The version that it changes.</summary>
    public Guid? ParentId { get; private set; }

    /// <summary>Ontology version in force.</summary>
    public int OntologyVersion { get; private set; }

    /// <summary>Guideline version in force; null while the project has none.</summary>
    public int? GuidelineVersion { get; private set; }

    /// <summary>Workflow version in force.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>The label document, RFC 8785 canonical JSON, compressed.</summary>
    public byte[] Document { get; private set; }

    /// <summary>SHA-256 of the canonical JSON.</summary>
    public byte[] Digest { get; private set; }

    /// <summary>Number of objects, so that listings never load documents.</summary>
    public int ObjectCount { get; private set; }

    /// <summary>Active milliseconds, idle excluded.</summary>
    public long ActiveMs { get; private set; }

    /// <summary>How it came to be.</summary>
    public LabelOrigin Origin { get; private set; }

    /// <summary>The client's key; the same key gives the same answer.</summary>
    public string IdempotencyKey { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes the next version of an asset's answer.</summary>
    public static Label Create(
        WorkTask task, Guid author, int number, Guid? parentId, int ontologyVersion, int? guidelineVersion, LabelContent content, long activeMs, LabelOrigin origin, string idempotencyKey, DateTimeOffset now) => new()
        {
            Id = AssetScopedId.Of(task.AssetId, number),
            OrganizationId = task.OrganizationId,
            ProjectId = task.ProjectId,
            AssetId = task.AssetId,
            TaskId = task.Id,
            AuthorId = author,
            StepId = task.StepId,
            Round = task.Round,
            Strand = task.Strand,
            Number = number,
            ParentId = parentId,
            OntologyVersion = ontologyVersion,
            GuidelineVersion = guidelineVersion,
            WorkflowVersion = task.WorkflowVersion,
            Document = content.Compressed,
            Digest = content.Digest,
            ObjectCount = content.ObjectCount,
            ActiveMs = activeMs,
            Origin = origin,
            IdempotencyKey = idempotencyKey,
            CreatedAt = now,
        };

    /// <summary>Of several answers it is the asset's own from now on.</summary>
    /// <param name="number">Its version number in the asset's line.</param>
    public void Lead(int number) => (Strand, Number) = (0, number);
}

/// <summary>A validated label document, ready to be kept.</summary>
/// <param name="Compressed">Canonical JSON, compressed.</param>
/// <param name="Digest">SHA-256 of the canonical JSON.</param>
/// <param name="ObjectCount">Number of objects.</param>
public sealed record LabelContent(byte[] Compressed, byte[] Digest, int ObjectCount);

/// <summary>How often a class stands in a label, and its bounding extent: what listings and measures filter by.</summary>
public sealed class LabelClass : IBelongsToProject
{
    private LabelClass() => Tool = "";

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The label.</summary>
    public Guid LabelId { get; private set; }

    /// <summary>The class (tool id of the ontology).</summary>
    public string Tool { get; private set; }

    /// <summary>Number of objects of the class.</summary>
    public int Count { get; private set; }

    /// <summary>Left edge of all of them, in the geometry's unit; null when the kind has no extent.</summary>
    public double? MinX { get; private set; }

    /// <summary>Top edge.</summary>
    public double? MinY { get; private set; }

    /// <summary>Right edge.</summary>
    public double? MaxX { get; private set; }

    /// <summary>Bottom edge.</summary>
    public double? MaxY { get; private set; }

    /// <summary>Makes the row of one class of one label.</summary>
    public static LabelClass Create(Label label, string tool, int count, (double MinX, double MinY, double MaxX, double MaxY)? extent) => new()
    {
        OrganizationId = label.OrganizationId,
        ProjectId = label.ProjectId,
        LabelId = label.Id,
        Tool = tool,
        Count = count,
        MinX = extent?.MinX,
        MinY = extent?.MinY,
        MaxX = extent?.MaxX,
        MaxY = extent?.MaxY,
    };
}

/// <summary>What a reviewer decided.</summary>
public enum ReviewOutcome
{
    /// <summary>Right as it is.</summary>
    Approved = 0,

    /// <summary>Changed by the reviewer, then right.</summary>
    Corrected = 1,

    /// <summary>Back to the labeling step, with a reason.</summary>
    SentBack = 2,
}

/// <summary>One decision of a reviewer about one label.</summary>
public sealed class Review : IBelongsToProject
{
    private Review() => IdempotencyKey = "";

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The review task.</summary>
    public Guid TaskId { get; private set; }

    /// <summary>The step; null in decisions from before steps were recorded with them.</summary>
    public Guid? StepId { get; private set; }

    /// <summary>The workflow version that the asset entered the step with; null as above.</summary>
    public int? WorkflowVersion { get; private set; }

    /// <summary>Agreement of the label before and after, 0 to 1: 1 when approved, 0 when sent back, computed when corrected (null when a kind of object cannot be compared); null as above.</summary>
    public double? Agreement { get; private set; }

    /// <summary>The label that was judged.</summary>
    public Guid LabelId { get; private set; }

    /// <summary>The corrected version, when there is one.</summary>
    public Guid? CorrectedLabelId { get; private set; }

    /// <summary>Who judged.</summary>
    public Guid ReviewerId { get; private set; }

    /// <summary>What was decided.</summary>
    public ReviewOutcome Outcome { get; private set; }

    /// <summary>Why, when sent back.</summary>
    public string? Reason { get; private set; }

    /// <summary>1–5, optional.</summary>
    public int? Score { get; private set; }

    /// <summary>Active milliseconds of the reviewer.</summary>
    public long ActiveMs { get; private set; }

    /// <summary>The client's key; the same key gives the same answer.</summary>
    public string IdempotencyKey { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Records a decision.</summary>
    public static Review Create(
        WorkTask task, Guid labelId, Guid? correctedLabelId, Guid reviewer, ReviewOutcome outcome, double? agreement, string? reason, int? score, long activeMs, string idempotencyKey, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = task.OrganizationId,
            ProjectId = task.ProjectId,
            AssetId = task.AssetId,
            TaskId = task.Id,
            StepId = task.StepId,
            WorkflowVersion = task.WorkflowVersion,
            Agreement = agreement,
            LabelId = labelId,
            CorrectedLabelId = correctedLabelId,
            ReviewerId = reviewer,
            Outcome = outcome,
            Reason = reason,
            Score = score,
            ActiveMs = activeMs,
            IdempotencyKey = idempotencyKey,
            CreatedAt = now,
        };
}
