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

/// <summary>Gives a person of the organization a role in the project.</summary>
public static class AddMember
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapPost("/{projectId:guid}/members", Endpoint).WithName(nameof(AddMember)).WithSummary("Adds a member.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.PersonId, body.Role, body.ValidFrom, body.ValidUntil), ct)).ToHttp();

    /// <summary>Who, which role, and from when until when (exclusive); null = without beginning or end.</summary>
    public sealed record Body(Guid PersonId, ProjectRole Role, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil);

    /// <summary>Adds a member.</summary>
    [Act(Acts.MembersManage)]
    [Audits(AuditActs.MemberAdded)]
    public sealed record Command(Guid ProjectId, Guid PersonId, ProjectRole Role, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil) : ICommand<Done>, IInProject;

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
            if (!await db.OrganizationMembers.AnyAsync(m => m.PersonId == command.PersonId && m.Status != MemberStatus.Deactivated, ct)) return ProjectErrors.UnknownPerson;
            if (await db.ProjectMembers.AnyAsync(m => m.ProjectId == command.ProjectId && m.PersonId == command.PersonId, ct)) return ProjectErrors.AlreadyMember;
            var now = clock.GetUtcNow();
            if (MemberRules.RefuseDates(command.ValidFrom, command.ValidUntil, now) is { } refused) return refused;
            var (from, until) = (command.ValidFrom?.ToUniversalTime(), command.ValidUntil?.ToUniversalTime());
            db.ProjectMembers.Add(ProjectMember.Create(user.OrganizationId, command.ProjectId, command.PersonId, command.Role, now, from, until));
            audit.Record(AuditActs.MemberAdded, command.ProjectId, [command.PersonId], new { role = command.Role.ToString(), from, until });
            return Done.Value;
        }
    }
}
