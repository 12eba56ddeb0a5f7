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

/// <summary>A person's place in an organization.</summary>
public sealed class OrganizationMember : IBelongsToOrganization
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Their organization role.</summary>
    public OrganizationRole Role { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Adds a person to an organization.</summary>
    public static OrganizationMember Create(Guid organizationId, Guid personId, OrganizationRole role, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, PersonId = personId, Role = role, CreatedAt = now };

    /// <summary>Gives another role.</summary>
    public void ChangeRole(OrganizationRole role) => Role = role;
}
