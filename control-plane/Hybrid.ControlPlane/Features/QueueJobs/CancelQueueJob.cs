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

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>Stops an act on many tasks; what was done stays, and can be taken back like any other.</summary>
public static class CancelQueueJob
{
    internal static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/{jobId:guid}/cancel", Endpoint).WithName(nameof(CancelQueueJob)).WithSummary("Stops an act on many tasks.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid jobId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, jobId), ct)).ToHttp();

    /// <summary>Which job.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.QueueJobCancelled)]
    public sealed record Command(Guid ProjectId, Guid JobId) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>Between two parts of it.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"queue job {ProjectId}";
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var job = await db.QueueJobs.SingleOrDefaultAsync(j => j.Id == command.JobId && j.ProjectId == command.ProjectId, ct);
            if (job is null) return RequestErrors.NotFound;
            if (job.State != QueueJobState.Running) return QueueJobErrors.Finished;
            job.Cancel(clock.GetUtcNow());
            audit.Record(AuditActs.QueueJobCancelled, command.ProjectId, [job.Id], new { changed = job.Changed, refused = job.Refused });
            return Done.Value;
        }
    }
}
