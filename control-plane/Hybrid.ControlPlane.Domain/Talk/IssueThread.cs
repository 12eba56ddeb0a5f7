using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Domain.Talk;

/// <summary>What a thread is (workflow-and-quality.md § Issues and questions).</summary>
public enum ThreadKind
{
    /// <summary>A reviewer tells a labeler that something is to change.</summary>
    Issue = 0,

    /// <summary>A labeler asks.</summary>
    Question = 1,
}

/// <summary>Where a thread stands.</summary>
public enum ThreadStatus
{
    /// <summary>Waits for an answer or a change.</summary>
    Open = 0,

    /// <summary>Answered, or changed.</summary>
    Solved = 1,

    /// <summary>Needs nothing after all.</summary>
    Cancelled = 2,
}

/// <summary>What in the asset a thread is about.</summary>
public enum AnchorKind
{
    /// <summary>The asset.</summary>
    Asset = 0,

    /// <summary>An object of its label, through every version.</summary>
    Object = 1,

    /// <summary>A point, in pixels of the full-resolution asset.</summary>
    Point = 2,

    /// <summary>Milliseconds of sound or film.</summary>
    Time = 3,

    /// <summary>Code points of a text.</summary>
    Span = 4,
}

/// <summary>Where in the asset.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="ObjectId">The object's id; of an object only.</param>
/// <param name="X">Of a point.</param>
/// <param name="Y">Of a point.</param>
/// <param name="Start">Of a time or span.</param>
/// <param name="End">Of a time or span, exclusive.</param>
public sealed record ThreadAnchor(AnchorKind Kind, Guid? ObjectId, double? X, double? Y, long? Start, long? End)
{
    /// <summary>Whether exactly the members of its kind are there, finite and in order.</summary>
    public bool IsWhole => Kind switch
    {
        AnchorKind.Asset => ObjectId is null && X is null && Y is null && Start is null && End is null,
        AnchorKind.Object => ObjectId is not null && X is null && Y is null && Start is null && End is null,
        AnchorKind.Point => ObjectId is null && X is { } x && Y is { } y && double.IsFinite(x) && double.IsFinite(y) && x >= 0 && y >= 0 && Start is null && End is null,
        AnchorKind.Time or AnchorKind.Span => ObjectId is null && X is null && Y is null && Start is >= 0 && End >= Start,
        _ => false,
    };
}

/// <summary>An issue or a question about an asset, with its comments; it outlives every new version of the label.</summary>
public sealed class IssueThread : IBelongsToProject, IVersioned
{
    /// <summary>Identifier. It tells no time (RFC 9562 version 4): in blind review the minute of an act could tell who did it.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The asset.</summary>
    public Guid AssetId { get; private set; }

    /// <summary>Issue or question.</summary>
    public ThreadKind Kind { get; private set; }

    /// <summary>Where it stands.</summary>
    public ThreadStatus Status { get; private set; }

    /// <summary>What in the asset it is about.</summary>
    public AnchorKind Anchor { get; private set; }

    /// <summary>The object, of an object's thread.</summary>
    public Guid? ObjectId { get; private set; }

    /// <summary>Of a point: pixels from the left.</summary>
    public double? X { get; private set; }

    /// <summary>Of a point: pixels from the top.</summary>
    public double? Y { get; private set; }

    /// <summary>Of a time (milliseconds) or span (code points).</summary>
    public long? SpanStart { get; private set; }

    /// <summary>Of a time or span, exclusive.</summary>
    public long? SpanEnd { get; private set; }

    /// <summary>The step at which the asset was.</summary>
    public Guid StepId { get; private set; }

    /// <summary>The round in which it was.</summary>
    public int Round { get; private set; }

    /// <summary>The label version that was there; null before the first.</summary>
    public Guid? LabelId { get; private set; }

    /// <summary>Ontology version in force.</summary>
    public int OntologyVersion { get; private set; }

    /// <summary>Guideline version in force; null while the project had none.</summary>
    public int? GuidelineVersion { get; private set; }

    /// <summary>Who opened it.</summary>
    public Guid AuthorId { get; private set; }

    /// <summary>Who is to answer or change; null = whoever sees it.</summary>
    public Guid? AssigneeId { get; private set; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; private set; }

    /// <summary>When something was last said or decided in it.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Comments, the opening one included.</summary>
    public int Comments { get; private set; }

