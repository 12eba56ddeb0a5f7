using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Deletes a team: the roles that it gave end, and with them the leases of those who have no other.</summary>
public static class DeleteTeam
{
    internal static void Map(IEndpointRouteBuilder teams) =>
        teams.MapDelete("/{teamId:guid}", Endpoint).WithName(nameof(DeleteTeam)).WithSummary("Deletes a team.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid teamId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(teamId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.TeamsManage)]
    [Audits(AuditActs.TeamDeleted)]
    public sealed record Command(Guid TeamId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, TeamEnd end) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var team = await db.Teams.AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.TeamId, ct);
            if (team is null) return RequestErrors.NotFound;
            if (team.Source != TeamSource.Manual) return TeamErrors.Synchronized;
            await end.DeleteAsync(team.Id, ct);
            return Done.Value;
        }
    }
}
