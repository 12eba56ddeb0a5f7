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
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Says something in a thread.</summary>
public static class CommentThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPost("/{threadId:guid}/comments", Endpoint).WithName(nameof(CommentThread)).WithSummary("Says something in a thread.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, Body body, IMediator mediator, ThreadParts parts, LiveNotices live, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, threadId, body.Text), ct);
        if (result.IsSuccess) await live.TellAsync(projectId, parts.Told, LiveKinds.Threads);
        return result.ToHttp();
    }

    /// <summary>What is said; people stand in it as <c>@[id]</c>.</summary>
    public sealed record Body(string Text);

    /// <summary>Says.</summary>
    [Act(Acts.ThreadTakePart)]
    [Audits(AuditActs.ThreadCommented)]
    public sealed record Command(Guid ProjectId, Guid ThreadId, string Text) : ICommand<Response>, IInProject, ITakesTurns
    {
        /// <summary>Comments of a thread are numbered.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"thread {ThreadId}";
    }

    /// <summary>The comment's place in the thread.</summary>
    public sealed record Response(int Number);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Text).NotEmpty().Must(t => t is null || !string.IsNullOrWhiteSpace(t)).IsProse(4000);
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ThreadSight sight, ThreadParts parts, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var thread = await sight.FindAsync(command.ProjectId, command.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            if (await parts.ReadAsync(command.ProjectId, command.Text.Trim(), ct) is not { } read) return ThreadErrors.UnknownPerson;
            var now = clock.GetUtcNow();
            thread.Comment(now);
            var comment = ThreadComment.Of(thread, user.PersonId, read.Text, now);
            db.ThreadComments.Add(comment);
            await parts.HappenedAsync(thread, read.Mentioned, ct);
            audit.Record(AuditActs.ThreadCommented, command.ProjectId, [thread.Id, comment.Id, thread.AssetId], new { number = comment.Number, mentions = read.Mentioned.Count });
            return new Response(comment.Number);
        }
    }
}
