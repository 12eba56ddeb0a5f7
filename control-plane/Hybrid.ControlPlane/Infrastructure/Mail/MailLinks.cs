using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Mail;

/// <summary>Links that went by mail, looked up by the secret that they carry in the address' fragment, which browsers send to no server.</summary>
internal sealed class MailLinks(ControlPlaneDb db, TimeProvider clock)
{
    /// <summary>A new secret and its digest.</summary>
    public static (string Token, byte[] Hash) NewToken()
    {
        var token = SessionStore.NewToken();
        return (token, SessionStore.Hash(token));
    }

    /// <summary>What a link is bound to: with another address, or after any change of the password, it is dead.</summary>
    public static byte[] BoundTo(Person person) => SHA256.HashData(Encoding.UTF8.GetBytes($"{person.NormalizedEmail}\n{person.SecurityStamp}"));

    /// <summary>The link of a secret while it works, its person and their place; null for every other text.</summary>
    public async Task<FoundLink?> FindAsync(string token, CancellationToken ct)
    {
        var hash = SessionStore.Hash(token);
        var link = await db.Through(Doors.MailLinkOfToken, hash).SingleOrDefaultAsync(ct);
        if (link is null || link.Kind == MailLinkKind.Digest || link.ExpiresAt <= clock.GetUtcNow()) return null;
        var person = await db.Users.AsNoTracking().SingleAsync(p => p.Id == link.PersonId, ct);
        if (!CryptographicOperations.FixedTimeEquals(BoundTo(person), link.BoundTo)) return null;
        var member = await db.Through(Doors.MembershipsOfPerson, person.Id).SingleOrDefaultAsync(m => m.OrganizationId == link.OrganizationId, ct);
        var fits = link.Kind == MailLinkKind.Invitation ? member?.Status == MemberStatus.Invited : member?.Status == MemberStatus.Active;
        return fits ? new FoundLink(link, person, hash) : null;
    }

    /// <summary>Whether the person has an account that was ever used: a password, a confirmed address, or a place in another organization.</summary>
    public async Task<bool> HasAccountAsync(FoundLink found, CancellationToken ct) =>
        found.Person.PasswordHash is not null || found.Person.EmailConfirmed
        || await db.Through(Doors.MembershipsOfPerson, found.Person.Id).AnyAsync(m => m.OrganizationId != found.Link.OrganizationId && m.Status == MemberStatus.Active, ct);

    /// <summary>Uses a link up, in the open scope; false when somebody was faster.</summary>
    public async Task<bool> TakeAsync(FoundLink found, CancellationToken ct) => await db.MailLinks.Where(l => l.Id == found.Link.Id && l.TokenHash == found.Hash).ExecuteDeleteAsync(ct) == 1;
}

/// <summary>A link that works.</summary>
internal sealed record FoundLink(MailLink Link, Person Person, byte[] Hash);
