using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Quality;
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

/// <summary>Opens a finished or skipped asset again: it comes to the labeling step for another round, to its labeler or to the queue by the project's setting.</summary>
public static class ReopenAsset
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/projects/{projectId:guid}/assets/{assetId:guid}/reopen", Endpoint).WithName(nameof(ReopenAsset)).WithTags("Assets").WithSummary("Opens a finished asset again.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid assetId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, assetId), ct)).ToHttp();

    /// <summary>Which asset.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.AssetReopened)]
    public sealed record Command(Guid ProjectId, Guid AssetId) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>Opened twice at once it is opened once: the second finds it in work.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"reopen {AssetId}";
    }

    internal sealed class Handler(ControlPlaneDb db, StepPassage passage, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var tasks = await db.Tasks.Where(t => t.AssetId == command.AssetId && t.ProjectId == command.ProjectId && t.Purpose != TaskPurpose.Honeypot).OrderByDescending(t => t.Id).ToListAsync(ct);
            if (tasks is not [var newest, ..]) return RequestErrors.NotFound;
            if (tasks.Exists(t => t.State == TaskState.Open)) return TaskErrors.InWork;
            // Answers that were compared and blocked are over with another round; those that are waited for are not.
            if (await db.ConsensusRounds.AnyAsync(c => c.AssetId == command.AssetId && c.State == ConsensusState.Gathering, ct)) return TaskErrors.InWork;
            foreach (var answered in tasks.Where(t => t.State == TaskState.Answered)) answered.Settle(answered: true);
            var task = await passage.ReopenAsync(newest, clock.GetUtcNow(), ct);
            audit.Record(AuditActs.AssetReopened, command.ProjectId, [command.AssetId, task.Id], new { round = task.Round, workflow = task.WorkflowVersion });
            return Done.Value;
        }
    }
}
