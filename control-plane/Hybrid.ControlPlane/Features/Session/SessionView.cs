using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Infrastructure.Workspace;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>The session as its own browser sees it.</summary>
/// <param name="SessionId">Public id; the unlock proof names it.</param>
/// <param name="Locked">True until the browser has proven its key.</param>
/// <param name="Person">Oneself.</param>
/// <param name="Email">One's own address.</param>
/// <param name="Organization">The organization of the session.</param>
/// <param name="ExpiresAt">When the session ends whatever happens.</param>
/// <param name="AwaitsFactor">True until the account's second factor was given.</param>
/// <param name="MfaLevel">1 = password alone, 2 = with a second factor.</param>
/// <param name="MfaRequired">True when the organization wants a second factor of this person and the session has none.</param>
/// <param name="IdleMinutes">After so many minutes without a key, a click or a touch the session ends.</param>
/// <param name="IdleSeconds">How long ago the last of these was.</param>
/// <param name="Language">Language that the person has chosen; null leaves it to the browser.</param>
/// <param name="WorkerVersion">Digest of the origins that the service worker may talk to; a change asks for an update.</param>
/// <param name="HasAuthenticator">Whether the account has an authenticator app, whose codes prove that it is the person.</param>
/// <param name="HasPasskey">Whether it has a passkey, which does so too.</param>
/// <param name="Organizations">All that the person may be in, by name, this one among them.</param>
public sealed record SessionView(
    Guid SessionId, bool Locked, PersonRef Person, string Email, SessionOrganization Organization, DateTimeOffset ExpiresAt, bool AwaitsFactor, int MfaLevel, bool MfaRequired,
    int IdleMinutes, int IdleSeconds, string? Language, string WorkerVersion, bool HasAuthenticator, bool HasPasskey, IReadOnlyList<OwnOrganization> Organizations);

/// <summary>An organization that the person may go to.</summary>
public sealed record OwnOrganization(Guid Id, string Name);

/// <summary>An organization and the person's role in it.</summary>
public sealed record SessionOrganization(Guid Id, string Name, OrganizationRole Role);

/// <summary>Shapes the view of a session.</summary>
internal sealed class SessionViews(ControlPlaneDb db, WorkerPolicy worker, TimeProvider clock)
{
    public async Task<SessionView> OfAsync(Guid organizationId, Guid sessionId, CancellationToken ct)
    {
        await using var scope = await TenantScope.OpenAsync(db, organizationId, null, ct);
        var found = await (
            from s in db.Sessions.AsNoTracking()
            join p in db.Users on s.PersonId equals p.Id
            join o in db.Organizations on s.OrganizationId equals o.Id
            join m in db.OrganizationMembers on new { s.OrganizationId, s.PersonId } equals new { m.OrganizationId, m.PersonId }
            where s.Id == sessionId
            select new { Session = s, p.DisplayName, p.Email, p.Language, o.Name, o.IdleMinutes, o.MfaFrom, m.Role, HasAuthenticator = p.AuthenticatorSeed != null, HasPasskey = db.Passkeys.Any(k => k.PersonId == p.Id) }).SingleAsync(ct);
        var mine = await db.Through(Doors.OrganizationsOfPerson, found.Session.PersonId).OrderBy(o => o.Name).ThenBy(o => o.Id).Select(o => new OwnOrganization(o.Id, o.Name)).ToListAsync(ct);
        var (version, _) = await worker.WithinAsync(ct);
        return new SessionView(
            sessionId, found.Session.UnlockedAt is null, new PersonRef(found.Session.PersonId.ToString(), found.DisplayName), found.Email ?? "",
            new SessionOrganization(found.Session.OrganizationId, found.Name, found.Role), found.Session.ExpiresAt, found.Session.AwaitsFactor, found.Session.MfaLevel,
            found.Session.MfaLevel < 2 && found.Role >= found.MfaFrom, found.IdleMinutes, (int)(clock.GetUtcNow() - found.Session.LastActiveAt).TotalSeconds, found.Language, version, found.HasAuthenticator, found.HasPasskey, found.Session.AwaitsFactor ? [] : mine);
    }
}
