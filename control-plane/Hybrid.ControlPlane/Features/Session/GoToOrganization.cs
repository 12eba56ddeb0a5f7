using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>
/// Goes to another organization of one's own: this session ends, and a locked one begins there for the same key of the browser. It lives no longer than this one
/// would have, and no proof is fresher for it. A session that an organization's identity provider began stays where it is: who rules over the provider could
/// else walk into every other organization of its people.
/// </summary>
public static class GoToOrganization
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/organization", Endpoint).WithName(nameof(GoToOrganization)).WithSummary("Goes to another of your organizations; the new session stays locked until its browser proves its key.")
        .WithMetadata(new RouteRule(null, "moves the session itself")).RequireAuthorization(Policies.Unlocked).Audits(AuditActs.SignedOut, AuditActs.SignedIn);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, IMediator mediator, SessionViews views, HttpContext http, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(body.OrganizationId), ct);
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        var ticket = SessionStore.Ticket(result.Value.Session, result.Value.Role, result.Value.MfaFrom, result.Value.Token);
        await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        return TypedResults.Ok(await views.OfAsync(result.Value.Session.OrganizationId, result.Value.Session.Id, ct));
    }

    /// <summary>Where to.</summary>
    public sealed record Body(Guid OrganizationId);

    /// <summary>Where to.</summary>
    public sealed record Command(Guid OrganizationId) : IUnscopedCommand<Begun>;

    /// <summary>A session that has begun.</summary>
    public sealed record Begun(Persistence.Session Session, OrganizationRole Role, OrganizationRole? MfaFrom, string Token);

    internal sealed class Handler(ControlPlaneDb db, OwnProofDoor door, SessionEnd end, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Begun>>
    {
        public async Task<Result<Begun>> Handle(Command command, CancellationToken ct)
        {
            // 1. An organization that is not the person's does not exist for them.
            if (user.Key is not null) return RequestErrors.NotFound;
            var member = await db.Through(Doors.MembershipsOfPerson, user.PersonId).SingleOrDefaultAsync(m => m.OrganizationId == command.OrganizationId && m.Status == MemberStatus.Active, ct);
            if (member is null) return RequestErrors.NotFound;

            // 2. Is the proof that this session began with one for over there?
            Persistence.Session before;
            await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct)) before = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == user.SessionId, ct);
            if (before.Issuer is not null) return SessionErrors.OwnProofNeeded;
            if (!await door.LetsInAsync(user.PersonId, member, ct)) return SingleSignOn.SingleSignOnErrors.Required;

            // 3. This one ends first: if it fails half-way, somebody signs in once more.
            await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
            {
                if ((await end.EndAsync(db.Sessions.Where(s => s.Id == user.SessionId), ct)).Count == 0) return RequestErrors.SignedOut;
                audit.RecordAs(ActorKind.User, user.PersonId, AuditActs.SignedOut, null, [user.SessionId]);
                await scope.CommitAsync(ct);
            }

            // 4. Neither organization's log names the other.
            await using var there = await TenantScope.OpenAsync(db, member.OrganizationId, user.PersonId, ct);
            var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == member.OrganizationId, ct);
            var person = await db.Users.AsNoTracking().SingleAsync(p => p.Id == user.PersonId, ct);
            var (session, token) = SessionStore.Begin(organization, person, before.KeyThumbprint, before.UserAgent, before.MfaLevel, clock.GetUtcNow());
            session.SteppedUpAt = before.SteppedUpAt;
            if (before.ExpiresAt < session.ExpiresAt) session.ExpiresAt = before.ExpiresAt;
            db.Sessions.Add(session);
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.SignedIn, null, [session.Id], new { mfa = session.MfaLevel });
            await there.CommitAsync(ct);
            return new Begun(session, member.Role, organization.MfaFrom, token);
        }
    }
}
