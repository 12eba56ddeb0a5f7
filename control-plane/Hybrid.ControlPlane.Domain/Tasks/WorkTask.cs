using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Tasks;

/// <summary>Where a task stands. The asset's status is derived from its tasks.</summary>
public enum TaskState
{
    /// <summary>Waits for, or is held by, a person (held while the lease has not lapsed).</summary>
    Open = 0,

    /// <summary>Its result was given.</summary>
    Done = 1,

    /// <summary>Skipped with a reason.</summary>
    Skipped = 2,

    /// <summary>Its result was given; the asset waits for others' answers, or for their comparison.</summary>
    Answered = 3,
}

/// <summary>What a labeling task is for. Those who label cannot tell: no answer that reaches them says it.</summary>
public enum TaskPurpose
{
    /// <summary>The asset's own answer.</summary>
    Ordinary = 0,

    /// <summary>One of several independent answers for one asset, which are compared.</summary>
    Consensus = 1,

    /// <summary>An answer that is known already: what comes back says how one person labels.</summary>
    Honeypot = 2,
}

/// <summary>One asset at one step, waiting for or held by one person.</summary>
/// <remarks>
/// Claiming is one guarded statement in SQL, not a method here: read-then-write would give two holders.
/// Every other change goes through these methods.
/// </remarks>
public sealed class WorkTask : IBelongsToProject, IVersioned
{
    /// <summary>How long a lease lasts without activity (workflow-and-quality.md § 6).</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(30);

    /// <summary>More than a workflow ever has (one labeling, at most five review steps).</summary>
    private const int MaxSteps = 8;

    /// <summary>How long a prefetched task stays reserved (§ 5).</summary>
    public static readonly TimeSpan ReservationDuration = TimeSpan.FromMinutes(5);

    /// <summary>Identifier (UUIDv7 at the asset's time); of an asset's tasks the later one sorts later: by round, then by step.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The step.</summary>
    public Guid StepId { get; private set; }

    /// <summary>What the step does (copied, so that the hot queries need no join).</summary>
    public StepKind StepKind { get; private set; }

    /// <summary>The workflow version that the asset entered the step with.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>How often the asset has come to the labeling step, from 1.</summary>
    public int Round { get; private set; }

    /// <summary>Where it stands.</summary>
    public TaskState State { get; private set; }

    /// <summary>Higher first; 0 by default.</summary>
    public int Priority { get; private set; }

    /// <summary>When the asset arrived at the step; oldest first among equals.</summary>
    public DateTimeOffset ArrivedAt { get; private set; }

    /// <summary>The person it was sent back to, who gets it before all else.</summary>
    public Guid? SentBackTo { get; private set; }

    /// <summary>The person it was assigned to; nobody else gets it.</summary>
    public Guid? AssignedTo { get; private set; }

    /// <summary>Who holds the lease, or holds the reservation.</summary>
    public Guid? HolderId { get; private set; }

    /// <summary>True while <see cref="HolderId"/> only reserved it for the prefetch.</summary>
    public bool Reserved { get; private set; }

    /// <summary>When the hold lapses.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    /// <summary>The label that a review task judges, or that was sent back.</summary>
    public Guid? LabelId { get; private set; }

    /// <summary>Who labeled what a review task judges (copied, so that the queue can pass over all of one labeler's assets at once); null at the labeling step.</summary>
    public Guid? LabeledBy { get; private set; }

    /// <summary>Why it was sent back or skipped.</summary>
    public string? Reason { get; private set; }

    /// <summary>Who finished it.</summary>
    public Guid? FinishedBy { get; private set; }

    /// <summary>When it was finished.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Until when it is wanted; null = no date.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>What it is for.</summary>
    public TaskPurpose Purpose { get; private set; }

