using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Domain.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Persistence;

/// <summary>
/// One of the few reads that come before an organization is known: rows of one table, for one key. In PostgreSQL it is a function of the
/// schema's owner, the only way of the serving role past row-level security (ADR 10); in SQLite the same condition.
/// </summary>
/// <typeparam name="T">The rows.</typeparam>
public sealed class Door<T> : IDoor
    where T : class
{
    private readonly string? sqlite;

    internal Door(string name, string? keyType, string postgres, string? sqlite = null) => (Name, KeyType, Condition, this.sqlite) = (name, keyType, postgres, sqlite);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? KeyType { get; }

    /// <inheritdoc/>
    public string Condition { get; }

    /// <inheritdoc/>
    public Type Rows => typeof(T);

    internal IQueryable<T> In(ControlPlaneDb db, object? key)
    {
        object[] keys = key is null ? [] : [key is DateTimeOffset at ? db.AsKept(at) : key];
#pragma warning disable EF1002 // Names and conditions are the constants below; the key is a parameter.
        var rows = db.Database.IsNpgsql()
            ? db.Set<T>().FromSqlRaw($"select * from {Name}({(KeyType is null ? "" : "{0}")})", keys)
            : db.Set<T>().FromSqlRaw($"select t.* from {db.Model.FindEntityType(typeof(T))!.GetTableName()} t where {sqlite ?? Condition}", keys);
#pragma warning restore EF1002
        return rows.IgnoreQueryFilters().AsNoTracking();
    }
}

/// <summary>What the schema needs to know of a door.</summary>
public interface IDoor
{
    /// <summary>The function's name.</summary>
    string Name { get; }

    /// <summary>PostgreSQL's type of the key, which stands as <c>{0}</c> in the condition; null = there is none.</summary>
    string? KeyType { get; }

    /// <summary>Which rows it shows, of the table as <c>t</c>.</summary>
    string Condition { get; }

    /// <summary>The entity.</summary>
    Type Rows { get; }
}

/// <summary>
/// All doors. A new one shows as little as its caller needs, for something that only the rightful caller has (the digest of a secret), or
/// says what work is waiting; everything else belongs into a <see cref="TenantScope"/>.
/// </summary>
public static class Doors
{
    /// <summary>The session of a cookie, by the SHA-256 of its value, or of the value before.</summary>
    public static readonly Door<Session> SessionOfToken = new("door_session_of_token", "bytea", "t.token_hash = {0} or t.previous_token_hash = {0}");

    /// <summary>The place in the organization that belongs to the same session.</summary>
    public static readonly Door<OrganizationMember> MemberOfSession = new("door_member_of_session", "bytea",
        "exists (select 1 from sessions s where (s.token_hash = {0} or s.previous_token_hash = {0}) and s.organization_id = t.organization_id and s.person_id = t.person_id)");

    /// <summary>The organization of the same session.</summary>
    public static readonly Door<Organization> OrganizationOfSession = new("door_organization_of_session", "bytea",
        "exists (select 1 from sessions s where (s.token_hash = {0} or s.previous_token_hash = {0}) and s.organization_id = t.id)");

    /// <summary>A program's key, by the SHA-256 of its secret.</summary>
    public static readonly Door<ApiKey> ApiKeyOfSecret = new("door_api_key_of_secret", "bytea", "t.secret_hash = {0}");

    /// <summary>The place in the organization of the account behind the same key.</summary>
    public static readonly Door<OrganizationMember> MemberOfApiKey = new("door_member_of_api_key", "bytea",
        "exists (select 1 from api_keys k where k.secret_hash = {0} and k.organization_id = t.organization_id and k.account_id = t.person_id)");

    /// <summary>Which organizations a person who signs in belongs to.</summary>
    public static readonly Door<OrganizationMember> MembershipsOfPerson = new("door_memberships_of_person", "uuid", "t.person_id = {0}");

    /// <summary>An enrolment token, by its digest.</summary>
    public static readonly Door<EnrolmentToken> EnrolmentTokenOfHash = new("door_enrolment_token_of_hash", "bytea", "t.hash = {0}");

    /// <summary>A replica's key, by its thumbprint.</summary>
    public static readonly Door<AgentKey> AgentKey = new("door_agent_key", "text", "t.key_id = {0}");

    /// <summary>The agent of a replica's key, by the same thumbprint.</summary>
    public static readonly Door<Agent> AgentOfKey = new("door_agent_of_key", "text", "exists (select 1 from agent_keys k where k.key_id = {0} and k.agent_id = t.id)");

    /// <summary>The keys of links that are up, by a JSON array of their thumbprints.</summary>
    public static readonly Door<AgentKey> AgentKeys = new("door_agent_keys", "text",
        "t.key_id in (select jsonb_array_elements_text({0}::jsonb))", "t.key_id in (select value from json_each({0}))");

    /// <summary>A proven mail domain, by its name.</summary>
    public static readonly Door<IdentityDomain> ProvenDomain = new("door_proven_domain", "text", "t.domain = {0} and t.verified_at is not null");

