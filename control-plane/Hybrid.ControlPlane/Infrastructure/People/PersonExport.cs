using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.People;

/// <summary>
/// Everything that the organization's part of the product keeps about a person (GDPR articles 15 and 20), in a form that machines read. What
/// they labeled belongs to the organization: it is named here by its ids, not copied.
/// </summary>
public sealed record PersonExport(
    string Format, DateTimeOffset ExportedAt, PersonExport.PersonPart Person, IReadOnlyList<PersonExport.SessionPart> Sessions, IReadOnlyList<PersonExport.TeamPart> Teams,
    PersonExport.DirectoryPart? Directory, IReadOnlyList<PersonExport.DevicePart> KnownBrowsers, IReadOnlyList<PersonExport.PasskeyPart> Passkeys, IReadOnlyList<PersonExport.MailPart> Mails,
    IReadOnlyList<PersonExport.AccessPart> Projects, IReadOnlyList<PersonExport.WorkPart> Labels, IReadOnlyList<PersonExport.WorkPart> Reviews, IReadOnlyList<PersonExport.DraftPart> Drafts,
    IReadOnlyList<PersonExport.CommentPart> Comments, IReadOnlyList<PersonExport.ReadingPart> GuidelinesRead,
    IReadOnlyList<PersonExport.ActPart> Acts)
{
#pragma warning disable CS1591 // Each name says what it is.
    public sealed record PersonPart(Guid Id, string Name, string Email, OrganizationRole Role, MemberStatus Status, string? Language, DateTimeOffset Since);

    public sealed record SessionPart(DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt, DateTimeOffset ExpiresAt);

    public sealed record DirectoryPart(string UserName, string? ExternalId, string? GivenName, string? FamilyName, DateTimeOffset Since);

    public sealed record DevicePart(DateTimeOffset LastUsedAt);

    public sealed record PasskeyPart(string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    public sealed record MailPart(MailLinkKind Kind, MailLinkState State, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

    public sealed record TeamPart(Guid Id, string Name, DateTimeOffset Since);

    public sealed record AccessPart(Guid ProjectId, string Project, ProjectRole Role, DateTimeOffset Since, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

    public sealed record WorkPart(Guid Id, Guid ProjectId, DateTimeOffset At);

    public sealed record DraftPart(Guid TaskId, Guid ProjectId);

    public sealed record CommentPart(Guid ThreadId, Guid ProjectId, DateTimeOffset At);

    public sealed record ReadingPart(Guid ProjectId, int Version, DateTimeOffset At);

    public sealed record ActPart(DateTimeOffset At, string Act, Guid? ProjectId);
#pragma warning restore CS1591
}

/// <summary>Gathers it.</summary>
internal sealed class PersonExporter(ControlPlaneDb db, TimeProvider clock)
{
    /// <summary>The export, or null when the person does not belong to the organization.</summary>
    public async Task<PersonExport?> OfAsync(Guid id, CancellationToken ct)
    {
        var person = await (
            from m in db.OrganizationMembers.AsNoTracking() join p in db.Users.AsNoTracking() on m.PersonId equals p.Id where m.PersonId == id
            select new PersonExport.PersonPart(p.Id, p.DisplayName, p.Email ?? "", m.Role, m.Status, p.Language, m.CreatedAt)).SingleOrDefaultAsync(ct);
        if (person is null) return null;
        // What belongs to the account and not to the organization goes out only once its person has joined.
        var joined = person.Status != MemberStatus.Invited;
        if (!joined) person = person with { Name = person.Email, Language = null };
        return new PersonExport(
            "hybrid.person/1", clock.GetUtcNow(), person,
            await db.Sessions.AsNoTracking().Where(s => s.PersonId == id).OrderBy(s => s.CreatedAt).Select(s => new PersonExport.SessionPart(s.CreatedAt, s.LastActiveAt, s.ExpiresAt)).ToListAsync(ct),
            await (from m in db.TeamMembers.AsNoTracking() join t in db.Teams on m.TeamId equals t.Id where m.PersonId == id orderby t.Name select new PersonExport.TeamPart(t.Id, t.Name, m.CreatedAt)).ToListAsync(ct),
            await db.DirectoryEntries.AsNoTracking().Where(e => e.PersonId == id).Select(e => new PersonExport.DirectoryPart(e.UserName, e.ExternalId, e.GivenName, e.FamilyName, e.CreatedAt)).SingleOrDefaultAsync(ct),
            await db.KnownDevices.AsNoTracking().Where(d => joined && d.PersonId == id).OrderBy(d => d.LastUsedAt).Select(d => new PersonExport.DevicePart(d.LastUsedAt)).ToListAsync(ct),
            await db.Passkeys.AsNoTracking().Where(p => joined && p.PersonId == id).OrderBy(p => p.CreatedAt).Select(p => new PersonExport.PasskeyPart(p.Name, p.CreatedAt, p.LastUsedAt)).ToListAsync(ct),
            await db.MailLinks.AsNoTracking().Where(l => l.PersonId == id).OrderBy(l => l.CreatedAt).Select(l => new PersonExport.MailPart(l.Kind, l.State, l.CreatedAt, l.ExpiresAt)).ToListAsync(ct),
            await (from m in db.ProjectMembers.AsNoTracking() join p in db.Projects on m.ProjectId equals p.Id where m.PersonId == id orderby p.Name select new PersonExport.AccessPart(p.Id, p.Name, m.Role, m.CreatedAt, m.ValidFrom, m.ValidUntil)).ToListAsync(ct),
            await db.Labels.AsNoTracking().Where(l => l.AuthorId == id).OrderBy(l => l.CreatedAt).Select(l => new PersonExport.WorkPart(l.Id, l.ProjectId, l.CreatedAt)).ToListAsync(ct),
            await db.Reviews.AsNoTracking().Where(r => r.ReviewerId == id).OrderBy(r => r.CreatedAt).Select(r => new PersonExport.WorkPart(r.Id, r.ProjectId, r.CreatedAt)).ToListAsync(ct),
            await db.Drafts.AsNoTracking().Where(d => d.PersonId == id).Select(d => new PersonExport.DraftPart(d.TaskId, d.ProjectId)).ToListAsync(ct),
            await db.ThreadComments.AsNoTracking().Where(c => c.AuthorId == id).OrderBy(c => c.CreatedAt).Select(c => new PersonExport.CommentPart(c.ThreadId, c.ProjectId, c.CreatedAt)).ToListAsync(ct),
            await db.GuidelineReadings.AsNoTracking().Where(r => r.PersonId == id).OrderBy(r => r.ReadAt).Select(r => new PersonExport.ReadingPart(r.ProjectId, r.Number, r.ReadAt)).ToListAsync(ct),
            await db.AuditEntries.AsNoTracking().Where(e => e.Actor == ActorKind.User && e.ActorId == id).OrderBy(e => e.At).Select(e => new PersonExport.ActPart(e.At, e.Act, e.ProjectId)).ToListAsync(ct));
    }
}