    /// <summary>In which line of versions its label stands: 0 = the asset's own answer; every other task of the asset has one of its own.</summary>
    public int Strand { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>An asset arrives at a step.</summary>
    public static WorkTask Arrive(WorkflowStep step, Guid assetId, int round, Guid? labelId, DateTimeOffset now) => new()
    {
        Id = AssetScopedId.Of(assetId, (round * MaxSteps) + step.Position),
        OrganizationId = step.OrganizationId,
        ProjectId = step.ProjectId,
        AssetId = assetId,
        StepId = step.Id,
        StepKind = step.Kind,
        WorkflowVersion = step.WorkflowVersion,
        Round = round,
        ArrivedAt = now,
        LabelId = labelId,
    };

    /// <summary>An asset arrives at the labeling step for several independent answers: one task of them.</summary>
    /// <param name="step">The labeling step.</param>
    /// <param name="assetId">The asset.</param>
    /// <param name="strand">From 1.</param>
    /// <param name="now">When.</param>
    public static WorkTask ArriveCopy(WorkflowStep step, Guid assetId, int strand, DateTimeOffset now)
    {
        var task = Arrive(step, assetId, 1, null, now);
        (task.Purpose, task.Strand) = (TaskPurpose.Consensus, strand);
        return task;
    }

    /// <summary>One more answer for the same asset; it waits where the others waited, so that its place tells nothing.</summary>
    /// <param name="other">A task of the asset for one of the answers that are there.</param>
    /// <param name="strand">Above those that are there.</param>
    public static WorkTask OneMore(WorkTask other, int strand) => new()
    {
        Id = AssetScopedId.Of(other.AssetId, AssetScopedId.OrdinalOf(other.Id)),
        OrganizationId = other.OrganizationId,
        ProjectId = other.ProjectId,
        AssetId = other.AssetId,
        StepId = other.StepId,
        StepKind = other.StepKind,
        WorkflowVersion = other.WorkflowVersion,
        Round = other.Round,
        ArrivedAt = other.ArrivedAt,
        Priority = other.Priority,
        DueAt = other.DueAt,
        Purpose = other.Purpose,
        Strand = strand,
    };

    /// <summary>A honeypot for one person, in the queue where their next ordinary task stands.</summary>
    /// <param name="step">The labeling step.</param>
    /// <param name="assetId">The honeypot's asset.</param>
    /// <param name="strand">Of the asset, not used before.</param>
    /// <param name="person">Who gets it.</param>
    /// <param name="priority">Of the next ordinary task.</param>
    /// <param name="arrivedAt">Of the next ordinary task.</param>
    public static WorkTask Probe(WorkflowStep step, Guid assetId, int strand, Guid person, int priority, DateTimeOffset arrivedAt)
    {
        var task = Arrive(step, assetId, 1, null, arrivedAt);
        (task.Purpose, task.Strand, task.AssignedTo, task.Priority) = (TaskPurpose.Honeypot, strand, person, priority);
        return task;
    }

    /// <summary>An asset goes on to its next step, as urgent as it was.</summary>
    /// <param name="step">The step.</param>
    /// <param name="from">The task that was finished.</param>
    /// <param name="labelId">The label that it brings.</param>
    /// <param name="now">When.</param>
    public static WorkTask GoOn(WorkflowStep step, WorkTask from, Guid labelId, DateTimeOffset now)
    {
        var task = After(from, step, from.Round, labelId, now);
        task.LabeledBy = from.StepKind == StepKind.Labeling ? from.FinishedBy : from.LabeledBy;
        return task;
    }

    /// <summary>An asset comes back to the labeling step for another round.</summary>
    /// <param name="labeling">The step.</param>
    /// <param name="review">The task that sent it back.</param>
    /// <param name="labelId">The label that was judged.</param>
    /// <param name="labeler">Who gets it before all else; null = whoever is next.</param>
    /// <param name="reason">What is to change.</param>
    /// <param name="now">When.</param>
    public static WorkTask ComeBack(WorkflowStep labeling, WorkTask review, Guid labelId, Guid? labeler, string reason, DateTimeOffset now)
    {
        var task = After(review, labeling, review.Round + 1, labelId, now);
        task.SentBackTo = labeler;
        task.Reason = reason;
        return task;
    }

    // The ordinal goes up by one, whatever place the step has in its version: versions differ, and the later task must sort later.
    private static WorkTask After(WorkTask from, WorkflowStep step, int round, Guid? labelId, DateTimeOffset now)
    {
        var task = Arrive(step, from.AssetId, round, labelId, now);
        task.Id = AssetScopedId.Of(from.AssetId, AssetScopedId.OrdinalOf(from.Id) + 1);
        (task.Priority, task.DueAt) = (from.Priority, from.DueAt);
        return task;
    }

    /// <summary>Whether this person holds a live lease.</summary>
    public bool IsLeasedTo(Guid person, DateTimeOffset now) => HolderId == person && !Reserved && HeldUntil > now && State == TaskState.Open;

    /// <summary>Whether anybody else holds it now.</summary>
    public bool IsHeldByAnother(Guid person, DateTimeOffset now) => HolderId is { } holder && holder != person && HeldUntil > now;

    /// <summary>Whether this person may still submit: they were the last to hold it and nobody has taken it since.</summary>
    /// <remarks>Work submitted after a lapse is accepted if nobody else has taken the task (workflow-and-quality.md § 6).</remarks>
    public bool MaySubmit(Guid person) => State == TaskState.Open && HolderId == person && !Reserved;

    /// <summary>Extends the lease after activity.</summary>
    public void Renew(DateTimeOffset now) => HeldUntil = now + LeaseDuration;

    /// <summary>Gives it back to the queue.</summary>
    public void Release() => (HolderId, Reserved, HeldUntil) = (null, false, null);

    /// <summary>Gives it to one person alone; whoever else holds it lets go.</summary>
    public void AssignTo(Guid person)
    {
        if (HolderId != person) Release();
        (AssignedTo, SentBackTo) = (person, null);
    }

    /// <summary>Puts it into the queue for everybody; whoever holds it goes on.</summary>
    public void Unassign() => (AssignedTo, SentBackTo) = (null, null);

    /// <summary>Gives it back to whom it belonged before a job changed that.</summary>
    public void Restore(Guid? assigned, Guid? sentBack) => (AssignedTo, SentBackTo) = (assigned, sentBack);

    /// <summary>Changes its place in the queue.</summary>
    /// <param name="priority">Higher first.</param>
    public void Prioritize(int priority) => Priority = priority;

    /// <summary>Says until when it is wanted.</summary>
    /// <param name="at">Null = no date.</param>
    public void Want(DateTimeOffset? at) => DueAt = at;

    /// <summary>A finished asset comes to the labeling step for another round.</summary>
    /// <param name="labeling">The step.</param>
    /// <param name="newest">The asset's last task.</param>
    /// <param name="labelId">The asset's answer; null when it was skipped.</param>
    /// <param name="labeler">Who gets it before all else; null = whoever is next.</param>
    /// <param name="now">When.</param>
    public static WorkTask Reopen(WorkflowStep labeling, WorkTask newest, Guid? labelId, Guid? labeler, DateTimeOffset now)
    {
        var task = After(newest, labeling, newest.Round + 1, labelId, now);
        task.SentBackTo = labeler;
        return task;
    }

    /// <summary>Its result was given.</summary>
    public void Finish(Guid by, Guid labelId, DateTimeOffset now)
    {
        Release();
        (State, LabelId, FinishedBy, FinishedAt) = (TaskState.Done, labelId, by, now);
    }

    /// <summary>Its result was given, and others' are waited for.</summary>
    public void Answer(Guid by, Guid labelId, DateTimeOffset now)
    {
        Finish(by, labelId, now);
        State = TaskState.Answered;
    }

    /// <summary>Skipped with a reason; one of several answers is waited out like the others.</summary>
    public void Skip(Guid by, string reason, DateTimeOffset now)
    {
        Release();
        (State, Reason, FinishedBy, FinishedAt) = (Purpose == TaskPurpose.Consensus ? TaskState.Answered : TaskState.Skipped, reason, by, now);
    }

    /// <summary>The answers of its asset were compared.</summary>
    /// <param name="answered">Whether there was one at all; else everybody skipped it.</param>
    public void Settle(bool answered) => State = answered ? TaskState.Done : TaskState.Skipped;

    /// <summary>Whom it was for is gone.</summary>
    public void Withdraw()
    {
        Release();
        State = TaskState.Skipped;
    }
}

/// <summary>Who has worked on which step of an asset, in any round: what step separation asks.</summary>
public sealed class StepWork : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The step.</summary>
    public Guid StepId { get; private set; }

