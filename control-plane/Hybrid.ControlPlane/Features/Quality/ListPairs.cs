using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Lists the assets behind one cell of the matrix of people, those that agree least first.</summary>
public static class ListPairs
{
    internal static void Map(IEndpointRouteBuilder quality) => quality.MapGet("/pairs", Endpoint).WithName(nameof(ListPairs)).WithSummary("Assets that two people answered for.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Guid? one, Guid? other, IMediator mediator, CancellationToken ct, int limit = 100) =>
        (await mediator.Send(new Query(projectId, one ?? Guid.Empty, other ?? Guid.Empty, limit), ct)).ToHttp();

    /// <summary>Whose assets.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId, Guid One, Guid Other, int Limit) : IQuery<Response>, IInProject;

    /// <summary>The assets, those that agree least first.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One asset with both labels.</summary>
    public sealed record Item(Guid AssetId, string Name, Guid OneLabelId, Guid OtherLabelId, double? Agreement);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Limit).InclusiveBetween(1, 200);
    }

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            // Each pair is kept once, in the order of the labels' ids.
            var items = await (
                from p in db.LabelPairs.AsNoTracking()
                join a in db.Assets.AsNoTracking() on p.AssetId equals a.Id
                where p.ProjectId == query.ProjectId
                    && ((p.FirstPersonId == query.One && p.SecondPersonId == query.Other) || (p.FirstPersonId == query.Other && p.SecondPersonId == query.One))
                orderby p.Agreement, p.AssetId
                select new Item(
                    p.AssetId, a.Key, p.FirstPersonId == query.One ? p.FirstLabelId : p.SecondLabelId, p.FirstPersonId == query.One ? p.SecondLabelId : p.FirstLabelId, p.Agreement))
                .Take(query.Limit).ToListAsync(ct);
            return new Response(items);
        }
    }
}
