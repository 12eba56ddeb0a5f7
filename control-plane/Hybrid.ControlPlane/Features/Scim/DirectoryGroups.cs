using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Infrastructure.Scim;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>
/// The directory's groups, which are teams here (RFC 7643 § 4.2). It sees and writes only teams of its own: those that admins made by hand, or that
/// follow the groups claim, do not exist for it. What a team may do in projects is said there, and never by the directory.
/// </summary>
internal sealed class DirectoryGroups(ControlPlaneDb db, DirectoryPeople people, ICurrentUser user, LeaseRelease leases, TeamEnd end, AuditTrail audit, ControlPlaneOptions options, TimeProvider clock)
{
    public const string Urn = "urn:ietf:params:scim:schemas:core:2.0:Group";

    /// <summary>Largest group.</summary>
    public const int MaxMembers = 20_000;

    /// <summary>What of the standard's group is kept, and read-only.</summary>
    public static readonly ScimSchema Schema = new(
        Urn,
        new Dictionary<string, string[]>(StringComparer.Ordinal) { ["displayName"] = [], ["externalId"] = [], ["members"] = ["value"] },
        new HashSet<string>(["members"], StringComparer.Ordinal),
        new HashSet<string>(["id", "meta", "schemas"], StringComparer.OrdinalIgnoreCase),
        new HashSet<string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>What can be asked about.</summary>
    public ScimQuery<Team> Query() => new ScimQuery<Team>(Urn)
        .Id("id", t => t.Id).Exact("externalId", t => t.ExternalId).Upper("displayName", t => t.NormalizedName)
        .Members("members", (t, id) => db.TeamMembers.Any(m => m.TeamId == t.Id && m.PersonId == id), t => db.TeamMembers.Any(m => m.TeamId == t.Id))
        .Members("members.value", (t, id) => db.TeamMembers.Any(m => m.TeamId == t.Id && m.PersonId == id), t => db.TeamMembers.Any(m => m.TeamId == t.Id));

    /// <summary>The directory's teams.</summary>
    public IQueryable<Team> Rows() => db.Teams.AsNoTracking().Where(t => t.Source == TeamSource.Scim);

    /// <summary>Teams as resources.</summary>
    /// <param name="teams">Which.</param>
    /// <param name="withMembers">False when the caller wants no members: they are not even read then.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<JsonObject>> ResourcesAsync(IReadOnlyList<Team> teams, bool withMembers, CancellationToken ct)
    {
        var members = withMembers ? await MembersAsync([.. teams.Select(t => t.Id)], ct) : [];
        return
        [
            .. teams.Select(t =>
            {
                var resource = Kept(t, members.GetValueOrDefault(t.Id) ?? []);
                if (!withMembers) resource.Remove("members");
                return ScimResource.Finish(resource, Urn, "Group", options.PublicUrl, t.Id, t.CreatedAt);
            }),
        ];
    }

    /// <summary>One team, or null.</summary>
    public async Task<JsonObject?> ResourceAsync(Guid id, CancellationToken ct) =>
        await Rows().SingleOrDefaultAsync(t => t.Id == id, ct) is { } team ? (await ResourcesAsync([team], true, ct))[0] : null;

    /// <summary>Makes a team.</summary>
    public async Task<Result<Guid>> AddAsync(JsonObject resource, CancellationToken ct)
    {
        var said = Read(resource);
        if (await IsTakenAsync(said, null, ct)) return Taken;
        var now = clock.GetUtcNow();
        var team = Team.Create(user.OrganizationId, said.Name, TeamSource.Scim, said.ExternalId, now);
        db.Teams.Add(team);
        audit.Record(AuditActs.TeamCreated, null, [team.Id]);
        await db.SaveChangesAsync(ct);
        await SetMembersAsync(team.Id, [], said.Members, now, ct);
        await db.SaveChangesAsync(ct);
        return team.Id;
    }

    /// <summary>Takes over a whole resource (PUT), or one that a PATCH was applied to.</summary>
    public async Task<Result<Done>> ChangeAsync(Guid id, Func<JsonObject, JsonObject> change, string? ifMatch, CancellationToken ct)
    {
        var team = await db.Teams.SingleOrDefaultAsync(t => t.Id == id && t.Source == TeamSource.Scim, ct);
        if (team is null) return RequestErrors.NotFound;
        if (ifMatch is not null && !ScimResource.Matches(ifMatch, (await ResourcesAsync([team], true, ct))[0])) return ScimResource.Stale;
        var before = (await MembersAsync([id], ct))[id];
        var said = Read(change(Kept(team, before)));
        if (await IsTakenAsync(said, id, ct)) return Taken;
        var (named, held) = (said.Name != team.Name || said.ExternalId != team.ExternalId, before.Select(m => m.Id).ToHashSet());
        if (named)
        {
            team.Rename(said.Name);
            team.HandOver(TeamSource.Scim, said.ExternalId);
            audit.Record(AuditActs.TeamRenamed, null, [team.Id]);
        }

        await SetMembersAsync(id, held, said.Members, clock.GetUtcNow(), ct);
        audit.NothingHappened = !named && held.SetEquals(said.Members);
        await db.SaveChangesAsync(ct);
        return Done.Value;
    }

    /// <summary>Deletes a team, with the roles that it gave.</summary>
    public async Task<Result<Done>> RemoveAsync(Guid id, string? ifMatch, CancellationToken ct)
    {
        var team = await Rows().SingleOrDefaultAsync(t => t.Id == id, ct);
        if (team is null) return RequestErrors.NotFound;
        if (ifMatch is not null && !ScimResource.Matches(ifMatch, (await ResourcesAsync([team], true, ct))[0])) return ScimResource.Stale;
        await end.DeleteAsync(id, ct);
        return Done.Value;
    }

    private static readonly ScimRefusal Taken = new(ErrorKind.Conflict, ScimTypes.Uniqueness, "Another team has this displayName or externalId. Nothing was changed.");

    private static JsonObject Kept(Team team, List<(Guid Id, string Name)> members)
    {
        var resource = new JsonObject { ["displayName"] = team.Name };
        if (team.ExternalId is not null) resource["externalId"] = team.ExternalId;
        resource["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["value"] = m.Id.ToString(), ["display"] = m.Name, ["type"] = "User" })]);
        return resource;
    }

    private static Said Read(JsonObject resource)
    {
        var name = ScimJson.Text(resource, "displayName", 200) ?? throw ScimException.Value("\"displayName\" is missing.");
        var list = ScimJson.Find(resource, "members") switch { null => [], JsonArray several => several, _ => throw ScimException.Value("\"members\" is a list.") };
        if (list.Count > MaxMembers) throw new ScimException(413, ScimTypes.TooMany, $"A group has at most {MaxMembers} members.");
        var members = new HashSet<Guid>();
        foreach (var element in list)
        {
            // Groups within groups, and what is no id at all, are nobody here.
            if (!Guid.TryParse(ScimJson.ValueOf(element), out var id)) throw Unknown();
            members.Add(id);
        }

        return new Said(name, ScimJson.Text(resource, "externalId", 256), members);
    }

    private static ScimException Unknown() => ScimException.Value("A member is no user of this organization. Create the users first.");

    private async Task<bool> IsTakenAsync(Said said, Guid? own, CancellationToken ct)
    {
        var name = Team.Normalize(said.Name);
        return await db.Teams.AnyAsync(t => t.Id != own && (t.NormalizedName == name || (t.Source == TeamSource.Scim && said.ExternalId != null && t.ExternalId == said.ExternalId)), ct);
    }

    // Deactivated people stay in the directory's groups; here they are kept out until they are let in again.
    private async Task<Dictionary<Guid, List<(Guid Id, string Name)>>> MembersAsync(IReadOnlyList<Guid> teams, CancellationToken ct)
    {
        var active = await (
            from m in db.TeamMembers.AsNoTracking() join p in db.Users.AsNoTracking() on m.PersonId equals p.Id where teams.Contains(m.TeamId) select new { m.TeamId, p.Id, p.DisplayName }).ToListAsync(ct);
        var suspended = await (
            from e in db.DirectoryEntries.AsNoTracking() join p in db.Users.AsNoTracking() on e.PersonId equals p.Id where e.Suspended.Any(t => teams.Contains(t)) select new { e.Suspended, p.Id, p.DisplayName }).ToListAsync(ct);
        var away = suspended.SelectMany(e => e.Suspended, (e, team) => new { TeamId = team, e.Id, e.DisplayName });
        var all = active.Concat(away).ToLookup(m => m.TeamId);
        return teams.ToDictionary(t => t, t => all[t].DistinctBy(m => m.Id).OrderBy(m => m.Id).Select(m => (m.Id, m.DisplayName)).ToList());
    }

    private async Task SetMembersAsync(Guid team, HashSet<Guid> before, HashSet<Guid> wanted, DateTimeOffset now, CancellationToken ct)
    {
        var (come, gone) = (wanted.Except(before).ToList(), before.Except(wanted).ToList());
        if (come.Count > 0)
        {
            var known = await people.Rows().Where(r => come.Contains(r.Id)).Select(r => new { r.Id, r.Active }).ToListAsync(ct);
            if (known.Count < come.Count) throw Unknown();
            db.TeamMembers.AddRange(known.Where(k => k.Active).Select(k => TeamMember.Create(user.OrganizationId, team, k.Id, now)));
            var away = known.Where(k => !k.Active).Select(k => k.Id).ToList();
            foreach (var entry in await db.DirectoryEntries.Where(e => away.Contains(e.PersonId)).ToListAsync(ct)) entry.Suspend(entry.Suspended.Append(team).Distinct());
            audit.Record(AuditActs.TeamMemberAdded, null, [team, .. come], new { people = come.Count });
        }

        if (gone.Count > 0)
        {
            await db.TeamMembers.Where(m => m.TeamId == team && gone.Contains(m.PersonId)).ExecuteDeleteAsync(ct);
            foreach (var entry in await db.DirectoryEntries.Where(e => gone.Contains(e.PersonId) && e.Suspended.Contains(team)).ToListAsync(ct)) entry.Suspend(entry.Suspended.Where(t => t != team));
            await leases.AfterLossAsync(gone, null, ct);
            audit.Record(AuditActs.TeamMemberRemoved, null, [team, .. gone], new { people = gone.Count });
        }
    }

    private sealed record Said(string Name, string? ExternalId, HashSet<Guid> Members);
}
