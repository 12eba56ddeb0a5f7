using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>Versions of the guidelines, the newest first: who published them, when, why.</summary>
public static class ListGuidelineVersions
{
    internal static void Map(IEndpointRouteBuilder guidelines) =>
        guidelines.MapGet("/versions", Endpoint).WithName(nameof(ListGuidelineVersions)).WithSummary("Versions of the guidelines.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, int? before = null, int limit = 100) =>
        (await mediator.Send(new Query(projectId, before, limit), ct)).ToHttp();

    /// <summary>A page: versions before a number.</summary>
    [Act(Acts.ProjectView)]
    public sealed record Query(Guid ProjectId, int? Before, int Limit) : IQuery<Response>, IInProject;

    /// <summary>Versions, and the number to go on before.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, int? Next);

    /// <summary>One version.</summary>
    public sealed record Item(int Version, string Reason, bool MustRead, PersonRef? By, DateTimeOffset At);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Limit).InclusiveBetween(1, 200);
    }

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var page = await db.GuidelineVersions.AsNoTracking().Where(v => v.ProjectId == query.ProjectId && (query.Before == null || v.Number < query.Before))
                .OrderByDescending(v => v.Number).Take(query.Limit + 1).Select(v => new { v.Number, v.Reason, v.MustRead, v.CreatedBy, v.CreatedAt }).ToListAsync(ct);
            var refs = await people.OfAsync(page.Select(v => v.CreatedBy), ct);
            return new Response(
                [.. page.Take(query.Limit).Select(v => new Item(v.Number, v.Reason, v.MustRead, refs.GetValueOrDefault(v.CreatedBy), people.TimeOf(v.CreatedAt)))],
                page.Count > query.Limit ? page[query.Limit - 1].Number : null);
        }
    }
}
