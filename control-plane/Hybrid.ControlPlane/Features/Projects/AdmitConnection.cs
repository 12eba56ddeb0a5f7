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

/// <summary>Admits a storage connection to a project: its admin, who also looks after the organization's storage, may.</summary>
public static class AdmitConnection
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPut("/{projectId:guid}/connections/{connectionId:guid}", Endpoint).WithName(nameof(AdmitConnection)).WithSummary("Admits a connection.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid connectionId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, connectionId), ct)).ToHttp();

    /// <summary>Which one, to which project.</summary>
    [Act(Acts.StorageManage)]
    [StepUp]
    [Audits(AuditActs.ProjectConnectionsChanged)]
    public sealed record Command(Guid ProjectId, Guid ConnectionId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (!AccessTable.Allows(user.OrganizationRole, Acts.AgentManage)) return RequestErrors.Forbidden;
            var works = await (from c in db.Connections join a in db.Agents on c.AgentId equals a.Id where c.Id == command.ConnectionId && c.RemovedAt == null && a.RevokedAt == null select c.Id).AnyAsync(ct);
            if (!works) return RequestErrors.NotFound;
            if (await db.ProjectConnections.AnyAsync(pc => pc.ProjectId == command.ProjectId && pc.ConnectionId == command.ConnectionId, ct))
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            db.ProjectConnections.Add(ProjectConnection.Create(project, command.ConnectionId));
            audit.Record(AuditActs.ProjectConnectionsChanged, project.Id, [command.ConnectionId], new { change = "admitted" });
            return Done.Value;
        }
    }
}
