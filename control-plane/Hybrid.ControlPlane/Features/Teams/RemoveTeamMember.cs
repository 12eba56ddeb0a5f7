using Hybrid.ControlPlane.Domain.Access;
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

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Takes a person out of a team, and out of the projects where they had no other role.</summary>
public static class RemoveTeamMember
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapDelete("/{teamId:guid}/people/{personId:guid}", Endpoint).WithName(nameof(RemoveTeamMember)).WithSummary("Takes a person out of a team.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid teamId, Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(teamId, personId), ct)).ToHttp();

    /// <summary>Who, out of which team.</summary>
    [Act(Acts.TeamsManage)]
    [Audits(AuditActs.TeamMemberRemoved)]
    public sealed record Command(Guid TeamId, Guid PersonId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, LeaseRelease leases, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var team = await db.Teams.AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.TeamId, ct);
            if (team is null || !await db.TeamMembers.AnyAsync(m => m.TeamId == team.Id && m.PersonId == command.PersonId, ct)) return RequestErrors.NotFound;
            if (team.Source != TeamSource.Manual) return TeamErrors.Synchronized;
            await db.TeamMembers.Where(m => m.TeamId == team.Id && m.PersonId == command.PersonId).ExecuteDeleteAsync(ct);
            await leases.AfterLossAsync([command.PersonId], null, ct);
            audit.Record(AuditActs.TeamMemberRemoved, null, [team.Id, command.PersonId]);
            return Done.Value;
        }
    }
}
