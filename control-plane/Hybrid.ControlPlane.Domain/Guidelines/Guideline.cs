using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Domain.Guidelines;

/// <summary>One immutable version of how to label in a project: Markdown for all, and a section for each class that needs one.</summary>
public sealed class GuidelineVersion : IBelongsToProject
{
    private GuidelineVersion() => (Text, Sections, Digest, Reason) = ("", "{}", [], "");

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Version number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Markdown (CommonMark with GitHub's tables), at most 100,000 characters.</summary>
    public string Text { get; private set; }

    /// <summary>Markdown by class (tool id of the ontology), a JSON object.</summary>
    public string Sections { get; private set; }

    /// <summary>SHA-256 of the RFC 8785 canonical JSON of text and sections.</summary>
    public byte[] Digest { get; private set; }

    /// <summary>Why it was published, 1–500 characters.</summary>
    public string Reason { get; private set; }

    /// <summary>Nobody claims a task before they said that they have read it.</summary>
    public bool MustRead { get; private set; }

    /// <summary>Who published it.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes a version.</summary>
    /// <param name="project">Already advanced to it.</param>
    /// <param name="text">Markdown.</param>
    /// <param name="sections">JSON object of Markdown by class.</param>
    /// <param name="digest">Of both.</param>
    /// <param name="reason">Why.</param>
    /// <param name="mustRead">Whether it is to be read before the next claim.</param>
    /// <param name="by">Who.</param>
    /// <param name="now">When.</param>
    public static GuidelineVersion Create(Project project, string text, string sections, byte[] digest, string reason, bool mustRead, Guid by, DateTimeOffset now) => new()
    {
        OrganizationId = project.OrganizationId,
        ProjectId = project.Id,
        Number = project.GuidelineVersion!.Value,
        Text = text,
        Sections = sections,
        Digest = digest,
        Reason = reason,
        MustRead = mustRead,
        CreatedBy = by,
        CreatedAt = now,
    };
}

/// <summary>A person said that they have read a version.</summary>
public sealed class GuidelineReading : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Who.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Which version.</summary>
    public int Number { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    /// <summary>Records it.</summary>
    public static GuidelineReading Of(Guid organizationId, Guid projectId, Guid person, int number, DateTimeOffset now) =>
        new() { OrganizationId = organizationId, ProjectId = projectId, PersonId = person, Number = number, ReadAt = now };
}

/// <summary>A reference to an object of the project's storage that guidelines show; never bytes.</summary>
public sealed class GuidelinePicture : IBelongsToProject
{
    private GuidelinePicture() => Key = "";

    /// <summary>Identifier, which Markdown names as <c>picture:ID</c>.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Where the object lives.</summary>
    public Guid ConnectionId { get; private set; }

    /// <summary>Object key in the connection, at most 1,024 bytes of UTF-8.</summary>
    public string Key { get; private set; }

    /// <summary>The first version that shows it; null while only a draft does, and nobody but its writers sees it.</summary>
    public int? PublishedIn { get; private set; }

    /// <summary>Who added it.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes a reference.</summary>
    public static GuidelinePicture Create(Guid organizationId, Guid projectId, Guid connectionId, string key, Guid by, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), OrganizationId = organizationId, ProjectId = projectId, ConnectionId = connectionId, Key = key, CreatedBy = by, CreatedAt = now };

    /// <summary>A version shows it from now on.</summary>
    public void Publish(int number) => PublishedIn ??= number;
}
