using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>People of the project who can be mentioned or asked, as they are shown here: by pseudonym in blind review.</summary>
public static class ListThreadPeople
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapGet("/people", Endpoint).WithName(nameof(ListThreadPeople)).WithSummary("People who can be mentioned.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, string? search = null, int limit = 20) =>
        (await mediator.Send(new Query(projectId, search, limit), ct)).ToHttp();

    /// <summary>The first by name whose name contains a text.</summary>
    [Act(Acts.ThreadTakePart)]
    public sealed record Query(Guid ProjectId, string? Search, int Limit) : IQuery<Response>, IInProject;

    /// <summary>People by name.</summary>
    public sealed record Response(IReadOnlyList<PersonRef> Items);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 100);
            RuleFor(q => q.Search).MaximumLength(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var here = await Places.At(db, clock.GetUtcNow()).Where(p => p.ProjectId == query.ProjectId).Select(p => p.PersonId).Distinct().ToListAsync(ct);
            var found = (await people.OfAsync(here, ct)).Values.AsEnumerable();
            if (query.Search?.Trim() is { Length: > 0 } text) found = found.Where(p => p.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
            return new Response([.. found.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id, StringComparer.Ordinal).Take(query.Limit)]);
        }
    }
}
