using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
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

/// <summary>Gives a team a role in the project, or another one.</summary>
public static class PutProjectTeam
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPut("/{projectId:guid}/teams/{teamId:guid}", Endpoint).WithName(nameof(PutProjectTeam)).WithSummary("Gives a team a role.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid teamId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, teamId, body.Role), ct)).ToHttp();

    /// <summary>The role of everybody in the team.</summary>
    public sealed record Body(ProjectRole Role);

    /// <summary>Which team, which role.</summary>
    [Act(Acts.MembersManage)]
    [Audits(AuditActs.ProjectTeamAdded, AuditActs.ProjectTeamRoleChanged)]
    public sealed record Command(Guid ProjectId, Guid TeamId, ProjectRole Role) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Role).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ProjectAccess access, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            if (!MemberRules.MayRule(own, command.Role)) return RequestErrors.Forbidden;
            if (!await db.Teams.AnyAsync(t => t.Id == command.TeamId, ct)) return ProjectErrors.UnknownTeam;
            var present = await db.ProjectTeams.SingleOrDefaultAsync(t => t.ProjectId == command.ProjectId && t.TeamId == command.TeamId, ct);
            if (present is null)
            {
                db.ProjectTeams.Add(ProjectTeam.Create(user.OrganizationId, command.ProjectId, command.TeamId, command.Role, clock.GetUtcNow()));
                audit.Record(AuditActs.ProjectTeamAdded, command.ProjectId, [command.TeamId], new { role = command.Role.ToString() });
                return Done.Value;
            }

            if (!MemberRules.MayRule(own, present.Role)) return RequestErrors.Forbidden;
            if (present.Role == command.Role)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            audit.Record(AuditActs.ProjectTeamRoleChanged, command.ProjectId, [command.TeamId], new { from = present.Role.ToString(), to = command.Role.ToString() });
            present.ChangeRole(command.Role);
            return Done.Value;
        }
    }
}
