using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Access;

/// <summary>Who has what since when, by which way.</summary>
public static class ListAccess
{
    internal static void Map(IEndpointRouteBuilder access) =>
        access.MapGet("", Endpoint).WithName(nameof(ListAccess)).WithSummary("Who has access to what, by which way.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct, Guid? projectId = null, int offset = 0, int limit = 100, string? search = null) =>
        (await mediator.Send(new Query(projectId, offset, limit, search), ct)).ToHttp();

    /// <summary>A page from a place on.</summary>
    [Act(Acts.AccessReview)]
    public sealed record Query(Guid? ProjectId, int Offset, int Limit, string? Search) : IQuery<Response>;

    /// <summary>Rows by project and name, and how many there are.</summary>
    public sealed record Response(IReadOnlyList<AccessRow> Items, int Total);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Offset).InclusiveBetween(0, 10_000_000);
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(AccessRows rows) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var (items, total) = await rows.OfAsync(query.ProjectId, query.Search, query.Offset, query.Limit, ct);
            return new Response(items, total);
        }
    }
}
