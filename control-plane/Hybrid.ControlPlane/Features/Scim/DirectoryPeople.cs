using System.Net.Mail;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.SingleSignOn;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Infrastructure.Scim;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Scim;

/// <summary>
/// The organization's people as its directory sees and writes them (RFC 7643 § 4.1). It sees everybody who can come in, and whom it looks after;
/// it says who comes in and under which name, and never as what: roles have no way in here.
/// </summary>
internal sealed class DirectoryPeople(
    ControlPlaneDb db, UserManager<Person> users, ICurrentUser user, PersonDeparture departure, ILookupNormalizer normalizer, AuditTrail audit, ControlPlaneOptions options, TimeProvider clock)
{
    public const string Urn = "urn:ietf:params:scim:schemas:core:2.0:User";

    /// <summary>What of the standard's user is kept, read-only, and of no use here.</summary>
    public static readonly ScimSchema Schema = new(
        Urn,
        new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["userName"] = [], ["externalId"] = [], ["displayName"] = [], ["active"] = [],
            ["name"] = ["formatted", "givenName", "familyName"],
            ["emails"] = ["value", "type", "primary"],
        },
        new HashSet<string>(["emails"], StringComparer.Ordinal),
        new HashSet<string>(["id", "meta", "schemas", "groups"], StringComparer.OrdinalIgnoreCase),
        // Roles, entitlements and passwords among them: what a directory says there gives nothing.
        new HashSet<string>(
            ["nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone", "password", "phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates"],
            StringComparer.OrdinalIgnoreCase));

    /// <summary>What can be asked about.</summary>
    public static readonly ScimQuery<Row> Query = new ScimQuery<Row>(Urn)
        .Id("id", r => r.Id).Exact("externalId", r => r.ExternalId).Upper("userName", r => r.NormalizedUserName)
        .Upper("emails", r => r.NormalizedEmail).Upper("emails.value", r => r.NormalizedEmail).Constant("emails.type", "work").Flag("emails.primary", r => r.IsPerson)
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where the database's own upper() is meant.
        .Upper("displayName", r => r.DisplayName.ToUpper()).Upper("name.formatted", r => r.DisplayName.ToUpper())
        .Upper("name.givenName", r => r.GivenName!.ToUpper()).Upper("name.familyName", r => r.FamilyName!.ToUpper())
