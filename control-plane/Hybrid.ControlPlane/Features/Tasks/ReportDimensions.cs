using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Takes the picture's size from the first view, while the agent's second pass has not told it.</summary>
public static class ReportDimensions
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPut("/{taskId:guid}/dimensions", Endpoint).WithName(nameof(ReportDimensions)).WithSummary("Reports the picture's size.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, body.Width, body.Height, body.Orientation ?? 1), ct)).ToHttp();

    /// <summary>Pixels after orientation.</summary>
    public sealed record Body(int Width, int Height, int? Orientation);

    /// <summary>Reports a size.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.AssetDescribed)]
    public sealed record Command(Guid ProjectId, Guid TaskId, int Width, int Height, int Orientation) : ICommand<Done>, IInProject;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Width).InclusiveBetween(1, 1_000_000);
            RuleFor(c => c.Height).InclusiveBetween(1, 1_000_000);
            RuleFor(c => c.Orientation).InclusiveBetween(1, 8);
        }
    }

    internal sealed class Handler(Persistence.ControlPlaneDb db, HeldTask held, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            var asset = (await db.Assets.FindAsync([found.Value.AssetId], ct))!;
            if (asset.Width is not null)
            {
                // The agent's word, or an earlier view's, stands.
                audit.NothingHappened = true;
                return Done.Value;
            }

            asset.Describe(command.Width, command.Height, command.Orientation);
            audit.Record(AuditActs.AssetDescribed, command.ProjectId, [asset.Id], new { width = command.Width, height = command.Height, by = "first view" });
            return Done.Value;
        }
    }
}
