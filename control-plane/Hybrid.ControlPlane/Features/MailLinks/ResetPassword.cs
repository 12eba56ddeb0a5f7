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
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Sets a new password by a link. Every session of the account ends and no browser is known any more; the second factor stays.</summary>
public static class ResetPassword
{
    internal static void Map(IEndpointRouteBuilder links) => links.MapPost("/reset", Endpoint).WithName(nameof(ResetPassword)).WithSummary("Sets a new password by a link from a mail.")
        .OpenToAll("the link's secret is the proof").Audits(AuditActs.PasswordReset).RequireRateLimiting(Session.SessionRoutes.Limiter);

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The link's secret and the new password.</summary>
    public sealed record Command(string Token, string Password) : IUnscopedCommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Token).NotEmpty().MaximumLength(100);
            RuleFor(c => c.Password).NotEmpty().Length(PasswordRules.MinLength, PasswordRules.MaxLength);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, Infrastructure.Mail.MailLinks links, UserManager<Person> users, SessionEnd end, SessionsElsewhere elsewhere, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await links.FindAsync(command.Token, ct) is not { Link.Kind: MailLinkKind.PasswordReset } found) return MailLinkErrors.Dead;
            var person = found.Person.Id;
            // Other organizations' sessions first: if it fails half-way, somebody signs in once more.
            await elsewhere.EndAsync(person, found.Link.OrganizationId, ct);

            await using var scope = await TenantScope.OpenAsync(db, found.Link.OrganizationId, person, ct);
            if (!await links.TakeAsync(found, ct)) return MailLinkErrors.Dead;
            var account = await db.Users.SingleAsync(p => p.Id == person, ct);
            account.PasswordHash = null;
            // A password that cannot be used rolls all back: the link stays good.
            var set = await users.AddPasswordAsync(account, command.Password);
            if (!set.Succeeded) return PasswordRules.Unfit(set);
            account.EmailConfirmed = true;
            await db.KnownDevices.Where(d => d.PersonId == person).ExecuteDeleteAsync(ct);
            var ended = await end.EndAsync(db.Sessions.Where(s => s.PersonId == person), ct);
            audit.RecordAs(ActorKind.User, person, AuditActs.PasswordReset, null, [person], new { sessionsEnded = ended.Count });
            await scope.CommitAsync(ct);
            return Done.Value;
        }
    }
}