#pragma warning restore CA1304, CA1311, CA1862
        .Flag("active", r => r.Active);

    private const int NameLength = 200;

    /// <summary>A person's row.</summary>
    public sealed class Row
    {
        public Guid Id { get; init; }

        public required string UserName { get; init; }

        public required string? NormalizedUserName { get; init; }

        public string? ExternalId { get; init; }

        public required string DisplayName { get; init; }

        public string? GivenName { get; init; }

        public string? FamilyName { get; init; }

        public required string? Email { get; init; }

        public string? NormalizedEmail { get; init; }

        public bool Active { get; init; }

        public bool IsPerson { get; init; }

        public DateTimeOffset CreatedAt { get; init; }
    }

    /// <summary>Everybody whom the directory can see.</summary>
    public IQueryable<Row> Rows() =>
        from m in db.OrganizationMembers.AsNoTracking()
        join p in db.Users.AsNoTracking() on m.PersonId equals p.Id
        join e in db.DirectoryEntries.AsNoTracking() on m.PersonId equals e.PersonId into entries
        from e in entries.DefaultIfEmpty()
        where !p.IsServiceAccount && m.ErasedAt == null && (m.Status != MemberStatus.Deactivated || e != null)
        select new Row
        {
            Id = p.Id, UserName = e != null ? e.UserName : p.Email!, NormalizedUserName = e != null ? e.NormalizedUserName : p.NormalizedEmail, ExternalId = e != null ? e.ExternalId : null,
            DisplayName = p.DisplayName, GivenName = e != null ? e.GivenName : null, FamilyName = e != null ? e.FamilyName : null,
            Email = p.Email, NormalizedEmail = p.NormalizedEmail, Active = m.Status != MemberStatus.Deactivated, IsPerson = !p.IsServiceAccount, CreatedAt = m.CreatedAt,
        };

    /// <summary>People as resources, with the teams that the directory says they are in.</summary>
    public async Task<IReadOnlyList<JsonObject>> ResourcesAsync(IReadOnlyList<Row> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var teams = (await (
            from m in db.TeamMembers.AsNoTracking() join t in db.Teams.AsNoTracking() on m.TeamId equals t.Id
            where ids.Contains(m.PersonId) && t.Source == TeamSource.Scim orderby t.NormalizedName select new { m.PersonId, t.Id, t.Name }).ToListAsync(ct)).ToLookup(t => t.PersonId);
        return
        [
            .. rows.Select(r =>
            {
                var resource = Kept(r);
                resource["groups"] = new JsonArray([.. teams[r.Id].Select(t => new JsonObject { ["value"] = t.Id.ToString(), ["display"] = t.Name, ["type"] = "direct" })]);
                return ScimResource.Finish(resource, Urn, "User", options.PublicUrl, r.Id, r.CreatedAt);
            }),
        ];
    }

    /// <summary>One person, or null.</summary>
    public async Task<JsonObject?> ResourceAsync(Guid id, CancellationToken ct) =>
        await Rows().SingleOrDefaultAsync(r => r.Id == id, ct) is { } row ? (await ResourcesAsync([row], ct))[0] : null;

    /// <summary>Adds somebody, or lets somebody in again who was taken away before.</summary>
    /// <returns>Their id.</returns>
    public async Task<Result<Guid>> AddAsync(JsonObject resource, CancellationToken ct)
    {
        var said = Read(resource);
        var now = clock.GetUtcNow();
        if (await RefusalOfNamesAsync(said, null, ct) is { } taken) return taken;
        var email = normalizer.NormalizeEmail(said.Email);
        var known = await (
            from m in db.OrganizationMembers join p in db.Users on m.PersonId equals p.Id where p.NormalizedEmail == email && !p.IsServiceAccount select new { Member = m, Person = p }).SingleOrDefaultAsync(ct);
        if (known is not null)
        {
            // Whom the directory took away leaves no entry: it may bring them again. Everybody else is here already.
            if (known.Member.Status != MemberStatus.Deactivated || known.Member.ErasedAt is not null || await db.DirectoryEntries.AnyAsync(e => e.PersonId == known.Person.Id, ct)) return Taken;
            var back = DirectoryEntry.Create(user.OrganizationId, known.Person.Id, false, now);
            back.Describe(said.UserName, said.ExternalId, said.GivenName, said.FamilyName);
            db.DirectoryEntries.Add(back);
            if (said.Active) LetIn(known.Member, known.Person, back, now);
            audit.Record(AuditActs.PersonDirectoryChanged, null, [known.Person.Id], new { back = true });
            await db.SaveChangesAsync(ct);
            return known.Person.Id;
        }

        var person = new Person { Id = Guid.CreateVersion7(now), UserName = said.Email, Email = said.Email, DisplayName = said.DisplayName, CreatedAt = now };
        // No password, and no role beyond a member's: both come by other ways.
        var created = await users.CreateAsync(person);
        if (!created.Succeeded) return created.Errors.Any(e => e.Code.StartsWith("Duplicate", StringComparison.Ordinal)) ? Taken : Unfit("The e-mail address has characters that are not taken.");
        var member = OrganizationMember.Invite(user.OrganizationId, person.Id, OrganizationRole.Member, now);
        // Where passwords are refused, a link to set one would lead nowhere.
        if (await db.IdentityProviders.AnyAsync(p => p.Enforced, ct)) member.InvitationSent();
        if (!said.Active) member.Deactivate(now);
        db.OrganizationMembers.Add(member);
        var entry = DirectoryEntry.Create(user.OrganizationId, person.Id, true, now);
        entry.Describe(said.UserName, said.ExternalId, said.GivenName, said.FamilyName);
        db.DirectoryEntries.Add(entry);
        audit.Record(AuditActs.PersonAdded, null, [person.Id], new { role = nameof(OrganizationRole.Member), active = said.Active });
        await db.SaveChangesAsync(ct);
        return person.Id;
    }

    /// <summary>Takes over a whole resource (PUT), or one that a PATCH was applied to.</summary>
    public async Task<Result<Done>> ChangeAsync(Guid id, Func<JsonObject, JsonObject> change, string? ifMatch, CancellationToken ct)
    {
        var row = await Rows().SingleOrDefaultAsync(r => r.Id == id, ct);
        if (row is null) return RequestErrors.NotFound;
        if (ifMatch is not null && !ScimResource.Matches(ifMatch, (await ResourcesAsync([row], ct))[0])) return ScimResource.Stale;
        var said = Read(change(Kept(row)), row);
        var member = await db.OrganizationMembers.SingleAsync(m => m.PersonId == id, ct);
        var person = await db.Users.SingleAsync(p => p.Id == id, ct);
        var entry = await db.DirectoryEntries.SingleOrDefaultAsync(e => e.PersonId == id, ct);
        var now = clock.GetUtcNow();

        var changed = (said.UserName, said.ExternalId, said.GivenName, said.FamilyName, said.DisplayName, said.Email) != (row.UserName, row.ExternalId, row.GivenName, row.FamilyName, row.DisplayName, row.Email);
        if (changed)
        {
            if (await RefusalOfNamesAsync(said, id, ct) is { } taken) return taken;
            if (await RefusalOfPersonAsync(said, row, member, ct) is { } refusal) return refusal;
            person.DisplayName = said.DisplayName;
            if (said.Email != row.Email)
            {
                var normalized = normalizer.NormalizeEmail(said.Email);
                if (await db.Users.AnyAsync(p => p.NormalizedEmail == normalized && p.Id != id, ct)) return Taken;
                (person.UserName, person.Email, person.NormalizedEmail, person.NormalizedUserName) = (said.Email, said.Email, normalized, normalizer.NormalizeName(said.Email));
                person.SecurityStamp = Guid.NewGuid().ToString("N");
            }
        }

        if (entry is null) db.DirectoryEntries.Add(entry = DirectoryEntry.Create(user.OrganizationId, id, false, now));
        entry.Describe(said.UserName, said.ExternalId, said.GivenName, said.FamilyName);
        if (said.Active != row.Active)
        {
            if (said.Active)
            {
                var back = entry.Suspended;
                foreach (var team in await db.Teams.Where(t => t.Source == TeamSource.Scim && back.Contains(t.Id)).Select(t => t.Id).ToListAsync(ct)) db.TeamMembers.Add(TeamMember.Create(user.OrganizationId, team, id, now));
                LetIn(member, person, entry, now);
            }
            else if (await RefusalOfDepartureAsync(member, ct) is { } kept)
            {
                return kept;
            }
            else
            {
                entry.Suspend(await (from m in db.TeamMembers join t in db.Teams on m.TeamId equals t.Id where m.PersonId == id && t.Source == TeamSource.Scim select t.Id).ToListAsync(ct));
                await departure.DeactivateAsync(member, ActorKind.ApiKey, user.Key?.KeyId, ct);
            }
        }

        if (changed) audit.Record(AuditActs.PersonDirectoryChanged, null, [id], new { address = said.Email != row.Email });
        audit.NothingHappened = !changed && said.Active == row.Active;
        await db.SaveChangesAsync(ct);
        return Done.Value;
    }

    /// <summary>Takes somebody away: they are shut out, and the directory sees them no more. What they made stays, and so does their row.</summary>
    public async Task<Result<Done>> RemoveAsync(Guid id, string? ifMatch, CancellationToken ct)
    {
        var row = await Rows().SingleOrDefaultAsync(r => r.Id == id, ct);
        if (row is null) return RequestErrors.NotFound;
        if (ifMatch is not null && !ScimResource.Matches(ifMatch, (await ResourcesAsync([row], ct))[0])) return ScimResource.Stale;
        var member = await db.OrganizationMembers.SingleAsync(m => m.PersonId == id, ct);
        if (row.Active)
        {
            if (await RefusalOfDepartureAsync(member, ct) is { } kept) return kept;
            await departure.DeactivateAsync(member, ActorKind.ApiKey, user.Key?.KeyId, ct);
        }

        await db.DirectoryEntries.Where(e => e.PersonId == id).ExecuteDeleteAsync(ct);
        audit.Record(AuditActs.PersonDirectoryChanged, null, [id], new { removed = true });
        return Done.Value;
    }

    private static readonly ScimRefusal Taken = new(ErrorKind.Conflict, ScimTypes.Uniqueness, "Somebody has this userName, externalId or e-mail address. Nothing was changed.");

    private static ScimRefusal Unfit(string message) => new(ErrorKind.Invalid, ScimTypes.InvalidValue, message);

    private static JsonObject Kept(Row row)
    {
        var resource = new JsonObject
        {
            ["userName"] = row.UserName,
            ["displayName"] = row.DisplayName,
            ["name"] = new JsonObject { ["formatted"] = row.DisplayName },
            ["emails"] = new JsonArray(new JsonObject { ["value"] = row.Email, ["type"] = "work", ["primary"] = true }),
            ["active"] = row.Active,
        };
        if (row.ExternalId is not null) resource["externalId"] = row.ExternalId;
        if (row.GivenName is not null) resource["name"]!["givenName"] = row.GivenName;
        if (row.FamilyName is not null) resource["name"]!["familyName"] = row.FamilyName;
        return resource;
    }

    private static Said Read(JsonObject resource, Row? before = null)
    {
        var userName = ScimJson.Text(resource, "userName", 256) ?? throw ScimException.Value("\"userName\" is missing.");
        var name = ScimJson.Find(resource, "name") switch { null => null, JsonObject parts => parts, _ => throw ScimException.Value("\"name\" is an object.") };
        var (given, family, formatted) = (ScimJson.Text(name, "givenName", NameLength), ScimJson.Text(name, "familyName", NameLength), ScimJson.Text(name, "formatted", NameLength));
        var composed = string.Join(' ', new[] { given, family }.OfType<string>());
        if (composed.Length == 0) composed = null;
        var display = ScimJson.Text(resource, "displayName", NameLength);
        // Of several forms of a name, the one that changed is meant.
        if (before is null) display ??= formatted ?? composed ?? userName;
        else if (display is null || display == before.DisplayName) display = formatted is not null && formatted != before.DisplayName ? formatted : composed is not null && (given, family) != (before.GivenName, before.FamilyName) ? composed : before.DisplayName;
        if (display.Length > NameLength) display = display[..NameLength];
        var email = EmailOf(resource) ?? (before?.Email is { } kept && userName == before.UserName ? kept : userName);
        if (email.Length > 256 || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email) throw ScimException.Value("An e-mail address is needed: as \"emails\", or as \"userName\".");
        return new Said(userName, ScimJson.Text(resource, "externalId", 256), given, family, display, email, ScimJson.Flag(resource, "active") ?? before?.Active ?? true);
    }

    // The one marked as primary, else that of work, else the first.
    private static string? EmailOf(JsonObject resource)
    {
        var list = ScimJson.Find(resource, "emails") switch { null => [], JsonArray several => several, _ => throw ScimException.Value("\"emails\" is a list.") };
        if (list.Count > 50) throw ScimException.Value("At most 50 e-mail addresses.");
        if (list.Any(e => e is not JsonObject)) throw ScimException.Value("An e-mail address is an object with a \"value\".");
        var emails = list.OfType<JsonObject>().Select(e => (Value: ScimJson.Text(e, "value", 256), Type: ScimJson.Text(e, "type", 50), Primary: ScimJson.Flag(e, "primary") == true)).Where(e => e.Value is not null).ToList();
        return emails.OrderByDescending(e => e.Primary).ThenByDescending(e => string.Equals(e.Type, "work", StringComparison.OrdinalIgnoreCase)).FirstOrDefault().Value;
    }

    private async Task<ScimRefusal?> RefusalOfNamesAsync(Said said, Guid? own, CancellationToken ct)
    {
        var userName = DirectoryEntry.Normalize(said.UserName);
        return await Rows().AnyAsync(r => r.Id != own && (r.NormalizedUserName == userName || (said.ExternalId != null && r.ExternalId == said.ExternalId)), ct) ? Taken : null;
    }

    private async Task<ScimRefusal?> RefusalOfPersonAsync(Said said, Row row, OrganizationMember member, CancellationToken ct)
    {
        // What another organization knows a person by is not this one's to change: whoever writes an address can become who has it.
        if ((said.Email, said.DisplayName) != (row.Email, row.DisplayName) && await db.Through(Doors.MembershipsOfPerson, row.Id).AnyAsync(m => m.OrganizationId != user.OrganizationId, ct))
            return new ScimRefusal(ErrorKind.Invalid, ScimTypes.Mutability, "This account is used beyond this organization: its name and address cannot be changed here.");
        if (said.Email == row.Email) return null;
        if (member.Role == OrganizationRole.Owner) return new ScimRefusal(ErrorKind.Invalid, ScimTypes.Mutability, "An owner's address is not changed by the directory.");
        var domain = DomainProof.Of(said.Email);
        if (!await db.IdentityDomains.AnyAsync(d => d.Domain == domain && d.VerifiedAt != null, ct))
            return new ScimRefusal(ErrorKind.Invalid, ScimTypes.Mutability, "An address can only move to a domain that the organization has proven. Prove it under Single sign-on.");
        return null;
    }

    private async Task<ScimRefusal?> RefusalOfDepartureAsync(OrganizationMember member, CancellationToken ct)
    {
        if (await PersonRules.IsLastOwnerAsync(db, member, ct)) return new ScimRefusal(ErrorKind.Conflict, null, "The organization would have no owner. Nothing was changed. Make somebody else an owner first.");
        var glass = await db.IdentityProviders.Where(p => p.Enforced).Select(p => p.BreakGlass).SingleOrDefaultAsync(ct);
        return glass?.Contains(member.PersonId) == true
            ? new ScimRefusal(ErrorKind.Conflict, null, "This owner is the way in when the identity provider fails. Nothing was changed. Take them off the break-glass owners first.")
            : null;
    }

    private void LetIn(OrganizationMember member, Person person, DirectoryEntry entry, DateTimeOffset now)
    {
        entry.Suspend([]);
        member.Reactivate(person.PasswordHash is not null, now);
        audit.Record(AuditActs.PersonReactivated, null, [person.Id]);
    }

    private sealed record Said(string UserName, string? ExternalId, string? GivenName, string? FamilyName, string DisplayName, string Email, bool Active);
}
