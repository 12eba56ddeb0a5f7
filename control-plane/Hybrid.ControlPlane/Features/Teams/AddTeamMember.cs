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

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Puts a person into a team. Who puts themselves into one is announced in the projects where that gives them more.</summary>
public static class AddTeamMember
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapPut("/{teamId:guid}/people/{personId:guid}", Endpoint).WithName(nameof(AddTeamMember)).WithSummary("Puts a person into a team.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid teamId, Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(teamId, personId), ct)).ToHttp();

    /// <summary>Who, into which team.</summary>
    [Act(Acts.TeamsManage)]
    [Audits(AuditActs.TeamMemberAdded)]
    public sealed record Command(Guid TeamId, Guid PersonId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var team = await db.Teams.AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.TeamId, ct);
            if (team is null) return RequestErrors.NotFound;
            if (team.Source != TeamSource.Manual) return TeamErrors.Synchronized;
            if (!await db.OrganizationMembers.AnyAsync(m => m.PersonId == command.PersonId && m.Status != MemberStatus.Deactivated, ct)) return TeamErrors.UnknownPerson;
            if (await db.TeamMembers.AnyAsync(m => m.TeamId == team.Id && m.PersonId == command.PersonId, ct))
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            var now = clock.GetUtcNow();
            if (command.PersonId == user.PersonId) db.ProjectNotices.AddRange(await SelfJoin.NoticesAsync(db, user.OrganizationId, user.PersonId, team.Id, now, ct));
            db.TeamMembers.Add(TeamMember.Create(user.OrganizationId, team.Id, command.PersonId, now));
            audit.Record(AuditActs.TeamMemberAdded, null, [team.Id, command.PersonId]);
            return Done.Value;
        }
    }
}
