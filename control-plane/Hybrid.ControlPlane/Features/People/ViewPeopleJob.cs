using System.Text.Json;
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

/// <summary>One job over people: its progress, and the lines that were refused.</summary>
public static class ViewPeopleJob
{
    internal static void Map(IEndpointRouteBuilder jobs) =>
        jobs.MapGet("/{jobId:guid}", Endpoint).WithName(nameof(ViewPeopleJob)).WithSummary("One job over people.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid jobId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(jobId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.PeopleManage)]
    public sealed record Query(Guid JobId) : IQuery<Response>;

    /// <summary>The job, and its refused lines by number.</summary>
    public sealed record Response(PeopleJobView Job, IReadOnlyList<LineVerdict> Refused);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var job = await db.PeopleJobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == query.JobId, ct);
            if (job is null) return RequestErrors.NotFound;
            return new Response(PeopleJobs.View(job, await people.OfAsync(job.CreatedBy, ct)), JsonSerializer.Deserialize<List<LineVerdict>>(job.Verdicts, PeopleJobs.Json)!);
        }
    }
}
