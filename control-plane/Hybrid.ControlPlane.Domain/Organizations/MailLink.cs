namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>What a link in a mail is for.</summary>
public enum MailLinkKind
{
    /// <summary>Joining the organization, with a name and a first password.</summary>
    Invitation = 0,

    /// <summary>Setting a new password.</summary>
    PasswordReset = 1,

    /// <summary>Saying that issues or questions wait. Its link opens nothing by itself: the way in is the sign-in.</summary>
    Digest = 2,
}

/// <summary>How far a mail is.</summary>
public enum MailLinkState
{
    /// <summary>To be sent, for the first time or again.</summary>
    Waiting = 0,

    /// <summary>The mail server took it.</summary>
    Sent = 1,

    /// <summary>The mail server refused it for good, or every attempt failed until its time was over.</summary>
    Refused = 2,
}

/// <summary>
/// A link that goes by mail, serves once and for a short time. It is the outbox too: a worker sends what waits, and makes the link's secret at that
/// moment, so that only its digest is ever stored. A mail whose fate was lost (the process died after sending) is sent again with a new secret, and
/// the newest link is the one that counts.
/// </summary>
public sealed class MailLink : IBelongsToOrganization, IVersioned
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private MailLink() => BoundTo = [];

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Whose.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>What for; a person has at most one of each kind in an organization.</summary>
    public MailLinkKind Kind { get; private set; }

    /// <summary>How far its mail is.</summary>
    public MailLinkState State { get; private set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the state last changed.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Attempts to send it.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the next attempt is due; of meaning while it waits.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>SHA-256 of the link's secret (256 random bits); null until the first attempt.</summary>
    public byte[]? TokenHash { get; private set; }

    /// <summary>Digest of what the link is bound to: the person's address and the state of their password when it was made.</summary>
    public byte[] BoundTo { get; private set; }

    /// <summary>When the link stops working: 7 days after an invitation was sent, 30 minutes after a reset was asked for.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>How long a link of a kind works.</summary>
    public static TimeSpan LifeOf(MailLinkKind kind) => kind switch
    {
        MailLinkKind.Invitation => TimeSpan.FromDays(7),
        MailLinkKind.Digest => TimeSpan.FromDays(1),
        _ => TimeSpan.FromMinutes(30),
    };

    /// <summary>Asks for a mail.</summary>
    public static MailLink Ask(Guid organizationId, Guid personId, MailLinkKind kind, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), OrganizationId = organizationId, PersonId = personId, Kind = kind, CreatedAt = now, ChangedAt = now, NextAttemptAt = now, ExpiresAt = now + LifeOf(kind),
    };

    /// <summary>Takes the mail for one attempt; until the lease is over nobody else does. A link that went out before stops working.</summary>
    /// <param name="tokenHash">SHA-256 of the new secret.</param>
    /// <param name="boundTo">What the link is bound to.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when it does not wait, is not due, or its time is over.</returns>
    public bool BeginAttempt(byte[] tokenHash, byte[] boundTo, DateTimeOffset now)
    {
        if (State != MailLinkState.Waiting || NextAttemptAt > now) return false;
        if (ExpiresAt <= now)
        {
            Refuse(now);
            return false;
        }

        (TokenHash, BoundTo, NextAttemptAt) = (tokenHash, boundTo, now + Lease);
        Attempts++;
        // Days count from the mail, minutes from the wish.
        if (Kind == MailLinkKind.Invitation) ExpiresAt = now + LifeOf(Kind);
        return true;
    }

    /// <summary>The mail server took it.</summary>
    public void Delivered(DateTimeOffset now) => (State, ChangedAt) = (MailLinkState.Sent, now);

    /// <summary>It is refused for good; its link never works.</summary>
    public void Refuse(DateTimeOffset now) => (State, ChangedAt, TokenHash) = (MailLinkState.Refused, now, null);

    /// <summary>The attempt failed: the next comes after one, two, four … minutes, at most an hour; after seven days of that it is given up.</summary>
    public void TryLater(DateTimeOffset now)
    {
        var pause = TimeSpan.FromMinutes(Math.Pow(2, Math.Min(Attempts - 1, 6)));
        NextAttemptAt = now + (pause < LongestWait ? pause : LongestWait);
        if (NextAttemptAt >= CreatedAt + LifeOf(Kind)) Refuse(now);
    }
}
