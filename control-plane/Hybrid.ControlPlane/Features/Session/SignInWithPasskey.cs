using FluentValidation;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
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

/// <summary>Begins a locked session for a passkey alone, which is two factors: the device, and what opens it. The browser then proves its key.</summary>
public static class SignInWithPasskey
{
    internal static void Map(IEndpointRouteBuilder session)
    {
        session.MapPost("/passkey/options", Ask).WithName("AskForPasskey").WithSummary("What a browser asks its authenticators to sign in.")
            .OpenToAll("nobody has a session yet").ChangesNothing("the question goes to the browser and back, sealed").RequireRateLimiting(SessionRoutes.Limiter);
        session.MapPost("/passkey", Endpoint).WithName(nameof(SignInWithPasskey)).WithSummary("Signs in by a passkey; the session stays locked until its browser proves its key.")
            .OpenToAll("nobody has a session yet").Audits(AuditActs.SignedIn).RequireRateLimiting(SessionRoutes.Limiter);
    }

    /// <summary>RFC 7638 thumbprint of the key that the browser made before signing in.</summary>
    public sealed record AskBody(string KeyThumbprint);

    /// <summary>The answer, from the browser that was asked.</summary>
    public sealed record Body(string KeyThumbprint, PasskeyAnswer Answer);

    private static async Task<Results<Ok<PasskeyQuestion>, ProblemHttpResult>> Ask(AskBody body, PasskeyCeremonies passkeys) =>
        KeyThumbprintRule.Fits(body.KeyThumbprint) ? TypedResults.Ok(await passkeys.AskAnybodyAsync(body.KeyThumbprint)) : ResultToHttp.ToProblem(KeyThumbprintRule.Unfit);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, IMediator mediator, SessionViews views, HttpContext http, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(body.KeyThumbprint, body.Answer, UserAgents.Shown(http.Request)), ct);
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        var ticket = SessionStore.Ticket(result.Value.Session, result.Value.Role, result.Value.MfaFrom, result.Value.Token);
        await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        return TypedResults.Ok(await views.OfAsync(result.Value.Session.OrganizationId, result.Value.Session.Id, ct));
    }

    /// <summary>The same, and what the browser calls itself.</summary>
    public sealed record Command(string KeyThumbprint, PasskeyAnswer Answer, string UserAgent) : IUnscopedCommand<Begun>;

    /// <summary>A session that has begun.</summary>
    public sealed record Begun(Persistence.Session Session, OrganizationRole Role, OrganizationRole? MfaFrom, string Token);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.KeyThumbprint).NotEmpty().Must(KeyThumbprintRule.Fits).WithMessage("43 characters of base64url.");
            RuleFor(c => c.Answer).NotNull().SetValidator(new PasskeyAnswerRule());
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PasskeyCeremonies passkeys, OwnProofDoor door, SignInDelays delays, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Begun>>
    {
        public async Task<Result<Begun>> Handle(Command command, CancellationToken ct)
        {
            // 1. Count the try, for whomever it claims to be; an unknown passkey counts as itself, so that it answers alike.
            var (counted, early) = await delays.BeginAsync("passkey", await passkeys.ClaimedAccountAsync(command.Answer, ct), ct);
            if (early is not null) return early;

            // 2. Who is it?
            if (await passkeys.WhoAsync(command.KeyThumbprint, command.Answer, ct) is not { } said) return SessionErrors.PasskeyRefused;
            var person = said.Person;
            var members = await db.Through(Doors.MembershipsOfPerson, person.Id).Where(m => m.Status == MemberStatus.Active).OrderBy(m => m.CreatedAt).ToListAsync(ct);
            if (members.Count == 0) return SessionErrors.PasskeyRefused;

            // 3. May they come in by it? That another way is asked for is said only to somebody who holds the passkey.
            var member = await door.FirstAsync(person.Id, members, ct);
            await using var scope = await TenantScope.OpenAsync(db, (member ?? members[0]).OrganizationId, person.Id, ct);
            var verdict = await passkeys.CountAsync(said.Passkey, ct);
            if (verdict != PasskeyVerdict.Right || member is null)
            {
                audit.RecordAs(ActorKind.User, person.Id, verdict == PasskeyVerdict.CountedBack ? AuditActs.PasskeyCountedBack : AuditActs.SignInRefused, null, [person.Id]);
                await scope.CommitAsync(ct);
                return verdict == PasskeyVerdict.Right ? SingleSignOn.SingleSignOnErrors.Required : SessionErrors.PasskeyRefused;
            }

            // 4. Begin.
            var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == member.OrganizationId, ct);
            var (session, token) = SessionStore.Begin(organization, person, command.KeyThumbprint, command.UserAgent, 2, clock.GetUtcNow());
            db.Sessions.Add(session);
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.SignedIn, null, [session.Id], new { mfa = 2, passkey = true });
            await delays.SucceededAsync(counted!, ct);
            await scope.CommitAsync(ct);
            return new Begun(session, member.Role, organization.MfaFrom, token);
        }
    }
}
