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

/// <summary>Lists a project's honeypots, the newest first.</summary>
public static class ListHoneypots
{
    internal static void Map(IEndpointRouteBuilder honeypots) => honeypots.MapGet("", Endpoint).WithName(nameof(ListHoneypots)).WithSummary("Honeypots of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100) =>
        (await mediator.Send(new Query(projectId, after, limit), ct)).ToHttp();

    /// <summary>A page.</summary>
    [Act(Acts.AssetsExplore)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit) : IQuery<Response>, IInProject;

    /// <summary>Honeypots, and the id to go on after.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next);

    /// <summary>One honeypot: to how many people it was given, and how their answers agreed with its truth.</summary>
    public sealed record Item(Guid Id, Guid AssetId, string Name, Guid TruthLabelId, DateTimeOffset CreatedAt, int Given, int Answers, double? MeanScore, DateTimeOffset? RetiredAt, bool RetiredByItself);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Limit).InclusiveBetween(1, 200);
    }

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var page = await (
                from h in db.Honeypots.AsNoTracking()
                join a in db.Assets.AsNoTracking() on h.AssetId equals a.Id
                where h.ProjectId == query.ProjectId && (query.After == null || h.Id < query.After)
                orderby h.Id descending
                select new Item(
                    h.Id, h.AssetId, a.Key, h.TruthLabelId, h.CreatedAt, h.Given, db.HoneypotScores.Count(s => s.HoneypotId == h.Id), db.HoneypotScores.Where(s => s.HoneypotId == h.Id).Average(s => s.Score),
                    h.RetiredAt, h.RetiredAt != null && h.RetiredBy == null)).Take(query.Limit + 1).ToListAsync(ct);
            return new Response([.. page.Take(query.Limit)], page.Count > query.Limit ? page[query.Limit - 1].Id : null);
        }
    }
}
