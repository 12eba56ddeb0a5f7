using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Takes a team out of the project; who has no other role there loses their leases.</summary>
public static class RemoveProjectTeam
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapDelete("/{projectId:guid}/teams/{teamId:guid}", Endpoint).WithName(nameof(RemoveProjectTeam)).WithSummary("Removes a team.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid teamId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, teamId), ct)).ToHttp();

    /// <summary>Which team.</summary>
    [Act(Acts.MembersManage)]
    [Audits(AuditActs.ProjectTeamRemoved)]
    public sealed record Command(Guid ProjectId, Guid TeamId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, LeaseRelease leases, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            var present = await db.ProjectTeams.AsNoTracking().SingleOrDefaultAsync(t => t.ProjectId == command.ProjectId && t.TeamId == command.TeamId, ct);
            if (present is null) return RequestErrors.NotFound;
            if (!MemberRules.MayRule(own, present.Role)) return RequestErrors.Forbidden;
            var people = await db.TeamMembers.Where(m => m.TeamId == command.TeamId).Select(m => m.PersonId).ToListAsync(ct);
            await db.ProjectTeams.Where(t => t.ProjectId == command.ProjectId && t.TeamId == command.TeamId).ExecuteDeleteAsync(ct);
            await leases.AfterLossAsync(people, [command.ProjectId], ct);
            audit.Record(AuditActs.ProjectTeamRemoved, command.ProjectId, [command.TeamId], new { role = present.Role.ToString() });
            return Done.Value;
        }
    }
}
