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

/// <summary>Takes the authenticator into use with its first code; recovery codes are shown once.</summary>
public static class ConfirmAuthenticator
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/authenticator/confirm", Endpoint).WithName(nameof(ConfirmAuthenticator)).WithSummary("Takes the authenticator app into use.").Sends<Command>();

    private static async Task<Results<Ok<IssuedCodes>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, SessionsElsewhere elsewhere, ICurrentUser user, HttpContext http, CancellationToken ct)
    {
        var result = await mediator.Send(body, ct);
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        await elsewhere.EndAsync(user.PersonId, user.OrganizationId, ct);
        var ticket = SessionStore.Ticket(result.Value.Session, user.OrganizationRole, user.MfaFrom, result.Value.Token);
        await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        return TypedResults.Ok(new IssuedCodes(result.Value.RecoveryCodes));
    }

    /// <summary>Six digits of the app.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [StepUp]
    [Audits(AuditActs.AuthenticatorAdded)]
    public sealed record Command(string Code) : ICommand<Taken>;

    /// <summary>What the endpoint makes the answer and the new cookie of.</summary>
    public sealed record Taken(Persistence.Session Session, string Token, IReadOnlyList<string> RecoveryCodes);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Code).NotEmpty().MaximumLength(20);
    }

    internal sealed class Handler(ControlPlaneDb db, SecondFactor factor, SessionEnd end, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Taken>>
    {
        public async Task<Result<Taken>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (person.PendingSeed is not { } pending) return ProfileErrors.NothingBegun;
            if (!await factor.TakeFirstAsync(person.Id, pending, command.Code, ct)) return ProfileErrors.WrongCode;
            (person.AuthenticatorSeed, person.PendingSeed, person.TwoFactorEnabled) = (pending, null, true);
            var codes = await factor.RenewRecoveryCodesAsync(person.Id, ct);
            // Who sits at this browser has just proven both; wherever else the account is signed in, it has not.
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            var token = SessionStore.RenewUnderWay(session, clock.GetUtcNow());
            session.MfaLevel = 2;
            var ended = await end.EndAsync(db.Sessions.Where(s => s.PersonId == person.Id && s.Id != session.Id), ct);
            audit.Record(AuditActs.AuthenticatorAdded, null, [person.Id], new { sessionsEnded = ended.Count });
            return new Taken(session, token, codes);
        }
    }
}
