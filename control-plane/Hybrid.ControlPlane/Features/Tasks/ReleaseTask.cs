using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Gives a task back to the queue; the draft stays for the person who made it.</summary>
public static class ReleaseTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/release", Endpoint).WithName(nameof(ReleaseTask)).WithSummary("Gives a task back.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId), ct)).ToHttp();

    /// <summary>Which task.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.TaskReleased)]
    public sealed record Command(Guid ProjectId, Guid TaskId) : ICommand<Done>, IInProject;

    internal sealed class Handler(HeldTask held, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            found.Value.Release();
            audit.Record(AuditActs.TaskReleased, command.ProjectId, [command.TaskId]);
            return Done.Value;
        }
    }
}