    /// <summary>Records that a person worked on a task's step.</summary>
    public static StepWork Of(WorkTask task, Guid person) => new()
    {
        OrganizationId = task.OrganizationId,
        ProjectId = task.ProjectId,
        AssetId = task.AssetId,
        PersonId = person,
        StepId = task.StepId,
    };
}

/// <summary>One person's unfinished answer to one task; kept through a lapse, for that person alone.</summary>
public sealed class Draft : IBelongsToProject
{
    private Draft() => Document = [];

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The task.</summary>
    public Guid TaskId { get; private set; }

    /// <summary>Whose draft.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The label document as it stands (compressed JSON); may break rules that only a submit enforces.</summary>
    public byte[] Document { get; private set; }

    /// <summary>Raised by the client at each save; an older one is refused.</summary>
    public int Revision { get; private set; }

    /// <summary>Active milliseconds so far, idle excluded.</summary>
    public long ActiveMs { get; private set; }

    /// <summary>When it was last saved.</summary>
    public DateTimeOffset SavedAt { get; private set; }

    /// <summary>Begins a draft.</summary>
    public static Draft Begin(WorkTask task, Guid person) =>
        new() { OrganizationId = task.OrganizationId, ProjectId = task.ProjectId, TaskId = task.Id, PersonId = person };

    /// <summary>Saves a newer state; false when the revision is not newer.</summary>
    public bool Save(byte[] document, int revision, long activeMs, DateTimeOffset now)
    {
        if (revision <= Revision) return false;
        (Document, Revision, ActiveMs, SavedAt) = (document, revision, activeMs, now);
        return true;
    }
}
