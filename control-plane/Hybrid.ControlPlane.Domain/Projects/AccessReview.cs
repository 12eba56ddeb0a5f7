namespace Hybrid.ControlPlane.Domain.Projects;

/// <summary>What a review of somebody's access found.</summary>
public enum AccessVerdict
{
    /// <summary>It is still needed.</summary>
    Confirmed = 0,

    /// <summary>It was taken away.</summary>
    Revoked = 1,
}

/// <summary>Somebody looked at a person's access to a project and decided.</summary>
public sealed class AccessReview : IBelongsToProject
{
    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Whose access.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The team by which they have it; null = a role of their own.</summary>
    public Guid? TeamId { get; private set; }

    /// <summary>The role that was looked at.</summary>
    public ProjectRole Role { get; private set; }

    /// <summary>What was decided.</summary>
    public AccessVerdict Verdict { get; private set; }

    /// <summary>Who decided.</summary>
    public Guid DecidedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; private set; }

    /// <summary>Records a decision.</summary>
    public static AccessReview Create(Guid organizationId, Guid projectId, Guid personId, Guid? teamId, ProjectRole role, AccessVerdict verdict, Guid by, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        ProjectId = projectId,
        PersonId = personId,
        TeamId = teamId,
        Role = role,
        Verdict = verdict,
        DecidedBy = by,
        DecidedAt = now,
    };
}

/// <summary>Something that a project's admins must hear of: an organization admin gave themselves a role there.</summary>
public sealed class ProjectNotice : IBelongsToProject, IVersioned
{
    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Who gave themselves the role.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The role.</summary>
    public ProjectRole Role { get; private set; }

    /// <summary>The team that they joined for it; null = they made themselves project admin.</summary>
    public Guid? TeamId { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Which other admin has taken note; null = nobody yet.</summary>
    public Guid? NotedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset? NotedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Announces it.</summary>
    public static ProjectNotice Create(Guid organizationId, Guid projectId, Guid personId, ProjectRole role, Guid? teamId, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), OrganizationId = organizationId, ProjectId = projectId, PersonId = personId, Role = role, TeamId = teamId, CreatedAt = now };

    /// <summary>Another admin has taken note.</summary>
    public void Note(Guid by, DateTimeOffset now) => (NotedBy, NotedAt) = (by, now);
}
