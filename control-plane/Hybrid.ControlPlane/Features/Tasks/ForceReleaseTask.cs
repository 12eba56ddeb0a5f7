using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Takes a held task from whoever holds it. Their draft stays theirs; what they submit is refused, and kept in their browser.</summary>
public static class ForceReleaseTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/force-release", Endpoint).WithName(nameof(ForceReleaseTask)).WithSummary("Ends somebody's hold of a task.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId), ct)).ToHttp();

    /// <summary>Which task.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.TaskForceReleased)]
    public sealed record Command(Guid ProjectId, Guid TaskId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == command.TaskId && t.ProjectId == command.ProjectId && t.Purpose != TaskPurpose.Honeypot, ct);
            if (task is null) return RequestErrors.NotFound;
            if (task.State != TaskState.Open) return TaskErrors.Finished;
            if (task.HolderId is not { } holder)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            task.Release();
            audit.Record(AuditActs.TaskForceReleased, command.ProjectId, [task.Id, task.AssetId, holder]);
            return Done.Value;
        }
    }
}
