using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>The caller has seen a thread as it is now. It is a working state of theirs alone, and no act for the log.</summary>
public static class SeeThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPost("/{threadId:guid}/seen", Endpoint).WithName(nameof(SeeThread)).WithSummary("Says that the caller has seen a thread.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, threadId), ct)).ToHttp();

    /// <summary>Which thread.</summary>
    [Act(Acts.ThreadTakePart)]
    [Audits(AuditActs.ThreadSeen)]
    public sealed record Command(Guid ProjectId, Guid ThreadId) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>One after the other in a thread.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"thread {ThreadId}";
    }

    internal sealed class Handler(ThreadSight sight, ThreadParts parts, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var thread = await sight.FindAsync(command.ProjectId, command.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            await parts.SeeAsync(thread, ct);
            audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
