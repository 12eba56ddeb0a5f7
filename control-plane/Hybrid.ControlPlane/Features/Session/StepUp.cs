using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Proves once more that it is the person: by code where the account has an authenticator, else by password. Good for five minutes.</summary>
public static class StepUp
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/step-up", Endpoint).WithName(nameof(StepUp)).WithSummary("Proves once more that it is you.")
        .RequireSession("belongs to the session itself").Audits(AuditActs.SessionSteppedUp, AuditActs.SessionFactorRefused).RequireRateLimiting(SessionRoutes.Limiter);

    /// <summary>The code of the authenticator app (or a recovery code), or the password of an account without one.</summary>
    public sealed record Body(string? Code, string? Password);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(
        Body body, ICurrentUser user, ControlPlaneDb db, UserManager<Person> users, SecondFactor factor, SessionViews views, AuditTrail audit, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
        {
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            var proven = session.UnlockedAt is not null && !await users.IsLockedOutAsync(person) && (person.TwoFactorEnabled
                ? body.Code is { Length: > 0 and <= 100 } code && await factor.TakeAsync(person, code, ct)
                : body.Password is { Length: > 0 and <= 1024 } password && await users.CheckPasswordAsync(person, password));
            if (!proven)
            {
                await users.AccessFailedAsync(person);
                audit.RecordAs(ActorKind.User, person.Id, AuditActs.SessionFactorRefused, null, [session.Id]);
                await scope.CommitAsync(ct);
                return ResultToHttp.ToProblem(person.TwoFactorEnabled ? SessionErrors.FactorRefused : SessionErrors.Refused);
            }

            if (person.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(person);
            var now = clock.GetUtcNow();
            (session.SteppedUpAt, session.LastActiveAt) = (now, now);
            var token = SessionStore.Renew(session);
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.SessionSteppedUp, null, [session.Id]);
            await scope.CommitAsync(ct);
            var ticket = SessionStore.Ticket(session, user.OrganizationRole, user.MfaFrom, token);
            await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        }

        return TypedResults.Ok(await views.OfAsync(user.OrganizationId, user.SessionId, ct));
    }
}
