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

/// <summary>Lets a deactivated person in again; roles in projects are given anew.</summary>
public static class ReactivatePerson
{
    internal static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/{personId:guid}/reactivate", Endpoint).WithName(nameof(ReactivatePerson)).WithSummary("Reactivates a person.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Who.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.PersonReactivated)]
    public sealed record Command(Guid PersonId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        private static readonly Error Erased = new(ErrorKind.Conflict, "person.erased", "This person's data was erased.", "Nothing was changed. Add the person anew if they come back.");

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var found = await (
                from m in db.OrganizationMembers
                join p in db.Users on m.PersonId equals p.Id
                where m.PersonId == command.PersonId
                select new { Member = m, HasPassword = p.PasswordHash != null }).SingleOrDefaultAsync(ct);
            if (found is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, found.Member.Role)) return RequestErrors.Forbidden;
            if (found.Member.ErasedAt is not null) return Erased;
            if (found.Member.Status != MemberStatus.Deactivated)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            // An account that other organizations know too comes back only by its person's own will.
            var elsewhere = await db.Through(Doors.MembershipsOfPerson, command.PersonId).AnyAsync(m => m.OrganizationId != user.OrganizationId, ct);
            found.Member.Reactivate(found.HasPassword && !elsewhere, clock.GetUtcNow());
            audit.Record(AuditActs.PersonReactivated, null, [command.PersonId]);
            return Done.Value;
        }
    }
}
