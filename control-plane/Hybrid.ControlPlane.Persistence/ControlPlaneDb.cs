using Hybrid.ControlPlane.Domain;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Grants;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// The control plane's one database. Rows of an organization are filtered by <see cref="OrganizationId"/>, which only the tenant
/// scope sets: with no scope open, every such query is empty.
/// </summary>
public sealed class ControlPlaneDb(DbContextOptions<ControlPlaneDb> options)
    : IdentityUserContext<Person, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The organization whose rows are visible; set by the tenant scope alone.</summary>
    public Guid OrganizationId { get; set; }

    /// <summary>An instant as a statement of our own meets it in a column (<see cref="UnixMillisecondsConverter"/>).</summary>
    public object AsKept(DateTimeOffset at) => Database.IsSqlite() ? at.ToUnixTimeMilliseconds() : at;

    /// <summary>Customers.</summary>
    public DbSet<Organization> Organizations => Set<Organization>();

    /// <summary>People's places in organizations.</summary>
    public DbSet<OrganizationMember> OrganizationMembers => Set<OrganizationMember>();

    /// <summary>Teams.</summary>
    public DbSet<Team> Teams => Set<Team>();

    /// <summary>People's places in teams.</summary>
    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();

    /// <summary>Teams' roles in projects.</summary>
    public DbSet<ProjectTeam> ProjectTeams => Set<ProjectTeam>();

    /// <summary>Jobs over many people.</summary>
    public DbSet<PeopleJob> PeopleJobs => Set<PeopleJob>();

    /// <summary>Decisions about access.</summary>
    public DbSet<AccessReview> AccessReviews => Set<AccessReview>();

    /// <summary>What projects' admins must hear of.</summary>
    public DbSet<ProjectNotice> ProjectNotices => Set<ProjectNotice>();

    /// <summary>Signed-in browsers.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>People's ways in without their authenticator.</summary>
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    /// <summary>People's passkeys.</summary>
    public DbSet<Passkey> Passkeys => Set<Passkey>();

    /// <summary>Challenges to passkeys that were answered.</summary>
    public DbSet<AnsweredChallenge> AnsweredChallenges => Set<AnsweredChallenge>();

    /// <summary>Links that go by mail, and their mails.</summary>
    public DbSet<MailLink> MailLinks => Set<MailLink>();

    /// <summary>Addresses for which a new password is wanted.</summary>
    public DbSet<PasswordResetRequest> PasswordResetRequests => Set<PasswordResetRequest>();

    /// <summary>Tries that failed.</summary>
    public DbSet<SignInDelay> SignInDelays => Set<SignInDelay>();

    /// <summary>Browsers in which people have signed in.</summary>
    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    /// <summary>Keys of programs.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>Organizations' OpenID providers.</summary>
    public DbSet<IdentityProvider> IdentityProviders => Set<IdentityProvider>();

    /// <summary>Mail domains that organizations claim.</summary>
    public DbSet<IdentityDomain> IdentityDomains => Set<IdentityDomain>();

    /// <summary>Who an issuer's subjects are.</summary>
    public DbSet<ExternalLogin> ExternalLogins => Set<ExternalLogin>();

    /// <summary>What organizations' directories say of their people.</summary>
    public DbSet<DirectoryEntry> DirectoryEntries => Set<DirectoryEntry>();

    /// <summary>Project roles that groups gave.</summary>
    public DbSet<MappedMembership> MappedMemberships => Set<MappedMembership>();

    /// <summary>Logout tokens that were taken.</summary>
    public DbSet<TakenLogoutToken> TakenLogoutTokens => Set<TakenLogoutToken>();

    /// <summary>Projects.</summary>
    public DbSet<Project> Projects => Set<Project>();

    /// <summary>People's roles in projects.</summary>
    public DbSet<ProjectMember> ProjectMembers => Set<ProjectMember>();

    /// <summary>Ontology versions.</summary>
    public DbSet<OntologyVersion> OntologyVersions => Set<OntologyVersion>();

    /// <summary>Workflow steps of every version.</summary>
    public DbSet<WorkflowStep> WorkflowSteps => Set<WorkflowStep>();

    /// <summary>Who works on steps that are for named members alone.</summary>
    public DbSet<WorkflowStepMember> WorkflowStepMembers => Set<WorkflowStepMember>();

    /// <summary>Connections admitted to projects.</summary>
    public DbSet<ProjectConnection> ProjectConnections => Set<ProjectConnection>();

    /// <summary>Storage agents.</summary>
    public DbSet<Agent> Agents => Set<Agent>();

    /// <summary>Replicas' keys.</summary>
    public DbSet<AgentKey> AgentKeys => Set<AgentKey>();

    /// <summary>Enrolment tokens.</summary>
    public DbSet<EnrolmentToken> EnrolmentTokens => Set<EnrolmentToken>();

    /// <summary>Agents' connections.</summary>
    public DbSet<Connection> Connections => Set<Connection>();

    /// <summary>Signing keys of grants; of the installation, not of an organization.</summary>
    public DbSet<GrantKey> GrantKeys => Set<GrantKey>();

    /// <summary>References to objects.</summary>
    public DbSet<Asset> Assets => Set<Asset>();

    /// <summary>Imports.</summary>
    public DbSet<ImportJob> Imports => Set<ImportJob>();

    /// <summary>Tasks.</summary>
    public DbSet<WorkTask> Tasks => Set<WorkTask>();

    /// <summary>Who worked on which step.</summary>
    public DbSet<StepWork> StepWork => Set<StepWork>();

    /// <summary>What was decided when assets arrived at review steps.</summary>
    public DbSet<SamplingDecision> SamplingDecisions => Set<SamplingDecision>();

    /// <summary>Drafts.</summary>
    public DbSet<Draft> Drafts => Set<Draft>();

    /// <summary>Label versions.</summary>
    public DbSet<Label> Labels => Set<Label>();

    /// <summary>Classes of label versions.</summary>
    public DbSet<LabelClass> LabelClasses => Set<LabelClass>();

    /// <summary>Reviewers' decisions.</summary>
    public DbSet<Review> Reviews => Set<Review>();

    /// <summary>Whether several people were asked for an asset, and what came of it.</summary>
    public DbSet<ConsensusRound> ConsensusRounds => Set<ConsensusRound>();

    /// <summary>Agreements of two labels of one asset.</summary>
    public DbSet<LabelPair> LabelPairs => Set<LabelPair>();

    /// <summary>Assets whose right answer is known.</summary>
    public DbSet<Honeypot> Honeypots => Set<Honeypot>();

    /// <summary>People's agreement with known answers.</summary>
    public DbSet<HoneypotScore> HoneypotScores => Set<HoneypotScore>();

    /// <summary>What projects measure and when they act on it.</summary>
    public DbSet<QualitySettings> QualitySettings => Set<QualitySettings>();

    /// <summary>How people stand in projects.</summary>
    public DbSet<LabelerStanding> LabelerStandings => Set<LabelerStanding>();

    /// <summary>What follows submits.</summary>
    public DbSet<QualityJob> QualityJobs => Set<QualityJob>();

    /// <summary>Versions of guidelines.</summary>
    public DbSet<Domain.Guidelines.GuidelineVersion> GuidelineVersions => Set<Domain.Guidelines.GuidelineVersion>();

    /// <summary>Who has read which of them.</summary>
    public DbSet<Domain.Guidelines.GuidelineReading> GuidelineReadings => Set<Domain.Guidelines.GuidelineReading>();

    /// <summary>Objects that they show.</summary>
    public DbSet<Domain.Guidelines.GuidelinePicture> GuidelinePictures => Set<Domain.Guidelines.GuidelinePicture>();

    /// <summary>Issues and questions.</summary>
    public DbSet<Domain.Talk.IssueThread> Threads => Set<Domain.Talk.IssueThread>();

    /// <summary>What is said in them.</summary>
    public DbSet<Domain.Talk.ThreadComment> ThreadComments => Set<Domain.Talk.ThreadComment>();

    /// <summary>People's parts in them.</summary>
    public DbSet<Domain.Talk.ThreadPerson> ThreadPeople => Set<Domain.Talk.ThreadPerson>();

    /// <summary>Acts on many tasks.</summary>
    public DbSet<QueueJob> QueueJobs => Set<QueueJob>();

    /// <summary>How tasks were before.</summary>
    public DbSet<QueueJobChange> QueueJobChanges => Set<QueueJobChange>();

    /// <summary>The audit log.</summary>
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>Data Protection's key ring.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Contexts are pooled: none goes back with an organization still visible.</summary>
    public override void Dispose()
    {
        OrganizationId = Guid.Empty;
        base.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public override ValueTask DisposeAsync()
    {
        OrganizationId = Guid.Empty;
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RaiseVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RaiseVersions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        // SQLite has no type for instants that it can order: milliseconds since 1970 there, timestamptz in PostgreSQL.
        if (Database.IsSqlite()) configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(ControlPlaneDb).Assembly);
        FilterByOrganization(builder);
        SnakeCase.Apply(builder);
    }

    private void FilterByOrganization(ModelBuilder builder)
    {
        foreach (var type in builder.Model.GetEntityTypes().Select(t => t.ClrType).Where(typeof(IBelongsToOrganization).IsAssignableFrom))
        {
            typeof(ControlPlaneDb).GetMethod(nameof(Filter), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
                .MakeGenericMethod(type).Invoke(this, [builder]);
        }
    }

    private void Filter<T>(ModelBuilder builder)
        where T : class, IBelongsToOrganization =>
        builder.Entity<T>().HasQueryFilter(row => row.OrganizationId == OrganizationId);

    private void RaiseVersions()
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>().Where(e => e.State == EntityState.Modified))
        {
            entry.Entity.Version++;
        }
    }
}
