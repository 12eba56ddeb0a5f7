using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Infrastructure.Identity;

/// <summary>
/// Keeps sessions in rows (security.md § 3): the cookie holds a random value, the row its SHA-256. The slices that begin, unlock and
/// end a session write the row in their own transaction; this store only turns a cookie's value into the person.
/// </summary>
internal sealed class SessionStore(IServiceScopeFactory scopes, TimeProvider clock) : ITicketStore
{
    /// <summary>Longest life that an organization can give a session.</summary>
    public static readonly TimeSpan AbsoluteLimit = TimeSpan.FromHours(24);

    /// <summary>Where a slice leaves the new cookie value for <see cref="StoreAsync"/>.</summary>
    public const string TokenItem = "hybrid.session";

    /// <summary>A new cookie value: 256 random bits, base64url.</summary>
    public static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>What the row keeps of a cookie value.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token));

    public Task<string> StoreAsync(AuthenticationTicket ticket) =>
        Task.FromResult(ticket.Properties.Items.TryGetValue(TokenItem, out var token) && token is not null
            ? token
            : throw new InvalidOperationException("A session begins only by the sign-in slice."));

    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ControlPlaneDb>();
        var hash = Hash(key);
        var now = clock.GetUtcNow();
        // The organization is known only from this row.
        var found = await (
            from s in db.Through(Doors.SessionOfToken, hash)
            join m in db.Through(Doors.MemberOfSession, hash) on new { s.OrganizationId, s.PersonId } equals new { m.OrganizationId, m.PersonId }
            join o in db.Through(Doors.OrganizationOfSession, hash) on s.OrganizationId equals o.Id
            where s.ExpiresAt > now && m.Status == MemberStatus.Active
            select new { Session = s, m.Role, o.IdleMinutes, o.MfaFrom }).SingleOrDefaultAsync();
        // A person who went away is signed out, whatever their page goes on asking.
        if (found is null || found.Session.LastActiveAt.AddMinutes(found.IdleMinutes) <= now) return null;
        if (!found.Session.TokenHash.AsSpan().SequenceEqual(hash))
        {
            if (found.Session.PreviousUntil <= now) return null;
            // The value before does what it could do then: it has neither the fresh proof nor the factor for which the new one was given.
            (found.Session.SteppedUpAt, found.Session.MfaLevel) = (DateTimeOffset.UnixEpoch, found.Session.PreviousMfaLevel);
        }

        return Ticket(found.Session, found.Role, found.MfaFrom, key);
    }

    public Task RemoveAsync(string key) => Task.CompletedTask;

    /// <summary>A session as it begins, locked until its browser proves its key, and the value of its cookie.</summary>
    /// <param name="organization">Whose rules say how long it lives.</param>
    /// <param name="person">Who signed in.</param>
    /// <param name="keyThumbprint">RFC 7638 thumbprint of the key that the browser made before.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="mfaLevel">1 = one factor was given, 2 = more; with one, the account's own second factor is still to come where it has one.</param>
    /// <param name="now">The time.</param>
    public static (Session Session, string Token) Begin(Organization organization, Person person, string keyThumbprint, string userAgent, int mfaLevel, DateTimeOffset now)
    {
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organization.Id,
            PersonId = person.Id,
            KeyThumbprint = keyThumbprint,
            MfaLevel = mfaLevel,
            AwaitsFactor = mfaLevel < 2 && person.TwoFactorEnabled,
            SteppedUpAt = now,
            UserAgent = userAgent,
            CreatedAt = now,
            LastActiveAt = now,
            ExpiresAt = now.AddHours(organization.AbsoluteHours),
        };
        return (session, Renew(session));
    }

    /// <summary>How long the value before counts beside a new one that <see cref="RenewUnderWay"/> gave.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A new cookie for a session at work (security.md § 3): its page has requests under way with the old value, which would else find nobody signed in. Before the
    /// session's rights change.
    /// </summary>
    public static string RenewUnderWay(Session session, DateTimeOffset now)
    {
        (session.PreviousTokenHash, session.PreviousUntil, session.PreviousMfaLevel) = (session.TokenHash, now + Overlap, session.MfaLevel);
        return Renew(session);
    }

    /// <summary>A new cookie for a session whose rights change (security.md § 3); the row is saved by the caller's transaction.</summary>
    public static string Renew(Session session)
    {
        var token = NewToken();
        session.TokenHash = Hash(token);
        return token;
    }

    /// <summary>The principal of a session row.</summary>
    public static AuthenticationTicket Ticket(Session session, OrganizationRole role, OrganizationRole? mfaFrom, string token)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(SessionClaims.Session, session.Id.ToString()),
                new Claim(SessionClaims.Person, session.PersonId.ToString()),
                new Claim(SessionClaims.Organization, session.OrganizationId.ToString()),
                new Claim(SessionClaims.OrganizationRole, role.ToString()),
                new Claim(SessionClaims.KeyThumbprint, session.KeyThumbprint),
                new Claim(SessionClaims.Unlocked, session.UnlockedAt is null ? "0" : "1"),
                new Claim(SessionClaims.Mfa, session.MfaLevel.ToString(CultureInfo.InvariantCulture)),
                new Claim(SessionClaims.SteppedUp, session.SteppedUpAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
                .. mfaFrom is { } from ? [new Claim(SessionClaims.MfaFrom, from.ToString())] : Array.Empty<Claim>(),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = session.CreatedAt, ExpiresUtc = session.ExpiresAt, IsPersistent = false };
        properties.Items[TokenItem] = token;
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
