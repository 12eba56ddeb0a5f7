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

/// <summary>Takes a member's role away; what they hold goes back to the queue, their drafts and labels stay.</summary>
public static class RemoveMember
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapDelete("/{projectId:guid}/members/{personId:guid}", Endpoint).WithName(nameof(RemoveMember)).WithSummary("Removes a member.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, personId), ct)).ToHttp();

    /// <summary>Removes a member.</summary>
    [Act(Acts.MembersManage)]
    [Audits(AuditActs.MemberRemoved)]
    public sealed record Command(Guid ProjectId, Guid PersonId) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>Two admins who take each other's role at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"members {ProjectId}";
    }

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, LeaseRelease leases, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            var member = await db.ProjectMembers.AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!MemberRules.MayRule(own, member.Role)) return RequestErrors.Forbidden;
            if (await MemberRules.IsLastAdminAsync(db, member, ct)) return ProjectErrors.LastAdmin;
            await db.ProjectMembers.Where(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId).ExecuteDeleteAsync(ct);
            await leases.AfterLossAsync([command.PersonId], [command.ProjectId], ct);
            audit.Record(AuditActs.MemberRemoved, command.ProjectId, [command.PersonId], new { role = member.Role.ToString() });
            return Done.Value;
        }
    }
}
