namespace Hybrid.ControlPlane.Domain.Audit;

/// <summary>Who acted.</summary>
public enum ActorKind
{
    /// <summary>A person.</summary>
    User = 0,

    /// <summary>An API key of a service account.</summary>
    ApiKey = 1,

    /// <summary>A storage agent.</summary>
    Agent = 2,

    /// <summary>The product itself (lapse of a lease, a job).</summary>
    System = 3,
}

/// <summary>One act, written in the same transaction as the act itself (audit.md § Entries).</summary>
public sealed class AuditEntry : IBelongsToOrganization
{
    private AuditEntry() => (Act, Subjects, Facts) = ("", "[]", "{}");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The project, when the act belongs to one.</summary>
    public Guid? ProjectId { get; private set; }

    /// <summary>When, UTC, to the millisecond.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>What kind of actor.</summary>
    public ActorKind Actor { get; private set; }

    /// <summary>The actor's id; null for the system.</summary>
    public Guid? ActorId { get; private set; }

    /// <summary>Stable code, e.g. <c>label.submitted</c>.</summary>
    public string Act { get; private set; }

    /// <summary>Ids that the act is about, a JSON array of strings.</summary>
    public string Subjects { get; private set; }

    /// <summary>Ids, versions, figures and digests as RFC 8785 canonical JSON; never content, never personal data.</summary>
    public string Facts { get; private set; }

    /// <summary>Number in the organization's log; null until the sequencer gives it.</summary>
    public long? Seq { get; private set; }

    /// <summary>RFC 9162 leaf hash; null until the sequencer computes it.</summary>
    public byte[]? LeafHash { get; private set; }

    /// <summary>Makes an entry without a number.</summary>
    public static AuditEntry Create(
        Guid organizationId, Guid? projectId, ActorKind actor, Guid? actorId, string act, string subjects, string facts, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            ProjectId = projectId,
            At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
            Actor = actor,
            ActorId = actorId,
            Act = act,
            Subjects = subjects,
            Facts = facts,
        };
}
