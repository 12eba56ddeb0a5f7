using FluentValidation;
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

/// <summary>Gives a member another role.</summary>
public static class ChangeMemberRole
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPut("/{projectId:guid}/members/{personId:guid}", Endpoint).WithName(nameof(ChangeMemberRole)).WithSummary("Changes a member's role.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid personId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, personId, body.Role), ct)).ToHttp();

    /// <summary>The new role.</summary>
    public sealed record Body(ProjectRole Role);

    /// <summary>Changes a role.</summary>
    [Act(Acts.MembersManage)]
    [StepUp]
    [Audits(AuditActs.MemberRoleChanged)]
    public sealed record Command(Guid ProjectId, Guid PersonId, ProjectRole Role) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Role).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            var member = await db.ProjectMembers.SingleOrDefaultAsync(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!MemberRules.MayRule(own, member.Role) || !MemberRules.MayRule(own, command.Role)) return RequestErrors.Forbidden;
            var last = member.Role == ProjectRole.ProjectAdmin && command.Role != ProjectRole.ProjectAdmin
                && !await db.ProjectMembers.AnyAsync(m => m.ProjectId == command.ProjectId && m.PersonId != command.PersonId && m.Role == ProjectRole.ProjectAdmin, ct);
            if (last) return ProjectErrors.LastAdmin;
            audit.Record(AuditActs.MemberRoleChanged, command.ProjectId, [command.PersonId], new { from = member.Role.ToString(), to = command.Role.ToString() });
            member.ChangeRole(command.Role);
            return Done.Value;
        }
    }
}
