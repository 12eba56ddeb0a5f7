using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Says which guideline version the answer of a thread became, so that whoever asks the same again finds it.</summary>
public static class LinkThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPut("/{threadId:guid}/guideline", Endpoint).WithName(nameof(LinkThread)).WithSummary("Says which guideline version a thread became.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, Body body, IMediator mediator, ThreadParts parts, LiveNotices live, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, threadId, body.Version), ct);
        if (result.IsSuccess) await live.TellAsync(projectId, parts.Told, LiveKinds.Threads);
        return result.ToHttp();
    }

    /// <summary>The version; null takes it back.</summary>
    public sealed record Body(int? Version);

    /// <summary>Links.</summary>
    [Act(Acts.TaskReview)]
    [Audits(AuditActs.ThreadBecameGuideline)]
    public sealed record Command(Guid ProjectId, Guid ThreadId, int? Version) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>One after the other in a thread.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"thread {ThreadId}";
    }

    internal sealed class Handler(ControlPlaneDb db, ThreadSight sight, ThreadParts parts, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var thread = await sight.FindAsync(command.ProjectId, command.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            if (command.Version is { } version && !await db.GuidelineVersions.AnyAsync(v => v.ProjectId == command.ProjectId && v.Number == version, ct)) return ThreadErrors.UnknownGuideline;
            if (thread.BecameGuideline == command.Version)
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            thread.Became(command.Version, clock.GetUtcNow());
            await parts.HappenedAsync(thread, [], ct);
            audit.Record(AuditActs.ThreadBecameGuideline, command.ProjectId, [thread.Id, thread.AssetId], new { guideline = command.Version });
            return Done.Value;
        }
    }
}
