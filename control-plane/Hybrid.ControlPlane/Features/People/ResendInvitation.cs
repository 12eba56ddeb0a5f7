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

/// <summary>Sends an invitation once more; the link that went out before stops working.</summary>
public static class ResendInvitation
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/{personId:guid}/invitation", Endpoint).WithName(nameof(ResendInvitation)).WithSummary("Sends an invitation again.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Whose.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.InvitationResent)]
    public sealed record Command(Guid PersonId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role)) return RequestErrors.Forbidden;
            if (member.Status != MemberStatus.Invited) return InvitationErrors.None;
            member.WantInvitation(clock.GetUtcNow());
            await db.MailLinks.Where(l => l.PersonId == member.PersonId && l.Kind == MailLinkKind.Invitation).ExecuteDeleteAsync(ct);
            audit.Record(AuditActs.InvitationResent, null, [member.PersonId]);
            return Done.Value;
        }
    }
}

/// <summary>Refusals about invitations.</summary>
internal static class InvitationErrors
{
    public static readonly Error None = new(ErrorKind.Conflict, "invitation.none", "This person is not invited.", "Nothing was changed. They have come already, or are deactivated.");
}
