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

/// <summary>Who of the project's people has read which version, for those who manage them.</summary>
public static class ListGuidelineReadings
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapGet("/readings", Endpoint).WithName(nameof(ListGuidelineReadings)).WithSummary("Who has read the guidelines.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.MembersView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The newest version that must be read (null = none), and people by name.</summary>
    public sealed record Response(int? MustRead, IReadOnlyList<Item> Items);

    /// <summary>A person, and the newest version that they have read; null = none.</summary>
    public sealed record Item(PersonRef Person, int? Version, DateTimeOffset? At);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var mustRead = await db.Projects.AsNoTracking().Where(p => p.Id == query.ProjectId).Select(p => p.MustReadVersion).SingleAsync(ct);
            var here = await Infrastructure.Access.Places.At(db, clock.GetUtcNow()).Where(p => p.ProjectId == query.ProjectId).Select(p => p.PersonId).Distinct().ToListAsync(ct);
            var read = (await db.GuidelineReadings.AsNoTracking().Where(r => r.ProjectId == query.ProjectId).ToListAsync(ct)).GroupBy(r => r.PersonId).ToDictionary(g => g.Key, g => g.MaxBy(r => r.Number)!);
            var refs = await people.NamedAsync(here, ct);
            return new Response(mustRead, [.. here.Where(refs.ContainsKey).Select(p => new Item(refs[p], read.GetValueOrDefault(p)?.Number, read.GetValueOrDefault(p)?.ReadAt)).OrderBy(i => i.Person.Name, StringComparer.Ordinal)]);
        }
    }
}
