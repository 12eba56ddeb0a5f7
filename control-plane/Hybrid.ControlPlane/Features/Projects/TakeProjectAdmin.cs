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

/// <summary>An organization admin makes themselves project admin: audited, and announced to the project's admins.</summary>
public static class TakeProjectAdmin
{
    internal static void Map(IEndpointRouteBuilder organization) =>
        organization.MapPost("/projects/{projectId:guid}/admin", Endpoint).WithName(nameof(TakeProjectAdmin)).WithSummary("Makes oneself project admin.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.ProjectsOversee)]
    [StepUp]
    [Audits(AuditActs.MemberSelfAdmin)]
    public sealed record Command(Guid Project) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (!await db.Projects.AnyAsync(p => p.Id == command.Project, ct)) return RequestErrors.NotFound;
            var now = clock.GetUtcNow();
            var member = await db.ProjectMembers.SingleOrDefaultAsync(m => m.ProjectId == command.Project && m.PersonId == user.PersonId, ct);
            if (member is { Role: ProjectRole.ProjectAdmin, ValidFrom: null, ValidUntil: null })
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            audit.Record(AuditActs.MemberSelfAdmin, command.Project, [user.PersonId], new { from = member?.Role.ToString() });
            if (member is null)
            {
                db.ProjectMembers.Add(ProjectMember.Create(user.OrganizationId, command.Project, user.PersonId, ProjectRole.ProjectAdmin, now));
            }
            else
            {
                member.ChangeRole(ProjectRole.ProjectAdmin);
                member.Limit(null, null);
            }

            db.ProjectNotices.Add(ProjectNotice.Create(user.OrganizationId, command.Project, user.PersonId, ProjectRole.ProjectAdmin, null, now));
            return Done.Value;
        }
    }
}
