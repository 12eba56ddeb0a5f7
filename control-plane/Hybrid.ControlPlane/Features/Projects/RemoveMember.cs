using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
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
    public sealed record Command(Guid ProjectId, Guid PersonId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            var member = await db.ProjectMembers.SingleOrDefaultAsync(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!MemberRules.MayRule(own, member.Role)) return RequestErrors.Forbidden;
            var last = member.Role == ProjectRole.ProjectAdmin
                && !await db.ProjectMembers.AnyAsync(m => m.ProjectId == command.ProjectId && m.PersonId != command.PersonId && m.Role == ProjectRole.ProjectAdmin, ct);
            if (last) return ProjectErrors.LastAdmin;
            db.ProjectMembers.Remove(member);
            await db.Tasks.Where(t => t.ProjectId == command.ProjectId && t.HolderId == command.PersonId)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.HolderId, (Guid?)null).SetProperty(x => x.HeldUntil, (DateTimeOffset?)null).SetProperty(x => x.Reserved, false), ct);
            audit.Record(AuditActs.MemberRemoved, command.ProjectId, [command.PersonId], new { role = member.Role.ToString() });
            return Done.Value;
        }
    }
}
