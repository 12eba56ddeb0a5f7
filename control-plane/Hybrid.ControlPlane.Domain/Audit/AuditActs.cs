namespace Hybrid.ControlPlane.Domain.Audit;

/// <summary>Every act that the log can hold. Codes are permanent: never renamed, never reused.</summary>
public static class AuditActs
{
#pragma warning disable CS1591 // Each name says what its code says.
    public const string OrganizationCreated = "organization.created";
    public const string PersonAdded = "person.added";
    public const string PersonInvited = "person.invited";
    public const string PersonRoleChanged = "person.role_changed";
    public const string PersonDeactivated = "person.deactivated";
    public const string PersonReactivated = "person.reactivated";
    public const string PersonExported = "person.exported";
    public const string PersonErased = "person.erased";
    public const string PeopleJobStarted = "people_job.started";
    public const string PeopleJobFinished = "people_job.finished";
    public const string TeamCreated = "team.created";
    public const string TeamRenamed = "team.renamed";
    public const string TeamDeleted = "team.deleted";
    public const string TeamMemberAdded = "team.member_added";
    public const string TeamMemberRemoved = "team.member_removed";
    public const string SignedIn = "session.signed_in";
    public const string SignInRefused = "session.sign_in_refused";
    public const string SessionUnlocked = "session.unlocked";
    public const string SignedOut = "session.signed_out";
    public const string ProjectCreated = "project.created";
    public const string MemberAdded = "member.added";
    public const string MemberRoleChanged = "member.role_changed";
    public const string MemberRemoved = "member.removed";
    public const string MemberDatesChanged = "member.dates_changed";
    public const string MemberAccessEnded = "member.access_ended";
    public const string MemberSelfAdmin = "member.self_admin";
    public const string NoticeNoted = "notice.noted";
    public const string ProjectTeamAdded = "project_team.added";
    public const string ProjectTeamRoleChanged = "project_team.role_changed";
    public const string ProjectTeamRemoved = "project_team.removed";
    public const string AccessConfirmed = "access.confirmed";
    public const string AccessRevoked = "access.revoked";
    public const string ProjectArchived = "project.archived";
    public const string ProjectRestored = "project.restored";
    public const string ProjectDeleted = "project.deleted";
    public const string ProjectPurged = "project.purged";
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
