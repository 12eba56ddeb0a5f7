using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>Who says who is in a team.</summary>
public enum TeamSource
{
    /// <summary>The organization's admins, here.</summary>
    Manual = 0,

    /// <summary>The identity provider, by SCIM 2.0 (RFC 7643 § 4.2).</summary>
    Scim = 1,

    /// <summary>The identity provider, by the groups claim at sign-in.</summary>
    GroupsClaim = 2,
}

/// <summary>People who are given roles together.</summary>
public sealed class Team : IBelongsToOrganization, IVersioned
{
    private Team() => (Name, NormalizedName) = ("", "");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Display name, 1–200 characters.</summary>
    public string Name { get; private set; }

    /// <summary>The name in upper case, unique in the organization.</summary>
    public string NormalizedName { get; private set; }

    /// <summary>Who says who is in it.</summary>
    public TeamSource Source { get; private set; }

    /// <summary>The identity provider's id of it, unique within the source; null for a manual one.</summary>
    public string? ExternalId { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes a team that admins look after.</summary>
    public static Team Create(Guid organizationId, string name, DateTimeOffset now) => Create(organizationId, name, TeamSource.Manual, null, now);

    /// <summary>Makes a team of this source.</summary>
    public static Team Create(Guid organizationId, string name, TeamSource source, string? externalId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        Name = name.Trim(),
        NormalizedName = Normalize(name),
        Source = source,
        ExternalId = externalId,
        CreatedAt = now,
    };

    /// <summary>Gives another name.</summary>
    public void Rename(string name) => (Name, NormalizedName) = (name.Trim(), Normalize(name));

    /// <summary>Hands the team over: from now on this source says who is in it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="externalId">The identity provider's id of it, or null.</param>
    public void HandOver(TeamSource source, string? externalId) => (Source, ExternalId) = (source, externalId);

    /// <summary>The form in which two names are the same.</summary>
    public static string Normalize(string name) => name.Trim().ToUpperInvariant();
}

/// <summary>A person's place in a team.</summary>
public sealed class TeamMember : IBelongsToOrganization
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>The team.</summary>
    public Guid TeamId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Puts a person into a team.</summary>
    public static TeamMember Create(Guid organizationId, Guid teamId, Guid personId, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, TeamId = teamId, PersonId = personId, CreatedAt = now };
}

/// <summary>A team's role in one project: everybody in it has at least this role there.</summary>
public sealed class ProjectTeam : IBelongsToProject, IVersioned
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The team.</summary>
    public Guid TeamId { get; private set; }

    /// <summary>Its role.</summary>
    public ProjectRole Role { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Gives a team a role.</summary>
    public static ProjectTeam Create(Guid organizationId, Guid projectId, Guid teamId, ProjectRole role, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, ProjectId = projectId, TeamId = teamId, Role = role, CreatedAt = now };

    /// <summary>Gives another role.</summary>
    public void ChangeRole(ProjectRole role) => Role = role;
}
