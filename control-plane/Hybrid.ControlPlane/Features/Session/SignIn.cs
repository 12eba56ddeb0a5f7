using FluentValidation;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Begins a locked session for an e-mail address and a password; the browser then proves its key.</summary>
public static class SignIn
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("", Endpoint).WithName(nameof(SignIn))
        .WithSummary("Signs in; the session stays locked until its browser proves its key.")
        .OpenToAll("nobody has a session yet").Audits(AuditActs.SignedIn).RequireRateLimiting(SessionRoutes.Limiter);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, IMediator mediator, SessionViews views, HttpContext http, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(body.Email, body.Password, body.KeyThumbprint, UserAgents.Shown(http.Request)), ct);
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        var ticket = SessionStore.Ticket(result.Value.Session, result.Value.Role, result.Value.MfaFrom, result.Value.Token);
        await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        return TypedResults.Ok(await views.OfAsync(result.Value.Session.OrganizationId, result.Value.Session.Id, ct));
    }

    /// <summary>What the browser sends.</summary>
    /// <param name="Email">E-mail address.</param>
    /// <param name="Password">Password.</param>
    /// <param name="KeyThumbprint">RFC 7638 thumbprint of the key that the browser made before signing in.</param>
    public sealed record Body(string Email, string Password, string KeyThumbprint);

    /// <summary>The same, and what the browser calls itself.</summary>
    public sealed record Command(string Email, string Password, string KeyThumbprint, string UserAgent) : IUnscopedCommand<Begun>;

    /// <summary>A session that has begun.</summary>
    public sealed record Begun(Persistence.Session Session, Domain.Organizations.OrganizationRole Role, Domain.Organizations.OrganizationRole? MfaFrom, string Token);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Email).NotEmpty().MaximumLength(256);
            RuleFor(c => c.Password).NotEmpty().MaximumLength(1024);
            RuleFor(c => c.KeyThumbprint).NotEmpty().Matches("^[A-Za-z0-9_-]{43}$");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, UserManager<Person> users, IPasswordHasher<Person> hasher, NobodysPassword nobody, OwnProofDoor door, SignInDelays delays, AuditTrail audit, TimeProvider clock)
        : IRequestHandler<Command, Result<Begun>>
    {
        public async Task<Result<Begun>> Handle(Command command, CancellationToken ct)
        {
            var (counted, early) = await delays.BeginAsync("password", command.Email, ct);
            if (early is not null) return early;
            var person = await users.FindByEmailAsync(command.Email.Trim());
            var verdict = hasher.VerifyHashedPassword(person ?? new Person(), person?.PasswordHash ?? nobody.Hash, command.Password);
            var members = person is null ? [] : await db.Through(Doors.MembershipsOfPerson, person.Id).Where(m => m.Status == Domain.Organizations.MemberStatus.Active).OrderBy(m => m.CreatedAt).ToListAsync(ct);
            if (person is null || members.Count == 0) return SessionErrors.Refused;

            var right = verdict != PasswordVerificationResult.Failed;
            // Said only to somebody who knows the password: where it lets nobody in, another organization of theirs may.
            var member = right ? await door.FirstAsync(person.Id, members, ct) : null;
            await using var scope = await TenantScope.OpenAsync(db, (member ?? members[0]).OrganizationId, person.Id, ct);
            db.Attach(person);
            if (member is null)
            {
                audit.RecordAs(ActorKind.User, person.Id, AuditActs.SignInRefused, null, [person.Id]);
                await scope.CommitAsync(ct);
                return right ? SingleSignOn.SingleSignOnErrors.Required : SessionErrors.Refused;
            }

            if (verdict == PasswordVerificationResult.SuccessRehashNeeded) person.PasswordHash = hasher.HashPassword(person, command.Password);
            var now = clock.GetUtcNow();
            var organization = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == member.OrganizationId, ct);
            var (session, token) = SessionStore.Begin(organization, person, command.KeyThumbprint, command.UserAgent, 1, now);
            db.Sessions.Add(session);
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.SignedIn, null, [session.Id], new { mfa = 1 });
            await delays.SucceededAsync(counted!, ct);
            await scope.CommitAsync(ct);
            return new Begun(session, member.Role, organization.MfaFrom, token);
        }
    }
}
