using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Takes back a deletion within its grace period, or else an archiving.</summary>
public static class RestoreProject
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPost("/{projectId:guid}/restore", Endpoint).WithName(nameof(RestoreProject)).WithSummary("Restores a deleted or archived project.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.ProjectManage)]
    [Audits(AuditActs.ProjectRestored)]
    public sealed record Command(Guid ProjectId) : ICommand<Done>, IInProjectEvenDeleted;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project is { ArchivedAt: null, DeletedAt: null })
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            audit.Record(AuditActs.ProjectRestored, project.Id, [project.Id], new { from = project.DeletedAt is null ? "archived" : "deleted" });
            project.Restore();
            return Done.Value;
        }
    }
}
