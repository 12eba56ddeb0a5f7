using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>Takes an invitation back: its link is dead and the person is deactivated; reactivating them invites anew.</summary>
public static class WithdrawInvitation
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapDelete("/{personId:guid}/invitation", Endpoint).WithName(nameof(WithdrawInvitation)).WithSummary("Takes an invitation back.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Whose.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.InvitationWithdrawn)]
    public sealed record Command(Guid PersonId) : ICommand<Done>, ITakesTurns
    {
        /// <inheritdoc/>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, PersonDeparture departure, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role)) return RequestErrors.Forbidden;
            if (member.Status != MemberStatus.Invited) return InvitationErrors.None;
            await db.MailLinks.Where(l => l.PersonId == member.PersonId && l.Kind == MailLinkKind.Invitation).ExecuteDeleteAsync(ct);
            await departure.DeactivateAsync(member, ActorKind.User, user.PersonId, ct);
            audit.Record(AuditActs.InvitationWithdrawn, null, [member.PersonId]);
            return Done.Value;
        }
    }
}
