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

/// <summary>Gives an open task to one person alone, or back to the queue. Who may not work on it is not given it: role, names of the step, step separation.</summary>
public static class AssignTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPut("/{taskId:guid}/assignee", Endpoint).WithName(nameof(AssignTask)).WithSummary("Assigns a task, or gives it back to the queue.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body.PersonId), ct)).ToHttp();

    /// <summary>Who gets it; null = whoever is next.</summary>
    public sealed record Body(Guid? PersonId);

    /// <summary>Which task.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.TaskAssigned, AuditActs.TaskUnassigned)]
    public sealed record Command(Guid ProjectId, Guid TaskId, Guid? PersonId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, TimeProvider clock, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == command.TaskId && t.ProjectId == command.ProjectId && t.Purpose != TaskPurpose.Honeypot, ct);
            if (task is null) return RequestErrors.NotFound;
            if (task.State != TaskState.Open) return TaskErrors.Finished;
            if (command.PersonId is not { } person)
            {
                task.Unassign();
                audit.Record(AuditActs.TaskUnassigned, command.ProjectId, [task.Id, task.AssetId]);
                return Done.Value;
            }

            if (await StepPeople.RefuseAsync(db, task, person, clock.GetUtcNow(), ct) is { } refused) return refused;
            task.AssignTo(person);
            audit.Record(AuditActs.TaskAssigned, command.ProjectId, [task.Id, task.AssetId, person], new { step = task.StepId, round = task.Round, workflow = task.WorkflowVersion });
            return Done.Value;
        }
    }
}
