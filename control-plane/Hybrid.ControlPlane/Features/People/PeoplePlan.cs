using System.Net.Mail;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>What becomes of a line.</summary>
public enum LineOutcome
{
    /// <summary>Something is added, changed or removed.</summary>
    Changes = 0,

    /// <summary>Everything is as the line wants it already.</summary>
    Unchanged = 1,

    /// <summary>The line cannot be done; the others are.</summary>
    Refused = 2,
}

/// <summary>The verdict on a line.</summary>
/// <param name="Number">The line's number.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Codes">What it does (<c>person.new</c>, <c>member.new</c>, <c>member.role</c>, <c>team.joins</c>, <c>member.removed</c>), or the one reason why it is refused.</param>
public sealed record LineVerdict(int Number, LineOutcome Outcome, IReadOnlyList<string> Codes);

/// <summary>
/// Judges lines about people, and does what they say: the dry run and the job are the same code, so that they cannot differ. It works by the
/// rights of the person who asks: who is no admin of a project puts nobody into it, be they the organization's owner.
/// </summary>
internal sealed class PeoplePlan(ControlPlaneDb db, ILookupNormalizer normalizer, LeaseRelease leases, AuditTrail audit, TimeProvider clock)
{
    private static readonly Dictionary<string, ProjectRole> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["labeler"] = ProjectRole.Labeler, ["labeller"] = ProjectRole.Labeler, ["reviewer"] = ProjectRole.Reviewer, ["team manager"] = ProjectRole.TeamManager, ["teamManager"] = ProjectRole.TeamManager,
        ["project admin"] = ProjectRole.ProjectAdmin, ["projectAdmin"] = ProjectRole.ProjectAdmin,
    };

    private readonly List<Person> newPeople = [];
    private readonly List<OrganizationMember> newcomers = [];
    private readonly List<TeamMember> joiners = [];
    private readonly Dictionary<(Guid Project, Guid Person), Role> members = [];
    private readonly HashSet<(Guid Team, Guid Person)> inTeams = [];
    private readonly Dictionary<string, Known> people = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> admins = [];
    private Dictionary<string, List<Guid>> projects = [];
    private Dictionary<string, Domain.Organizations.Team> teams = [];
    private IReadOnlyDictionary<Guid, ProjectRole> own = new Dictionary<Guid, ProjectRole>();
    private bool mayManage;
    private Guid by;

    /// <summary>Loads what all lines need: the asker's rights, the projects and the teams.</summary>
    /// <param name="personId">By whose rights.</param>
    /// <param name="ct">Cancels.</param>
    public async Task BeginAsync(Guid personId, CancellationToken ct)
    {
        by = personId;
        // Asked anew for each part of a job: rights may have gone since it began.
        mayManage = await db.OrganizationMembers.AnyAsync(m => m.PersonId == personId && m.Role >= OrganizationRole.Admin && m.Status == MemberStatus.Active, ct);
        own = await Places.OfAsync(db, personId, clock.GetUtcNow(), ct);
        var all = await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null).Select(p => new { p.Id, p.Name }).ToListAsync(ct);
        projects = all.SelectMany(p => new[] { (Key: p.Name.Trim().ToUpperInvariant(), p.Id), (Key: p.Id.ToString().ToUpperInvariant(), p.Id) }).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Select(p => p.Id).ToList());
        teams = await db.Teams.AsNoTracking().ToDictionaryAsync(t => t.NormalizedName, ct);
    }

    /// <summary>Judges lines; nothing is written.</summary>
    public async Task<IReadOnlyList<LineVerdict>> JudgeAsync(PeopleJobKind kind, IReadOnlyList<PeopleLine> lines, CancellationToken ct)
    {
        await LoadAsync(lines, ct);
        return [.. lines.Select(line => !mayManage ? Refuse(line, "role.insufficient") : kind == PeopleJobKind.Add ? Add(line) : Remove(line))];
    }

    /// <summary>Writes what was judged, in the open transaction, with its audit entries.</summary>
    public async Task ApplyAsync(Guid organizationId, Guid jobId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Before the asker is in the team: what it adds to their access is announced.
        foreach (var team in joiners.Where(j => j.PersonId == by).Select(j => j.TeamId)) db.ProjectNotices.AddRange(await SelfJoin.NoticesAsync(db, organizationId, by, team, now, ct));
        await BulkInsert.AddAsync(db, newPeople, ct);
        await BulkInsert.AddAsync(db, newcomers, ct);
        await BulkInsert.AddAsync(db, joiners, ct);
        foreach (var newcomer in newcomers) audit.RecordAs(ActorKind.User, by, AuditActs.PersonInvited, null, [newcomer.PersonId], new { role = newcomer.Role.ToString(), job = jobId });
        foreach (var joiner in joiners) audit.RecordAs(ActorKind.User, by, AuditActs.TeamMemberAdded, null, [joiner.TeamId, joiner.PersonId], new { job = jobId });
        var added = members.Where(m => m.Value is { Before: null, Now: not null }).ToList();
        await BulkInsert.AddAsync(db, [.. added.Select(m => ProjectMember.Create(organizationId, m.Key.Project, m.Key.Person, m.Value.Now!.Value, now))], ct);
        foreach (var (key, role) in added) audit.RecordAs(ActorKind.User, by, AuditActs.MemberAdded, key.Project, [key.Person], new { role = role.Now.ToString(), job = jobId });
        foreach (var ((project, person), role) in members.Where(m => m.Value is { Before: not null, Now: not null } r && r.Before != r.Now))
        {
            await db.ProjectMembers.Where(m => m.ProjectId == project && m.PersonId == person)
                .ExecuteUpdateAsync(m => m.SetProperty(x => x.Role, role.Now!.Value).SetProperty(x => x.Version, x => x.Version + 1), ct);
            audit.RecordAs(ActorKind.User, by, AuditActs.MemberRoleChanged, project, [person], new { from = role.Before.ToString(), to = role.Now.ToString(), job = jobId });
        }

        var removed = members.Where(m => m.Value is { Before: not null, Now: null }).ToList();
        foreach (var project in removed.GroupBy(m => m.Key.Project, m => m.Key.Person))
        {
            var gone = project.ToList();
            await db.ProjectMembers.Where(m => m.ProjectId == project.Key && gone.Contains(m.PersonId)).ExecuteDeleteAsync(ct);
            await leases.AfterLossAsync(gone, [project.Key], ct);
        }

        foreach (var (key, role) in removed) audit.RecordAs(ActorKind.User, by, AuditActs.MemberRemoved, key.Project, [key.Person], new { role = role.Before.ToString(), job = jobId });
    }

    private async Task LoadAsync(IReadOnlyList<PeopleLine> lines, CancellationToken ct)
    {
        var asked = lines.Select(l => normalizer.NormalizeEmail(l.Email) ?? "").Where(e => e.Length > 0 && !people.ContainsKey(e)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var part in asked.Chunk(1000))
        {
            var emails = part.ToList();
            var found = await db.Users.AsNoTracking().Where(p => emails.Contains(p.NormalizedEmail!))
                .Select(p => new { p.Id, p.NormalizedEmail, Status = db.OrganizationMembers.Where(m => m.PersonId == p.Id).Select(m => (MemberStatus?)m.Status).FirstOrDefault() }).ToListAsync(ct);
            foreach (var one in found) people[one.NormalizedEmail!] = new Known(one.Id, one.Status);
            var ids = found.Select(f => f.Id).ToList();
            foreach (var m in await db.ProjectMembers.AsNoTracking().Where(m => ids.Contains(m.PersonId)).Select(m => new { m.ProjectId, m.PersonId, m.Role }).ToListAsync(ct)) members.TryAdd((m.ProjectId, m.PersonId), new Role(m.Role, m.Role));
            foreach (var m in await db.TeamMembers.AsNoTracking().Where(m => ids.Contains(m.PersonId)).Select(m => new { m.TeamId, m.PersonId }).ToListAsync(ct)) inTeams.Add((m.TeamId, m.PersonId));
        }

        if (admins.Count > 0) return;
        foreach (var p in await db.ProjectMembers.AsNoTracking().Where(m => m.Role == ProjectRole.ProjectAdmin && m.ValidUntil == null).GroupBy(m => m.ProjectId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)) admins[p.Key] = p.Count;
    }

    private LineVerdict Add(PeopleLine line)
    {
        if (RefuseShape(line) is { } code) return Refuse(line, code);
        var email = normalizer.NormalizeEmail(line.Email)!;
        var known = people.GetValueOrDefault(email);
        if (known is { Status: null }) return Refuse(line, "address.taken");
        if (known is { Status: MemberStatus.Deactivated }) return Refuse(line, "person.deactivated");
        if (known is null && line.Name.Length is 0 or > 200) return Refuse(line, "name.missing");
        if (known is null && line.Name.Any(char.IsControl)) return Refuse(line, "name.invalid");

        (Guid Id, ProjectRole Role)? place = null;
        if (line.Project.Length > 0 || line.Role.Length > 0)
        {
            if (!Roles.TryGetValue(line.Role, out var role)) return Refuse(line, line.Role.Length == 0 ? "role.missing" : "role.unknown");
            if (ProjectOf(line, out var project) is { } unknown) return Refuse(line, unknown);
            if (!own.TryGetValue(project, out var mine)) return Refuse(line, "project.not_yours");
            var before = known is null ? null : members.GetValueOrDefault((project, known.Id))?.Now;
            if (!Rules(mine, role) || (before is { } b && !Rules(mine, b))) return Refuse(line, "role.not_yours");
            if (before == ProjectRole.ProjectAdmin && role != ProjectRole.ProjectAdmin && admins.GetValueOrDefault(project) <= 1) return Refuse(line, "member.last_admin");
            place = (project, role);
        }

        Domain.Organizations.Team? team = null;
        if (line.Team.Length > 0)
        {
            if (!teams.TryGetValue(Domain.Organizations.Team.Normalize(line.Team), out team)) return Refuse(line, "team.unknown");
            if (team.Source != TeamSource.Manual) return Refuse(line, "team.synchronized");
        }

        var done = new List<string>();
        var now = clock.GetUtcNow();
        if (known is null)
        {
            known = new Known(Guid.CreateVersion7(now), MemberStatus.Invited);
            people[email] = known;
            newPeople.Add(new Person
            {
                Id = known.Id,
                UserName = line.Email,
                NormalizedUserName = normalizer.NormalizeName(line.Email),
                Email = line.Email,
                NormalizedEmail = email,
                DisplayName = line.Name,
                SecurityStamp = Guid.NewGuid().ToString("N"),
                LockoutEnabled = true,
                CreatedAt = now,
            });
            newcomers.Add(OrganizationMember.Invite(db.OrganizationId, known.Id, OrganizationRole.Member, now));
            done.Add("person.new");
        }

        if (place is { } given)
        {
            var key = (given.Id, known.Id);
            var had = members.GetValueOrDefault(key);
            if (had?.Now != given.Role)
            {
                done.Add(had?.Now is null ? "member.new" : "member.role");
                if (had?.Now == ProjectRole.ProjectAdmin) admins[given.Id]--;
                if (given.Role == ProjectRole.ProjectAdmin) admins[given.Id] = admins.GetValueOrDefault(given.Id) + 1;
                members[key] = new Role(had?.Before, given.Role);
            }
        }

        if (team is not null && inTeams.Add((team.Id, known.Id)))
        {
            joiners.Add(TeamMember.Create(db.OrganizationId, team.Id, known.Id, now));
            done.Add("team.joins");
        }

        return new LineVerdict(line.Number, done.Count == 0 ? LineOutcome.Unchanged : LineOutcome.Changes, done);
    }

    // Taking access away is safe, and looking after people is what an organization admin does: it asks for no role in the project.
    private LineVerdict Remove(PeopleLine line)
    {
        if (RefuseShape(line) is { } code) return Refuse(line, code);
        if (line.Project.Length == 0) return Refuse(line, "project.missing");
        if (ProjectOf(line, out var project) is { } unknown) return Refuse(line, unknown);
        var known = people.GetValueOrDefault(normalizer.NormalizeEmail(line.Email)!);
        if (known is null or { Status: null }) return Refuse(line, "person.unknown");
        if (members.GetValueOrDefault((project, known.Id)) is not { Now: { } role } had) return new LineVerdict(line.Number, LineOutcome.Unchanged, []);
        if (role == ProjectRole.ProjectAdmin)
        {
            if (admins.GetValueOrDefault(project) <= 1) return Refuse(line, "member.last_admin");
            admins[project]--;
        }

        members[(project, known.Id)] = new Role(had.Before, null);
        return new LineVerdict(line.Number, LineOutcome.Changes, ["member.removed"]);
    }

    private string? ProjectOf(PeopleLine line, out Guid project)
    {
        project = Guid.Empty;
        if (line.Project.Length == 0) return "project.missing";
        if (!projects.TryGetValue(line.Project.ToUpperInvariant(), out var named)) return "project.unknown";
        if (named.Count > 1) return "project.ambiguous";
        project = named[0];
        return null;
    }

    private static string? RefuseShape(PeopleLine line) =>
        line.Email.Length == 0 ? "email.missing" : line.Email.Length > 256 || !MailAddress.TryCreate(line.Email, out var parsed) || parsed.Address != line.Email || line.Email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "email.invalid" : null;

    private static bool Rules(ProjectRole own, ProjectRole other) => own == ProjectRole.ProjectAdmin || (own == ProjectRole.TeamManager && other < ProjectRole.TeamManager);

    private static LineVerdict Refuse(PeopleLine line, string code) => new(line.Number, LineOutcome.Refused, [code]);

    private sealed record Known(Guid Id, MemberStatus? Status);

    private sealed record Role(ProjectRole? Before, ProjectRole? Now);
}
