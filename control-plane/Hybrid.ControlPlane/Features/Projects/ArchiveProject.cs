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

/// <summary>Archives a project: nothing is worked on any more, everything stays to be seen.</summary>
public static class ArchiveProject
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPost("/{projectId:guid}/archive", Endpoint).WithName(nameof(ArchiveProject)).WithSummary("Archives a project.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.ProjectManage)]
    [Audits(AuditActs.ProjectArchived)]
    public sealed record Command(Guid ProjectId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, LeaseRelease leases, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.ArchivedAt is not null)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            var now = clock.GetUtcNow();
            project.Archive(now);
            var held = await leases.OfProjectAsync(project.Id, ct);
            var imports = await ProjectEnd.CancelImportsAsync(db, project.Id, null, now, ct);
            audit.Record(AuditActs.ProjectArchived, project.Id, [project.Id], new { leases = held, imports });
            return Done.Value;
        }
    }
}
