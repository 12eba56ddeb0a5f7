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

/// <summary>Gives the second factor of a session that waits for it.</summary>
public static class GiveFactor
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/factor", Endpoint).WithName(nameof(GiveFactor)).WithSummary("Gives the second factor.")
        .RequireSession("belongs to the session that waits for it").Audits(AuditActs.SessionFactorGiven, AuditActs.SessionFactorRefused).RequireRateLimiting(SessionRoutes.Limiter);

    /// <summary>Six digits of the authenticator app, or a recovery code.</summary>
    public sealed record Body(string Code);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(
        Body body, ICurrentUser user, ControlPlaneDb db, UserManager<Person> users, SecondFactor factor, SessionViews views, AuditTrail audit, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
        {
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (body.Code is not { Length: > 0 and <= 100 } || await users.IsLockedOutAsync(person) || !await factor.TakeAsync(person, body.Code, ct))
            {
                await users.AccessFailedAsync(person);
                audit.RecordAs(ActorKind.User, person.Id, AuditActs.SessionFactorRefused, null, [session.Id]);
                await scope.CommitAsync(ct);
                return ResultToHttp.ToProblem(SessionErrors.FactorRefused);
            }

            if (person.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(person);
            (session.AwaitsFactor, session.MfaLevel, session.SteppedUpAt) = (false, 2, clock.GetUtcNow());
            var token = SessionStore.Renew(session);
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.SessionFactorGiven, null, [session.Id]);
            await scope.CommitAsync(ct);
            var ticket = SessionStore.Ticket(session, user.OrganizationRole, user.MfaFrom, token);
            await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        }

        return TypedResults.Ok(await views.OfAsync(user.OrganizationId, user.SessionId, ct));
    }
}
