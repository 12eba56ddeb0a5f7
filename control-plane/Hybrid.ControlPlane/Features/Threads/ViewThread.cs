using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>One thread with its comments.</summary>
public static class ViewThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapGet("/{threadId:guid}", Endpoint).WithName(nameof(ViewThread)).WithSummary("One thread.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid threadId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId, threadId), ct)).ToHttp();

    /// <summary>Which thread.</summary>
    [Act(Acts.ThreadTakePart)]
    public sealed record Query(Guid ProjectId, Guid ThreadId) : IQuery<Response>, IInProject;

    /// <summary>The thread, at most its newest 500 comments in their order, everybody who stands in them, and who settled it when.</summary>
    public sealed record Response(ThreadItem Thread, IReadOnlyList<CommentView> Comments, IReadOnlyList<PersonRef> People, PersonRef? SettledBy, DateTimeOffset? SettledAt);

    internal sealed class Handler(ControlPlaneDb db, ThreadSight sight, ThreadViews views, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var thread = await sight.In(query.ProjectId).AsNoTracking().SingleOrDefaultAsync(t => t.Id == query.ThreadId, ct);
            if (thread is null) return RequestErrors.NotFound;
            var comments = await db.ThreadComments.AsNoTracking().Where(c => c.ThreadId == thread.Id).OrderByDescending(c => c.Number).Take(500).ToListAsync(ct);
            comments.Reverse();
            var mentioned = comments.SelectMany(c => ThreadParts.MentionedIn(c.Text)).ToHashSet();
            var refs = await people.OfAsync(comments.Select(c => c.AuthorId).Concat(mentioned).Concat(thread.SettledBy is { } by ? [by] : []), ct);
            return new Response(
                (await views.OfAsync([thread], ct))[0],
                [.. comments.Select(c => new CommentView(c.Id, c.Number, refs.GetValueOrDefault(c.AuthorId), ThreadParts.Show(c.Text, refs), people.TimeOf(c.CreatedAt)))],
                [.. mentioned.Where(refs.ContainsKey).Select(id => refs[id])],
                thread.SettledBy is { } settled ? refs.GetValueOrDefault(settled) : null, thread.SettledAt is { } at ? people.TimeOf(at) : null);
        }
    }
}
