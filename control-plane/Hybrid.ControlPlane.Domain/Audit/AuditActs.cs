namespace Hybrid.ControlPlane.Domain.Audit;

/// <summary>Every act that the log can hold. Codes are permanent: never renamed, never reused.</summary>
public static class AuditActs
{
#pragma warning disable CS1591 // Each name says what its code says.
    public const string OrganizationCreated = "organization.created";
    public const string PersonAdded = "person.added";
    public const string SignedIn = "session.signed_in";
    public const string SignInRefused = "session.sign_in_refused";
    public const string SessionUnlocked = "session.unlocked";
    public const string SignedOut = "session.signed_out";
    public const string SessionsEndedByProvider = "session.ended_by_provider";
    public const string IdentityProviderConfigured = "identity_provider.configured";
    public const string IdentityProviderRemoved = "identity_provider.removed";
    public const string IdentityDomainClaimed = "identity_domain.claimed";
    public const string IdentityDomainVerified = "identity_domain.verified";
    public const string IdentityDomainRemoved = "identity_domain.removed";
    public const string PersonLinked = "person.linked";
    public const string ProjectCreated = "project.created";
    public const string MemberAdded = "member.added";
    public const string MemberRoleChanged = "member.role_changed";
    public const string MemberRemoved = "member.removed";
    public const string OntologyVersionCreated = "ontology.version_created";
    public const string AgentCreated = "agent.created";
    public const string AgentTokenIssued = "agent.token_issued";
    public const string AgentEnrolled = "agent.enrolled";
    public const string AgentConnectionsChanged = "agent.connections_changed";
    public const string AgentKeyRotated = "agent.key_rotated";
    public const string AgentRevoked = "agent.revoked";
    public const string ConnectionProbed = "connection.probed";
    public const string ProjectConnectionsChanged = "project.connections_changed";
    public const string GrantKeyRotated = "grant_key.rotated";
    public const string ImportStarted = "import.started";
    public const string ImportPaused = "import.paused";
    public const string ImportResumed = "import.resumed";
    public const string ImportCancelled = "import.cancelled";
    public const string ImportFinished = "import.finished";
    public const string GrantIssued = "grant.issued";
    public const string TaskClaimed = "task.claimed";
    public const string TaskReserved = "task.reserved";
    public const string TaskReleased = "task.released";
    public const string TaskSkipped = "task.skipped";
    public const string LeaseRenewed = "task.lease_renewed";
    public const string DraftSaved = "draft.saved";
    public const string AssetDescribed = "asset.described";
    public const string LabelSubmitted = "label.submitted";
    public const string ReviewApproved = "review.approved";
    public const string ReviewCorrected = "review.corrected";
    public const string ReviewSentBack = "review.sent_back";
#pragma warning restore CS1591
}
