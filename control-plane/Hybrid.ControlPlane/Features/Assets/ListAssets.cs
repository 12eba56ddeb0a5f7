using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Assets;

/// <summary>Lists a project's assets in the order of their import, page by page.</summary>
public static class ListAssets
{
    internal static void Map(IEndpointRouteBuilder assets) => assets.MapGet("", Endpoint).WithName(nameof(ListAssets)).WithSummary("Assets of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(
        Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, AnyCase<AssetStatus>? status = null, string? search = null) =>
        (await mediator.Send(new Query(projectId, after, limit, status?.Value, search), ct)).ToHttp();

    /// <summary>A page.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit, AssetStatus? Status, string? Search) : IQuery<Response>, IInProject;

    /// <summary>Assets, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>One asset; ChangedAt and VanishedAt are when an import first found its object other than it was, or gone.</summary>
    public sealed record Item(
        Guid Id, string Name, string MediaType, long Size, int? Width, int? Height, string? Problem, AssetStatus Status, string? Step, int Round, int Labels, DateTimeOffset ImportedAt,
        DateTimeOffset? ChangedAt, DateTimeOffset? VanishedAt);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var assets = db.Assets.AsNoTracking().Where(a => a.ProjectId == query.ProjectId);
            if (!string.IsNullOrWhiteSpace(query.Search)) assets = assets.Where(a => a.Key.Contains(query.Search));
            if (query.Status is { } status)
            {
                var matching = db.Tasks.AsNoTracking().Where(t => t.ProjectId == query.ProjectId && t.Purpose != TaskPurpose.Honeypot && !db.Tasks.Any(n => n.AssetId == t.AssetId && n.Purpose != TaskPurpose.Honeypot
                    && (n.Id > t.Id && (n.State == TaskState.Open ? n.HolderId != null && !n.Reserved && n.HeldUntil > now ? 2 : 1 : 0) == (t.State == TaskState.Open ? t.HolderId != null && !t.Reserved && t.HeldUntil > now ? 2 : 1 : 0)
                        || (n.State == TaskState.Open ? n.HolderId != null && !n.Reserved && n.HeldUntil > now ? 2 : 1 : 0) > (t.State == TaskState.Open ? t.HolderId != null && !t.Reserved && t.HeldUntil > now ? 2 : 1 : 0)))).Where(AssetStatuses.Is(status, now));
                assets = assets.Where(a => matching.Any(t => t.AssetId == a.Id));
            }

            int? total = query.After is null ? await assets.CountAsync(ct) : null;
            if (query.After is { } after) assets = assets.Where(a => a.Id > after);
            var page = await assets.OrderBy(a => a.Id).Take(query.Limit + 1).Select(a => new { Asset = a, Labels = db.Labels.Count(l => l.AssetId == a.Id && l.Strand == 0) }).ToListAsync(ct);
            // Asked for by themselves: within the page's own query EF numbers every task of the organization.
            var ids = page.ConvertAll(p => p.Asset.Id);
            var tasks = await (
                from t in db.Tasks.AsNoTracking()
                join s in db.WorkflowSteps.AsNoTracking() on new { Id = t.StepId, t.WorkflowVersion } equals new { s.Id, s.WorkflowVersion }
                where ids.Contains(t.AssetId) && t.Purpose != TaskPurpose.Honeypot
                select new { Task = t, Step = s.Name }).ToListAsync(ct);
            var newest = tasks.GroupBy(t => t.Task.AssetId).ToDictionary(
                g => g.Key, g => g.OrderByDescending(t => t.Task.State == TaskState.Open ? t.Task is { HolderId: not null, Reserved: false } && t.Task.HeldUntil > now ? 2 : 1 : 0).ThenByDescending(t => t.Task.Id).First());
            return new Response(
                [
                    .. page.Take(query.Limit).Select(p =>
                    {
                        var last = newest.GetValueOrDefault(p.Asset.Id);
                        return new Item(
                            p.Asset.Id, p.Asset.Key, p.Asset.MediaType, p.Asset.Size, p.Asset.Width, p.Asset.Height, p.Asset.DescribeError,
                            AssetStatuses.Of(last?.Task, now), last?.Step, last?.Task.Round ?? 1, p.Labels, p.Asset.ImportedAt, p.Asset.ChangedAt, p.Asset.VanishedAt);
                    }),
                ],
                page.Count > query.Limit ? page[query.Limit - 1].Asset.Id : null,
                total);
        }
    }
}
