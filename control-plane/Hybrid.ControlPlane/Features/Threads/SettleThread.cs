using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Solves or cancels a thread, or opens it again: by whoever judges labels, a question also by whoever asked it.</summary>
public static class SettleThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPut("/{threadId:guid}/status", Endpoint).WithName(nameof(SettleThread)).WithSummary("Solves, cancels or reopens a thread.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, Body body, IMediator mediator, ThreadParts parts, LiveNotices live, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, threadId, body.Status), ct);
        if (result.IsSuccess) await live.TellAsync(projectId, parts.Told, LiveKinds.Threads);
        return result.ToHttp();
    }

    /// <summary>Where it is to stand.</summary>
    public sealed record Body(ThreadStatus Status);

    /// <summary>Settles or reopens.</summary>
    [Act(Acts.ThreadTakePart)]
    [Audits(AuditActs.ThreadSettled, AuditActs.ThreadReopened)]
    public sealed record Command(Guid ProjectId, Guid ThreadId, ThreadStatus Status) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>One after the other in a thread.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"thread {ThreadId}";
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Status).IsInEnum();
    }

    internal sealed class Handler(ICurrentUser user, ThreadSight sight, ThreadViews views, ThreadParts parts, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var thread = await sight.FindAsync(command.ProjectId, command.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            if (!views.MaySettle(thread)) return RequestErrors.Forbidden;
            var opens = command.Status == ThreadStatus.Open;
            if (opens && thread.Status == ThreadStatus.Open) return ThreadErrors.NotSettled;
            if (!opens && thread.Status != ThreadStatus.Open) return ThreadErrors.Settled;
            if (opens) thread.Reopen(clock.GetUtcNow());
            else thread.Settle(command.Status, user.PersonId, clock.GetUtcNow());
            await parts.HappenedAsync(thread, [], ct);
            audit.Record(opens ? AuditActs.ThreadReopened : AuditActs.ThreadSettled, command.ProjectId, [thread.Id, thread.AssetId], new { status = command.Status.ToString(), round = thread.Round });
            return Done.Value;
        }
    }
}
