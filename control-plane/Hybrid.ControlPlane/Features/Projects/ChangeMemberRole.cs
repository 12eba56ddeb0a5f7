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

/// <summary>Gives a member another role or other dates.</summary>
public static class ChangeMemberRole
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPut("/{projectId:guid}/members/{personId:guid}", Endpoint).WithName(nameof(ChangeMemberRole)).WithSummary("Changes a member's role.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid personId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, personId, body.Role, body.ValidFrom, body.ValidUntil), ct)).ToHttp();

    /// <summary>The new role, and from when until when (exclusive); null = without beginning or end.</summary>
    public sealed record Body(ProjectRole Role, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

    /// <summary>Changes a role.</summary>
    [Act(Acts.MembersManage)]
    [StepUp]
    [Audits(AuditActs.MemberRoleChanged, AuditActs.MemberDatesChanged)]
    public sealed record Command(Guid ProjectId, Guid PersonId, ProjectRole Role, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>Two admins who take each other's role at once would leave none.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"members {ProjectId}";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Role).IsInEnum();
    }

    internal sealed class Handler(ControlPlaneDb db, ProjectAccess access, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var own = (await access.RoleInAsync(command.ProjectId, ct))!.Value;
            var member = await db.ProjectMembers.SingleOrDefaultAsync(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!MemberRules.MayRule(own, member.Role) || !MemberRules.MayRule(own, command.Role)) return RequestErrors.Forbidden;
            var now = clock.GetUtcNow();
            var (from, until) = (command.ValidFrom?.ToUniversalTime(), command.ValidUntil?.ToUniversalTime());
            if (MemberRules.RefuseDates(from, until, now) is { } refused) return refused;
            var stays = command.Role == ProjectRole.ProjectAdmin && until is null;
            if (!stays && await MemberRules.IsLastAdminAsync(db, member, ct)) return ProjectErrors.LastAdmin;
            if (member.Role == command.Role && member.ValidFrom == from && member.ValidUntil == until)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            if (member.Role != command.Role) audit.Record(AuditActs.MemberRoleChanged, command.ProjectId, [command.PersonId], new { from = member.Role.ToString(), to = command.Role.ToString() });
            if (member.ValidFrom != from || member.ValidUntil != until) audit.Record(AuditActs.MemberDatesChanged, command.ProjectId, [command.PersonId], new { from, until });
            member.ChangeRole(command.Role);
            member.Limit(from, until);
            return Done.Value;
        }
    }
}
