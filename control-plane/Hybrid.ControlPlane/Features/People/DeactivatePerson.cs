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

/// <summary>Shuts a person out: sessions end, leases are released, places in projects and teams go.</summary>
public static class DeactivatePerson
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/{personId:guid}/deactivate", Endpoint).WithName(nameof(DeactivatePerson)).WithSummary("Deactivates a person.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Who.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.PersonDeactivated)]
    public sealed record Command(Guid PersonId) : ICommand<Done>, ITakesTurns
    {
        /// <summary>Two owners who leave at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => "organization roles";
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, PersonDeparture departure, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error Oneself = new(ErrorKind.Conflict, "person.oneself", "This is you.", "Nothing was changed. Ask another admin to do it.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role)) return RequestErrors.Forbidden;
            if (await PersonRules.IsLastOwnerAsync(db, member, ct)) return PersonRules.LastOwner;
            if (member.PersonId == user.PersonId) return Oneself;
            if (member.Status == MemberStatus.Deactivated) audit.NothingHappened = true;
            else await departure.DeactivateAsync(member, ActorKind.User, user.PersonId, ct);
            return Done.Value;
        }
    }
}
