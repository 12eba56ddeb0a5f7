using System.Text.Json;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>Begins to take back what an act on many tasks did: every task that is still as the act left it becomes what it was.</summary>
public static class UndoQueueJob
{
    internal static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/{jobId:guid}/undo", Endpoint).WithName(nameof(UndoQueueJob)).WithSummary("Takes an act on many tasks back.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid jobId, IMediator mediator, QueueJobWorker worker, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, jobId), ct);
        if (result.IsSuccess) worker.Wake();
        return result.ToHttp();
    }

    /// <summary>Which job.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.QueueJobStarted)]
    public sealed record Command(Guid ProjectId, Guid JobId) : ICommand<Response>, IInProject, ITakesTurns
    {
        /// <summary>The second of two finds it undone.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"queue job {ProjectId}";
    }

    /// <summary>The job that takes it back.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var job = await db.QueueJobs.SingleOrDefaultAsync(j => j.Id == command.JobId && j.ProjectId == command.ProjectId, ct);
            if (job is null) return RequestErrors.NotFound;
            if (!job.CanBeUndone) return QueueJobErrors.CannotUndo;
            if (await db.QueueJobs.AnyAsync(j => j.ProjectId == command.ProjectId && j.State == QueueJobState.Running, ct)) return QueueJobErrors.Busy;
            var undo = QueueJob.Create(
                user.OrganizationId, command.ProjectId, QueueAct.Undo, JsonSerializer.Serialize(QueueFilter.Everything, QueueJobText.Json),
                JsonSerializer.Serialize(new QueueArgument(null, null, null, null, job.Id), QueueJobText.Json), job.Changed, user.PersonId, clock.GetUtcNow());
            db.QueueJobs.Add(undo);
            job.Undo(undo.Id);
            audit.Record(AuditActs.QueueJobStarted, command.ProjectId, [undo.Id, job.Id], new { act = undo.Act.ToString(), tasks = undo.Total });
            return new Response(undo.Id);
        }
    }
}
