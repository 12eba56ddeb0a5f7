using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Issues and questions that exist for the caller, newest first.</summary>
public static class ListThreads
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapGet("", Endpoint).WithName(nameof(ListThreads)).WithSummary("Issues and questions.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(
        Guid projectId, IMediator mediator, CancellationToken ct, AnyCase<ThreadKind>? kind = null, AnyCase<ThreadStatus>? status = null, Guid? asset = null, AnyCase<Whose>? whose = null, bool unread = false, string? search = null,
        Guid? after = null, int limit = 50) =>
        (await mediator.Send(new Query(projectId, kind?.Value, status?.Value, asset, whose?.Value, unread, search, after, limit), ct)).ToHttp();

    /// <summary>Whose they are.</summary>
    public enum Whose
    {
        /// <summary>The caller is to answer.</summary>
        AssignedToMe,

        /// <summary>The caller opened them.</summary>
        OpenedByMe,

        /// <summary>They concern the caller: opened, assigned, mentioned, commented.</summary>
        Mine,
    }

    /// <summary>A page: threads after one.</summary>
    [Act(Acts.ThreadTakePart)]
    public sealed record Query(Guid ProjectId, ThreadKind? Kind, ThreadStatus? Status, Guid? Asset, Whose? Whose, bool Unread, string? Search, Guid? After, int Limit) : IQuery<Response>, IInProject;

    /// <summary>Threads, and the id to go on after.</summary>
    public sealed record Response(IReadOnlyList<ThreadItem> Items, Guid? Next);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 100);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ThreadSight sight, ThreadViews views) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var me = user.PersonId;
            var found = sight.In(query.ProjectId).AsNoTracking();
            if (query.Kind is { } kind) found = found.Where(t => t.Kind == kind);
            if (query.Status is { } status) found = found.Where(t => t.Status == status);
            if (query.Asset is { } asset) found = found.Where(t => t.AssetId == asset);
            found = query.Whose switch
            {
                Whose.AssignedToMe => found.Where(t => t.AssigneeId == me),
                Whose.OpenedByMe => found.Where(t => t.AuthorId == me),
                Whose.Mine => found.Where(t => db.ThreadPeople.Any(p => p.ThreadId == t.Id && p.PersonId == me && p.IsConcerned)),
                _ => found,
            };
            if (query.Unread) found = sight.Unread(found);
            if (!string.IsNullOrWhiteSpace(query.Search)) found = found.Where(t => db.Assets.Any(a => a.Id == t.AssetId && a.Key.Contains(query.Search)) || db.ThreadComments.Any(c => c.ThreadId == t.Id && c.Text.Contains(query.Search)));
            // The cursor is a thread that the caller was shown: an instant would tell them when it was opened.
            if (query.After is { } after)
            {
                var last = await sight.In(query.ProjectId).AsNoTracking().Where(t => t.Id == after).Select(t => new { t.OpenedAt, t.Id }).SingleOrDefaultAsync(ct);
                if (last is null) return new Response([], null);
                found = found.Where(t => t.OpenedAt < last.OpenedAt || (t.OpenedAt == last.OpenedAt && t.Id < last.Id));
            }

            var page = await found.OrderByDescending(t => t.OpenedAt).ThenByDescending(t => t.Id).Take(query.Limit + 1).ToListAsync(ct);
            return new Response(await views.OfAsync([.. page.Take(query.Limit)], ct), page.Count > query.Limit ? page[query.Limit - 1].Id : null);
        }
    }
}
