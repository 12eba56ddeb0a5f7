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

/// <summary>Withdraws a storage connection from a project: no grant for its objects any more; assets and labels stay.</summary>
public static class WithdrawConnection
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapDelete("/{projectId:guid}/connections/{connectionId:guid}", Endpoint).WithName(nameof(WithdrawConnection)).WithSummary("Withdraws a connection.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid connectionId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, connectionId), ct)).ToHttp();

    /// <summary>Which one, from which project.</summary>
    [Act(Acts.StorageManage)]
    [StepUp]
    [Audits(AuditActs.ProjectConnectionsChanged)]
    public sealed record Command(Guid ProjectId, Guid ConnectionId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var gone = await db.ProjectConnections.Where(pc => pc.ProjectId == command.ProjectId && pc.ConnectionId == command.ConnectionId).ExecuteDeleteAsync(ct);
            if (gone == 0) return RequestErrors.NotFound;
            var imports = await ProjectEnd.CancelImportsAsync(db, command.ProjectId, command.ConnectionId, clock.GetUtcNow(), ct);
            audit.Record(AuditActs.ProjectConnectionsChanged, command.ProjectId, [command.ConnectionId], new { change = "withdrawn", imports });
            return Done.Value;
        }
    }
}
