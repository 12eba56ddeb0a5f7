using System.Security.Cryptography;

namespace Hybrid.ControlPlane.Domain.Projects;

/// <summary>One data type, one ontology, one workflow, its own members; the unit of isolation.</summary>
public sealed class Project : IBelongsToOrganization, IVersioned
{
    private Project()
    {
        Name = "";
        Description = "";
        PseudonymKey = [];
    }

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>Display name, 1–200 characters.</summary>
    public string Name { get; private set; }

    /// <summary>What the project is about, at most 2,000 characters.</summary>
    public string Description { get; private set; }

    /// <summary>The ontology version in force, from 1.</summary>
    public int OntologyVersion { get; private set; }

    /// <summary>The workflow version in force, from 1.</summary>
    public int WorkflowVersion { get; private set; }

    /// <summary>The guideline version in force, from 1; null while there is none.</summary>
    public int? GuidelineVersion { get; private set; }

    /// <summary>The newest guideline version that everybody must have read before they claim; null = none.</summary>
    public int? MustReadVersion { get; private set; }

    /// <summary>Nothing is approved while an issue of the asset's current round is open.</summary>
    public bool IssuesBlock { get; private set; }

    /// <summary>Nobody works on two steps of the same asset. On by default when there is a review step.</summary>
    public bool StepSeparation { get; private set; }

    /// <summary>Some step of some workflow version is for named members alone: claims ask for it only then.</summary>
    public bool HasNamedSteps { get; private set; }

    /// <summary>Some workflow version asks several people for one asset: claims look for it only then.</summary>
    public bool HasConsensus { get; private set; }

    /// <summary>Honeypots are mixed in, so that every submit is followed up.</summary>
    public bool HasHoneypots { get; private set; }

    /// <summary>Not all labeling tasks are alike here, and nobody who labels may tell which.</summary>
    public bool IsMeasured => HasConsensus || HasHoneypots;

    /// <summary>What a reviewer sends back goes to whoever is next, not to its labeler.</summary>
    public bool SendsBackToQueue { get; private set; }

    /// <summary>Key of this project's pseudonyms (256 bits), so that they are stable here and unlinkable elsewhere.</summary>
    public byte[] PseudonymKey { get; private set; }

    /// <summary>Blind review: people appear by pseudonyms wherever work is shown (workflow-and-quality.md § Anonymization).</summary>
    public bool Anonymized { get; private set; }

    /// <summary>The least project role that needs a second factor; null = nobody has to.</summary>
    public ProjectRole? MfaFrom { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Makes a project at ontology version 1 and workflow version 1.</summary>
    public static Project Create(Guid organizationId, string name, string? description, bool stepSeparation, DateTimeOffset now, Guid? id = null) => new()
    {
        Id = id ?? Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        Name = name.Trim(),
        Description = description?.Trim() ?? "",
        OntologyVersion = 1,
        WorkflowVersion = 1,
        StepSeparation = stepSeparation,
        PseudonymKey = RandomNumberGenerator.GetBytes(32),
        CreatedAt = now,
    };

    /// <summary>Since when nothing is worked on here; null = work goes on.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>When its deletion was asked for; null = never, or it was taken back.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>How long a deleted project can be restored.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromDays(30);

    /// <summary>Nothing is worked on any more; everything stays to be seen.</summary>
    public void Archive(DateTimeOffset now) => ArchivedAt = now;

    /// <summary>For everybody it is gone now; its admins can restore it within <see cref="GracePeriod"/>.</summary>
    public void Delete(DateTimeOffset now) => DeletedAt = now;

    /// <summary>Takes deletion back, or else the archiving.</summary>
    public void Restore()
    {
        if (DeletedAt is not null) DeletedAt = null;
        else ArchivedAt = null;
    }

    /// <summary>Puts the next ontology version in force.</summary>
    /// <returns>The new version number.</returns>
    public int AdvanceOntology() => ++OntologyVersion;

    /// <summary>Puts the next guideline version in force.</summary>
    /// <param name="mustRead">Whether everybody must have read it before they claim.</param>
    /// <returns>The new version number.</returns>
    public int AdvanceGuideline(bool mustRead)
    {
        var number = (GuidelineVersion ?? 0) + 1;
        GuidelineVersion = number;
        if (mustRead) MustReadVersion = number;
        return number;
    }

    /// <summary>Lets open issues block what is to be done, or not.</summary>
    /// <returns>False when it was so already.</returns>
    public bool BlockOnIssues(bool on)
    {
        if (IssuesBlock == on) return false;
        IssuesBlock = on;
        return true;
    }

    /// <summary>Asks a second factor of this role and those above; null of nobody.</summary>
    public void RequireMfa(ProjectRole? from) => MfaFrom = from;

    /// <summary>Puts the next workflow version in force.</summary>
    /// <param name="reviews">Whether it has a review step.</param>
    /// <param name="reviewedBefore">Whether the version before had one.</param>
    /// <param name="named">Whether a step of it is for named members alone.</param>
    /// <param name="consensus">Whether several people are asked for some assets.</param>
    /// <returns>Whether step separation was turned on by it: it is the default as soon as there is a review step.</returns>
    public bool AdvanceWorkflow(bool reviews, bool reviewedBefore, bool named, bool consensus = false)
    {
        WorkflowVersion++;
        HasNamedSteps |= named;
        HasConsensus |= consensus;
        return reviews && !reviewedBefore && Separate(true);
    }

    /// <summary>Lets nobody work on two steps of one asset from now on, or lets them.</summary>
    /// <returns>False when it was so already.</returns>
    public bool Separate(bool on)
    {
        if (StepSeparation == on) return false;
        StepSeparation = on;
        return true;
    }

    /// <summary>Several people are asked for some assets from the beginning.</summary>
    public void AskSeveral() => HasConsensus = true;

    /// <summary>Mixes honeypots in from now on, or no more.</summary>
    public void MixHoneypots(bool on) => HasHoneypots = on;

    /// <summary>Sends labels back to whoever is next from now on, or to their labeler.</summary>
    /// <returns>False when it was so already.</returns>
    public bool SendBackTo(bool queue)
    {
        if (SendsBackToQueue == queue) return false;
        SendsBackToQueue = queue;
        return true;
    }

    /// <summary>The seed of a step's sampling policy: HMAC-SHA256 of step and policy version under this project's key (RFC 2104), so that it says nothing of the key.</summary>
    /// <param name="stepId">The step.</param>
    /// <param name="policyVersion">The version of its policy.</param>
    public byte[] SamplingSeed(Guid stepId, int policyVersion) => Workflow.SamplingSeed(PseudonymKey, stepId, policyVersion);

    /// <summary>Shows people by pseudonyms from now on, or by name again.</summary>
    /// <returns>False when it was so already.</returns>
    public bool Anonymize(bool on)
    {
        if (Anonymized == on) return false;
        Anonymized = on;
        return true;
    }
}

/// <summary>What a person may do in one project, each role including the ones below it.</summary>
public enum ProjectRole
{
    /// <summary>Claims and labels.</summary>
    Labeler = 0,

