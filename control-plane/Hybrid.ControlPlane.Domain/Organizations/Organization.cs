namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>One customer; everything else belongs to exactly one.</summary>
public sealed class Organization
{
    private Organization() => Name = "";

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <summary>Display name, 1–200 characters.</summary>
    public string Name { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>A session without a key, a click or a touch for so many minutes ends: 5–480, by default 60.</summary>
    public int IdleMinutes { get; private set; } = DefaultIdleMinutes;

    /// <summary>A session ends after so many hours whatever happens: 1–24, by default 12.</summary>
    public int AbsoluteHours { get; private set; } = DefaultAbsoluteHours;

    /// <summary>The least organization role that needs a second factor; null = nobody has to.</summary>
    public OrganizationRole? MfaFrom { get; private set; }

    /// <summary>By default an hour.</summary>
    public const int DefaultIdleMinutes = 60;

    /// <summary>By default twelve hours.</summary>
    public const int DefaultAbsoluteHours = 12;

    /// <summary>Changes how sessions end and who needs a second factor.</summary>
    public void Secure(int idleMinutes, int absoluteHours, OrganizationRole? mfaFrom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(idleMinutes, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idleMinutes, 480);
        ArgumentOutOfRangeException.ThrowIfLessThan(absoluteHours, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(absoluteHours, 24);
        (IdleMinutes, AbsoluteHours, MfaFrom) = (idleMinutes, absoluteHours, mfaFrom);
    }

    /// <summary>Makes a new organization.</summary>
    public static Organization Create(string name, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Name = name.Trim(), CreatedAt = now };
}

/// <summary>What a person may do in the organization as a whole. Gives no asset and no label by itself.</summary>
public enum OrganizationRole
{
    /// <summary>Belongs to the organization; sees only the projects where they have a role.</summary>
    Member = 0,

    /// <summary>Creates projects; looks after people, storage agents and connections.</summary>
    Admin = 1,

    /// <summary>An admin who also rules over owners and the organization itself.</summary>
    Owner = 2,
}

/// <summary>Whether a person of the organization can come in.</summary>
public enum MemberStatus
{
    /// <summary>May sign in.</summary>
    Active = 0,

    /// <summary>Was added without a password and has not come yet.</summary>
    Invited = 1,

    /// <summary>Shut out: no session, no lease, no place in a project.</summary>
    Deactivated = 2,
}

/// <summary>A person's place in an organization.</summary>
public sealed class OrganizationMember : IBelongsToOrganization, IVersioned
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Their organization role.</summary>
    public OrganizationRole Role { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Whether they can come in.</summary>
    public MemberStatus Status { get; private set; }

    /// <summary>
    /// Since when an invitation is wanted; null = none is. An outbox: whoever sends invitations takes the rows that have it, oldest first, and
    /// calls <see cref="InvitationSent"/> in the transaction that makes the link.
    /// </summary>
    public DateTimeOffset? InvitationWantedAt { get; private set; }

    /// <summary>Since when they are shut out; null unless deactivated.</summary>
    public DateTimeOffset? DeactivatedAt { get; private set; }

    /// <summary>When their name and address were erased; null = never.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Adds a person to an organization.</summary>
    public static OrganizationMember Create(Guid organizationId, Guid personId, OrganizationRole role, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, PersonId = personId, Role = role, CreatedAt = now };

    /// <summary>Adds a person who has no password yet; an invitation is wanted.</summary>
    public static OrganizationMember Invite(Guid organizationId, Guid personId, OrganizationRole role, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, PersonId = personId, Role = role, CreatedAt = now, Status = MemberStatus.Invited, InvitationWantedAt = now };

    /// <summary>An invitation is wanted, again.</summary>
    public void WantInvitation(DateTimeOffset now) => InvitationWantedAt = now;

    /// <summary>The invitation is on its way.</summary>
    public void InvitationSent() => InvitationWantedAt = null;

    /// <summary>The person has come: an invited one is active from now on.</summary>
    public void Join()
    {
        if (Status == MemberStatus.Invited) (Status, InvitationWantedAt) = (MemberStatus.Active, null);
    }

    /// <summary>Gives another role.</summary>
    public void ChangeRole(OrganizationRole role) => Role = role;

    /// <summary>Shuts the person out.</summary>
    public void Deactivate(DateTimeOffset now) => (Status, DeactivatedAt, InvitationWantedAt) = (MemberStatus.Deactivated, now, null);

    /// <summary>Lets the person in again; one who has never set a password is invited again.</summary>
    public void Reactivate(bool hasPassword, DateTimeOffset now)
    {
        DeactivatedAt = null;
        (Status, InvitationWantedAt) = hasPassword ? (MemberStatus.Active, (DateTimeOffset?)null) : (MemberStatus.Invited, now);
    }

    /// <summary>Name and address are gone, and stay gone.</summary>
    public void Erase(DateTimeOffset now)
    {
        if (Status != MemberStatus.Deactivated) Deactivate(now);
        ErasedAt = now;
    }
}