    /// <summary>Who solved or cancelled it.</summary>
    public Guid? SettledBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>The guideline version that its answer became.</summary>
    public int? BecameGuideline { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Opens one.</summary>
    /// <param name="newest">The asset's newest task: where the asset is.</param>
    /// <param name="kind">Issue or question.</param>
    /// <param name="anchor">What it is about.</param>
    /// <param name="ontology">In force.</param>
    /// <param name="guideline">In force.</param>
    /// <param name="author">Who opens it.</param>
    /// <param name="assignee">Who is to answer.</param>
    /// <param name="now">When.</param>
    public static IssueThread Open(WorkTask newest, ThreadKind kind, ThreadAnchor anchor, int ontology, int? guideline, Guid author, Guid? assignee, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        OrganizationId = newest.OrganizationId,
        ProjectId = newest.ProjectId,
        AssetId = newest.AssetId,
        Kind = kind,
        Anchor = anchor.Kind,
        ObjectId = anchor.ObjectId,
        X = anchor.X,
        Y = anchor.Y,
        SpanStart = anchor.Start,
        SpanEnd = anchor.End,
        StepId = newest.StepId,
        Round = newest.Round,
        LabelId = newest.LabelId,
        OntologyVersion = ontology,
        GuidelineVersion = guideline,
        AuthorId = author,
        AssigneeId = assignee,
        OpenedAt = now,
        ChangedAt = now,
        Comments = 1,
    };

    /// <summary>Somebody said something.</summary>
    public void Comment(DateTimeOffset now) => (Comments, ChangedAt) = (Comments + 1, now);

    /// <summary>Solved or cancelled.</summary>
    public void Settle(ThreadStatus status, Guid by, DateTimeOffset now) => (Status, SettledBy, SettledAt, ChangedAt) = (status, by, now, now);

    /// <summary>Open once more.</summary>
    public void Reopen(DateTimeOffset now) => (Status, SettledBy, SettledAt, ChangedAt) = (ThreadStatus.Open, null, null, now);

    /// <summary>Somebody is to answer; null = whoever sees it.</summary>
    public void Assign(Guid? person, DateTimeOffset now) => (AssigneeId, ChangedAt) = (person, now);

    /// <summary>Its answer stands in the guidelines.</summary>
    public void Became(int? guideline, DateTimeOffset now) => (BecameGuideline, ChangedAt) = (guideline, now);
}

/// <summary>One comment of a thread; never changed.</summary>
public sealed class ThreadComment : IBelongsToProject
{
    private ThreadComment() => Text = "";

    /// <summary>Identifier; tells no time, as the thread's.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The thread.</summary>
    public Guid ThreadId { get; private set; }

    /// <summary>Its place in the thread, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Who said it.</summary>
    public Guid AuthorId { get; private set; }

    /// <summary>Plain text, at most 4,000 characters; people who are mentioned stand in it as <c>@[person id]</c>, so that it never holds a name that anonymization should hide.</summary>
    public string Text { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Says something.</summary>
    public static ThreadComment Of(IssueThread thread, Guid author, string text, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        OrganizationId = thread.OrganizationId,
        ProjectId = thread.ProjectId,
        ThreadId = thread.Id,
        Number = thread.Comments,
        AuthorId = author,
        Text = text,
        CreatedAt = now,
    };
}

/// <summary>A person's part in a thread: why they see it, and how far they have read.</summary>
public sealed class ThreadPerson : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The thread.</summary>
    public Guid ThreadId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>They opened it, said something, were mentioned, or are to answer: it concerns them. Else they only looked at it.</summary>
    public bool IsConcerned { get; private set; }

    /// <summary>Until when they have seen it; null = not yet.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>Since when something waits that they are to hear of by mail (put off while the mail before is younger than a day); null = nothing.</summary>
    public DateTimeOffset? TellSince { get; private set; }

    /// <summary>A part in a thread.</summary>
    public static ThreadPerson In(IssueThread thread, Guid person) =>
        new() { OrganizationId = thread.OrganizationId, ProjectId = thread.ProjectId, ThreadId = thread.Id, PersonId = person };

    /// <summary>It concerns them from now on.</summary>
    public void Concern() => IsConcerned = true;

    /// <summary>They see it as it is now; nothing is left to tell.</summary>
    public void See(DateTimeOffset now) => (SeenAt, TellSince) = (now, null);

    /// <summary>Something new waits for them.</summary>
    public void Tell(DateTimeOffset now) => TellSince ??= now;
}