    /// <summary>Also reviews.</summary>
    Reviewer = 1,

    /// <summary>Also assigns, prioritizes, reopens, and sees everything in the project.</summary>
    TeamManager = 2,

    /// <summary>Also rules over ontology, workflow, storage, export.</summary>
    ProjectAdmin = 3,
}

/// <summary>A person's role in one project.</summary>
public sealed class ProjectMember : IBelongsToProject, IVersioned
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Their role.</summary>
    public ProjectRole Role { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From when the role holds; null = from the beginning. Before, the project does not exist for the person.</summary>
    public DateTimeOffset? ValidFrom { get; private set; }

    /// <summary>Until when the role holds, exclusive; null = without end.</summary>
    public DateTimeOffset? ValidUntil { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Adds a person to a project.</summary>
    public static ProjectMember Create(
        Guid organizationId, Guid projectId, Guid personId, ProjectRole role, DateTimeOffset now, DateTimeOffset? validFrom = null, DateTimeOffset? validUntil = null) => new()
        {
            OrganizationId = organizationId,
            ProjectId = projectId,
            PersonId = personId,
            Role = role,
            CreatedAt = now,
            ValidFrom = validFrom,
            ValidUntil = validUntil,
        };

    /// <summary>Gives other dates.</summary>
    public void Limit(DateTimeOffset? validFrom, DateTimeOffset? validUntil) => (ValidFrom, ValidUntil) = (validFrom, validUntil);

    /// <summary>Gives another role.</summary>
    public void ChangeRole(ProjectRole role) => Role = role;
}

/// <summary>One immutable version of a project's ontology.</summary>
public sealed class OntologyVersion : IBelongsToProject
{
    private OntologyVersion() => (Document, Digest) = ("", []);

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Version number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The ontology as JSON (label-model: tools, questions, relations).</summary>
    public string Document { get; private set; }

    /// <summary>SHA-256 of the RFC 8785 canonical JSON.</summary>
    public byte[] Digest { get; private set; }

    /// <summary>Who made it.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes a version.</summary>
    public static OntologyVersion Create(Project project, int number, string document, byte[] digest, Guid by, DateTimeOffset now) => new()
    {
        OrganizationId = project.OrganizationId,
        ProjectId = project.Id,
        Number = number,
        Document = document,
        Digest = digest,
        CreatedBy = by,
        CreatedAt = now,
    };
}

/// <summary>A storage connection that a project may take assets from.</summary>
public sealed class ProjectConnection : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The connection.</summary>
    public Guid ConnectionId { get; private set; }

    /// <summary>Admits a connection to a project.</summary>
    public static ProjectConnection Create(Project project, Guid connectionId) =>
        new() { OrganizationId = project.OrganizationId, ProjectId = project.Id, ConnectionId = connectionId };
}
