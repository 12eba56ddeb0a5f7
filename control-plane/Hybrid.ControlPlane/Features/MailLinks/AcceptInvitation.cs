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

/// <summary>Joins an organization by a link: the person chooses their name and their first password.</summary>
public static class AcceptInvitation
{
    internal static void Map(IEndpointRouteBuilder links) => links.MapPost("/accept", Endpoint).WithName(nameof(AcceptInvitation)).WithSummary("Joins an organization by a link from a mail.")
        .OpenToAll("the link's secret is the proof").Audits(AuditActs.InvitationAccepted).RequireRateLimiting(Session.SessionRoutes.Limiter);

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The link's secret, the person's name and their password.</summary>
    public sealed record Command(string Token, string Name, string Password) : IUnscopedCommand<Done>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Token).NotEmpty().MaximumLength(100);
            RuleFor(c => c.Name).IsName(200);
            RuleFor(c => c.Password).NotEmpty().Length(PasswordRules.MinLength, PasswordRules.MaxLength);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, Infrastructure.Mail.MailLinks links, UserManager<Person> users, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await links.FindAsync(command.Token, ct) is not { Link.Kind: MailLinkKind.Invitation } found) return MailLinkErrors.Dead;
            // A mailbox alone must open no account that is in use: its person joins by a session of their own.
            if (await links.HasAccountAsync(found, ct)) return MailLinkErrors.AccountExists;
            await using var scope = await TenantScope.OpenAsync(db, found.Link.OrganizationId, found.Person.Id, ct);
            if (!await links.TakeAsync(found, ct)) return MailLinkErrors.Dead;
            var person = await db.Users.SingleAsync(p => p.Id == found.Person.Id, ct);
            person.DisplayName = command.Name.Trim();
            person.EmailConfirmed = true;
            // A password that cannot be used rolls all back: the link stays good.
            var set = await users.AddPasswordAsync(person, command.Password);
            if (!set.Succeeded) return PasswordRules.Unfit(set);
            (await db.OrganizationMembers.SingleAsync(m => m.PersonId == person.Id, ct)).Join();
            audit.RecordAs(ActorKind.User, person.Id, AuditActs.InvitationAccepted, null, [person.Id]);
            await scope.CommitAsync(ct);
            return Done.Value;
        }
    }
}
