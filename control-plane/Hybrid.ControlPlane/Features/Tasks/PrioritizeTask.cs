using FluentValidation;
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

/// <summary>Changes the place of an open task in the queue; what follows of the asset is as urgent.</summary>
public static class PrioritizeTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPut("/{taskId:guid}/priority", Endpoint).WithName(nameof(PrioritizeTask)).WithSummary("Sets the priority of a task.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body.Priority), ct)).ToHttp();

    /// <summary>Higher first; 0 is usual.</summary>
    public sealed record Body(int Priority);

    /// <summary>Which task.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.TaskPriorityChanged)]
    public sealed record Command(Guid ProjectId, Guid TaskId, int Priority) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Priority).InclusiveBetween(-1000, 1000);
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var task = await db.Tasks.SingleOrDefaultAsync(t => t.Id == command.TaskId && t.ProjectId == command.ProjectId && t.Purpose != TaskPurpose.Honeypot, ct);
            if (task is null) return RequestErrors.NotFound;
            if (task.State != TaskState.Open) return TaskErrors.Finished;
            var before = task.Priority;
            task.Prioritize(command.Priority);
            audit.Record(AuditActs.TaskPriorityChanged, command.ProjectId, [task.Id, task.AssetId], new { before, after = command.Priority });
            return Done.Value;
        }
    }
}
