using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Skips a task with a reason.</summary>
public static class SkipTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/skip", Endpoint).WithName(nameof(SkipTask)).WithSummary("Skips a task.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, Quality.QualityWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, taskId, body.Reason), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>Why.</summary>
    public sealed record Body(string Reason);

    /// <summary>Which task, and why.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.TaskSkipped)]
    public sealed record Command(Guid ProjectId, Guid TaskId, string Reason) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Reason).IsProse(2000).NotEmpty();
    }

    internal sealed class Handler(HeldTask held, Infrastructure.Access.ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            // Who skips one of several answers gets no other of the same asset.
            if (found.Value.Purpose == TaskPurpose.Consensus)
            {
                if (await held.IsSecondAsync(found.Value, ct)) return TaskErrors.SameAsset;
                await held.RememberWorkAsync(found.Value, ct);
                held.FollowUp(found.Value);
            }

            found.Value.Skip(user.PersonId, command.Reason.Trim(), held.Now);
            // The reason is what a person typed: it stays with the task, the log has its length alone.
            audit.Record(AuditActs.TaskSkipped, command.ProjectId, [command.TaskId, found.Value.AssetId], new { reasonLength = command.Reason.Length });
            return Done.Value;
        }
    }
}
