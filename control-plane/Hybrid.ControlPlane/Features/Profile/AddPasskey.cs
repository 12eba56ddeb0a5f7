using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
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

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Adds a passkey. The first second factor of an account turns it on: recovery codes are shown once, and other sessions end.</summary>
public static class AddPasskey
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/passkeys", Endpoint).WithName(nameof(AddPasskey)).WithSummary("Adds a passkey.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, SessionsElsewhere elsewhere, ICurrentUser user, HttpContext http, CancellationToken ct)
    {
        var result = await mediator.Send(body, ct);
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        if (result.Value.RecoveryCodes.Count > 0) await elsewhere.EndAsync(user.PersonId, user.OrganizationId, ct);
        var ticket = SessionStore.Ticket(result.Value.Session, user.OrganizationRole, user.MfaFrom, result.Value.Token);
        await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        return TypedResults.Ok(new Response(result.Value.Id, result.Value.RecoveryCodes));
    }

    /// <summary>The authenticator's answer, and what the person calls it.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [StepUp]
    [Audits(AuditActs.PasskeyAdded)]
    public sealed record Command(string Name, PasskeyAnswer Answer) : ICommand<Taken>;

    /// <summary>The passkey, and the recovery codes where it is the account's first second factor.</summary>
    public sealed record Response(Guid Id, IReadOnlyList<string> RecoveryCodes);

    /// <summary>What the endpoint makes the answer and the new cookie of.</summary>
    public sealed record Taken(Guid Id, Persistence.Session Session, string Token, IReadOnlyList<string> RecoveryCodes);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).IsName(Passkey.MaxName);
            RuleFor(c => c.Answer).NotNull().SetValidator(new PasskeyAnswerRule());
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PasskeyCeremonies passkeys, SecondFactor factor, SessionEnd end, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Taken>>
    {
        public async Task<Result<Taken>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            // A passkey opens every organization of its person, and one organization's identity provider must not open another.
            if (session.Issuer is not null && await db.Through(Doors.OrganizationsOfPerson, person.Id).AnyAsync(o => o.Id != user.OrganizationId, ct)) return ProfileErrors.OwnProofNeeded;
            if (await db.Passkeys.CountAsync(k => k.PersonId == person.Id, ct) >= AddPasskeyRule.Most) return ProfileErrors.TooManyPasskeys;
            if (await passkeys.NewAsync(person, user.SessionId, command.Answer, ct) is not { } passkey) return ProfileErrors.PasskeyUnfit;
            passkey.Name = command.Name.Trim();
            db.Passkeys.Add(passkey);

            // Whoever sits at this browser has just proven both; wherever else the account is signed in, it has not.
            var token = SessionStore.RenewUnderWay(session, clock.GetUtcNow());
            session.MfaLevel = 2;
            IReadOnlyList<string> codes = [];
            var ended = 0;
            if (!person.TwoFactorEnabled)
            {
                person.TwoFactorEnabled = true;
                codes = await factor.RenewRecoveryCodesAsync(person.Id, ct);
                ended = (await end.EndAsync(db.Sessions.Where(s => s.PersonId == person.Id && s.Id != session.Id), ct)).Count;
            }

            audit.Record(AuditActs.PasskeyAdded, null, [person.Id, passkey.Id], new { backupEligible = passkey.BackupEligible, sessionsEnded = ended });
            return new Taken(passkey.Id, session, token, codes);
        }
    }
}