    /// <summary>The identity provider of a proven mail domain.</summary>
    public static readonly Door<IdentityProvider> ProviderOfDomain = new("door_provider_of_domain", "text",
        "exists (select 1 from identity_domains d where d.domain = {0} and d.verified_at is not null and d.organization_id = t.organization_id)");

    /// <summary>An identity provider, by the id that a sign-in began with or that a logout is addressed to.</summary>
    public static readonly Door<IdentityProvider> ProviderOfId = new("door_provider_of_id", "uuid", "t.id = {0}");

    /// <summary>Lists of people that are being worked off (<see cref="PeopleJobState"/>).</summary>
    public static readonly Door<PeopleJob> RunningPeopleJobs = new("door_running_people_jobs", null, "t.state = 0");

    /// <summary>Projects that were deleted before an instant, so that their grace is over.</summary>
    public static readonly Door<Project> ProjectsDeletedBefore = new("door_projects_deleted_before", "timestamptz", "t.deleted_at <= {0}");

    /// <summary>Memberships that are over at an instant.</summary>
    public static readonly Door<ProjectMember> MembershipsOverAt = new("door_memberships_over_at", "timestamptz", "t.valid_until <= {0}");

    /// <summary>Imports that wait or run (<see cref="ImportState"/>).</summary>
    public static readonly Door<ImportJob> OpenImports = new("door_open_imports", null, "t.state in (0, 1)");

    /// <summary>The connections that those imports list.</summary>
    public static readonly Door<Connection> ConnectionsOfOpenImports = new("door_connections_of_open_imports", null,
        "exists (select 1 from imports i where i.state in (0, 1) and i.connection_id = t.id)");

    /// <summary>Organizations with pictures whose size is not known yet.</summary>
    public static readonly Door<Organization> OrganizationsToDescribe = new("door_organizations_to_describe", null,
        "exists (select 1 from assets a where a.organization_id = t.id and a.width is null and a.describe_error is null)");

    /// <summary>What follows submits and is due at an instant: the first of it, however much waits.</summary>
    public static readonly Door<QualityJob> QualityJobsDueAt = new("door_quality_jobs_due_at", "timestamptz",
        "t.id in (select q.id from quality_jobs q where q.not_before <= {0} order by q.not_before, q.id limit 20)");

    /// <summary>A link that went by mail, by the SHA-256 of its secret.</summary>
    public static readonly Door<MailLink> MailLinkOfToken = new("door_mail_link_of_token", "bytea", "t.token_hash = {0}");

    /// <summary>Mails that are due at an instant (<see cref="MailLinkState"/>).</summary>
    public static readonly Door<MailLink> MailDueAt = new("door_mail_due_at", "timestamptz", "t.state = 0 and t.next_attempt_at <= {0}");

    /// <summary>Acts on many tasks that wait or run.</summary>
    public static readonly Door<QueueJob> RunningQueueJobs = new("door_running_queue_jobs", null, "t.state = 0");

    /// <summary>People who are to hear by mail of what has waited for them since before an instant.</summary>
    public static readonly Door<ThreadPerson> ThreadsToTellBefore = new("door_threads_to_tell_before", "timestamptz", "t.tell_since <= {0}");

    /// <summary>Members whose invitation is wanted.</summary>
    public static readonly Door<OrganizationMember> InvitationsWanted = new("door_invitations_wanted", null, "t.invitation_wanted_at is not null");

    /// <summary>The organizations that a person may come into (<see cref="MemberStatus"/>); only for that person.</summary>
    public static readonly Door<Organization> OrganizationsOfPerson = new("door_organizations_of_person", "uuid",
        "exists (select 1 from organization_members m where m.person_id = {0} and m.organization_id = t.id and m.status = 0)");

    /// <summary>Every organization, for what the operator does to the whole installation.</summary>
    public static readonly Door<Organization> EveryOrganization = new("door_every_organization", null, "true");

    /// <summary>Every door.</summary>
    public static IReadOnlyList<IDoor> All { get; } =
        [
            SessionOfToken, MemberOfSession, OrganizationOfSession, ApiKeyOfSecret, MemberOfApiKey, MembershipsOfPerson, OrganizationsOfPerson, EnrolmentTokenOfHash, AgentKey, AgentOfKey, AgentKeys, ProvenDomain, ProviderOfDomain, ProviderOfId, RunningPeopleJobs, ProjectsDeletedBefore, MembershipsOverAt, OpenImports, ConnectionsOfOpenImports, OrganizationsToDescribe, QualityJobsDueAt, MailLinkOfToken, MailDueAt, RunningQueueJobs, ThreadsToTellBefore, InvitationsWanted, EveryOrganization,
        ];

    /// <summary>The rows behind a door; to be composed on like any query, and not tracked.</summary>
    /// <typeparam name="T">The rows.</typeparam>
    /// <param name="db">The context; no scope is needed.</param>
    /// <param name="door">The door.</param>
    /// <param name="key">Its key.</param>
    public static IQueryable<T> Through<T>(this ControlPlaneDb db, Door<T> door, object? key = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(door);
        return door.In(db, key);
    }
}
