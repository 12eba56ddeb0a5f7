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
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Changes one's own password; every other session of the account ends.</summary>
public static class ChangePassword
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapPost("/password", Endpoint).WithName(nameof(ChangePassword)).WithSummary("Changes your password.").Sends<Command>().RequireRateLimiting(Session.SessionRoutes.Limiter);

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, SignInDelays delays, SessionsElsewhere elsewhere, ControlPlaneDb db, ICurrentUser user, CancellationToken ct)
    {
        // Counted here, before the transaction that a refusal rolls back: who found a browser open must not guess the password at it.
        var email = await db.Users.Where(p => p.Id == user.PersonId).Select(p => p.Email!).SingleAsync(ct);
        var (counted, early) = await delays.BeginAsync("change", email, ct);
        if (early is not null) return ResultToHttp.ToProblem(early);
        var result = await mediator.Send(body, ct);
        if (result.Refusal != ProfileErrors.WrongPassword) await delays.SucceededAsync(counted!, ct);
        if (result.IsSuccess) await elsewhere.EndAsync(user.PersonId, user.OrganizationId, ct);
        return result.ToHttp();
    }

    /// <summary>The present password and the new one.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [Audits(AuditActs.PasswordChanged)]
    public sealed record Command(string Current, string New) : ICommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Current).NotEmpty().MaximumLength(PasswordRules.MaxLength);
            RuleFor(c => c.New).NotEmpty().Length(PasswordRules.MinLength, PasswordRules.MaxLength);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, UserManager<Person> users, SessionEnd end, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var person = await db.Users.SingleAsync(p => p.Id == user.PersonId, ct);
            if (!await users.CheckPasswordAsync(person, command.Current)) return ProfileErrors.WrongPassword;
            var changed = await users.ChangePasswordAsync(person, command.Current, command.New);
            if (!changed.Succeeded) return PasswordRules.Unfit(changed);
            var ended = await end.EndAsync(db.Sessions.Where(s => s.PersonId == user.PersonId && s.Id != user.SessionId), ct);
            audit.Record(AuditActs.PasswordChanged, null, [person.Id], new { sessionsEnded = ended.Count });
            return Done.Value;
        }
    }
}
