using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Shows a task that the caller holds.</summary>
public static class ViewTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("/{taskId:guid}", Endpoint).WithName(nameof(ViewTask)).WithSummary("A held task.").Sends<Query>();

    private static async Task<Results<Ok<TaskView>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Query(projectId, taskId), ct)).ToHttp();

    /// <summary>Which task.</summary>
    [Act(Acts.TaskWork)]
    public sealed record Query(Guid ProjectId, Guid TaskId) : IQuery<TaskView>, IInProject;

    internal sealed class Handler(HeldTask held, TaskViews views) : IRequestHandler<Query, Result<TaskView>>
    {
        public async Task<Result<TaskView>> Handle(Query query, CancellationToken ct)
        {
            var found = await held.FindAsync(query.ProjectId, query.TaskId, ct);
            return found.IsSuccess ? (await views.OfAsync(found.Value.Id, ct)).View : found.Refusal!;
        }
    }
}
