using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>The newest jobs over people, with their progress.</summary>
public static class ListPeopleJobs
{
    internal static void Map(IEndpointRouteBuilder jobs) =>
        jobs.MapGet("", Endpoint).WithName(nameof(ListPeopleJobs)).WithSummary("Jobs over people, newest first.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>The newest.</summary>
    [Act(Acts.PeopleManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>At most 50.</summary>
    public sealed record Response(IReadOnlyList<PeopleJobView> Items);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var jobs = await db.PeopleJobs.AsNoTracking().OrderByDescending(j => j.CreatedAt).Take(50).ToListAsync(ct);
            var refs = await people.OfAsync(jobs.Select(j => j.CreatedBy), ct);
            return new Response([.. jobs.Select(j => PeopleJobs.View(j, refs.GetValueOrDefault(j.CreatedBy)))]);
        }
    }
}
