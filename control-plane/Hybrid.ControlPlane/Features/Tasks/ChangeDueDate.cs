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

/// <summary>Says until when an open task is wanted; what follows of the asset is wanted by then, too.</summary>
public static class ChangeDueDate
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPut("/{taskId:guid}/due", Endpoint).WithName(nameof(ChangeDueDate)).WithSummary("Sets the due date of a task.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body.At), ct)).ToHttp();

    /// <summary>When; null = no date.</summary>
    public sealed record Body(DateTimeOffset? At);

    /// <summary>Which task.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.TaskDueChanged)]
    public sealed record Command(Guid ProjectId, Guid TaskId, DateTimeOffset? At) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == command.TaskId && t.ProjectId == command.ProjectId && t.Purpose != TaskPurpose.Honeypot, ct);
            if (task is null) return RequestErrors.NotFound;
            if (task.State != TaskState.Open) return TaskErrors.Finished;
            task.Want(command.At?.ToUniversalTime());
            audit.Record(AuditActs.TaskDueChanged, command.ProjectId, [task.Id, task.AssetId], new { at = task.DueAt });
            return Done.Value;
        }
    }
}
