using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Takes one task by id.</summary>
public static class ClaimTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/claim", Endpoint).WithName(nameof(ClaimTask)).WithSummary("Takes one task.").Sends<Command>();

    private static async Task<Results<Ok<TaskView>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId), ct)).ToHttp();

    /// <summary>Which task.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.TaskClaimed)]
    public sealed record Command(Guid ProjectId, Guid TaskId) : ICommand<TaskView>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, TaskQueue queue, HeldTask held, TaskViews views, ProjectAccess access, AuditTrail audit) : IRequestHandler<Command, Result<TaskView>>
    {
        public async Task<Result<TaskView>> Handle(Command command, CancellationToken ct)
        {
            var task = await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.TaskId && t.ProjectId == command.ProjectId, ct);
            if (task is null || !await held.MayStepAsync(task, ct)) return RequestErrors.NotFound;
            if (task.State != TaskState.Open) return TaskErrors.Finished;
            if (access.Here is { Paused: true }) return TaskErrors.Paused;
            if (await held.IsSeparatedAsync(task, ct)) return TaskErrors.Separation;
            if (await held.IsSecondAsync(task, ct)) return TaskErrors.SameAsset;
            if (access.Here!.ToRead is { } unread) return TaskErrors.Unread(unread);
            if (await queue.TakeAsync(task.Id, command.ProjectId, task.StepKind, ct) is null) return TaskErrors.Taken;
            audit.Record(AuditActs.TaskClaimed, command.ProjectId, [task.Id, task.AssetId], new { step = task.StepId, round = task.Round, workflow = task.WorkflowVersion });
            return (await views.OfAsync(task.Id, ct)).View;
        }
    }
}
