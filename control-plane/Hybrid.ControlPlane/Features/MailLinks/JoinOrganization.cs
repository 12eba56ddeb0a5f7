using FluentValidation;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Joins a further organization by a link, with the account that one has: the link says that the mail is theirs, the session that the account is.</summary>
public static class JoinOrganization
{
    internal static void Map(IEndpointRouteBuilder links) => links.MapPost("/join", Endpoint).WithName(nameof(JoinOrganization)).WithSummary("Joins a further organization with your account, by a link from a mail.")
        .WithMetadata(new RouteRule(null, "the link's secret says which organization, the session whose account")).RequireAuthorization(Policies.Unlocked).Audits(AuditActs.InvitationAccepted);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, CancellationToken ct) => (await mediator.Send(body, ct)).ToHttp();

    /// <summary>The link's secret.</summary>
    public sealed record Command(string Token) : IUnscopedCommand<Response>;

    /// <summary>The organization that was joined.</summary>
    public sealed record Response(Guid OrganizationId);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Token).NotEmpty().MaximumLength(100);
    }

    internal sealed class Handler(ControlPlaneDb db, Infrastructure.Mail.MailLinks links, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            if (await links.FindAsync(command.Token, ct) is not { Link.Kind: MailLinkKind.Invitation } found) return MailLinkErrors.Dead;
            if (found.Person.Id != user.PersonId) return MailLinkErrors.OtherPerson;
            if (clock.GetUtcNow() - user.SteppedUpAt > StepUpAttribute.Freshness) return RequestErrors.StepUp;
            await using var scope = await TenantScope.OpenAsync(db, found.Link.OrganizationId, user.PersonId, ct);
            if (!await links.TakeAsync(found, ct)) return MailLinkErrors.Dead;
            (await db.OrganizationMembers.SingleAsync(m => m.PersonId == user.PersonId, ct)).Join();
            audit.RecordAs(ActorKind.User, user.PersonId, AuditActs.InvitationAccepted, null, [user.PersonId]);
            await scope.CommitAsync(ct);
            return new Response(found.Link.OrganizationId);
        }
    }
}
