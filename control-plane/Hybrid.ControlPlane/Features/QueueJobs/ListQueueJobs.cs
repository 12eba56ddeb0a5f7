using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>The newest acts on many tasks of a project, with their progress.</summary>
public static class ListQueueJobs
{
    internal static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("", Endpoint).WithName(nameof(ListQueueJobs)).WithSummary("Acts on many tasks.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.QueueManage)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The newest 20.</summary>
    public sealed record Response(IReadOnlyList<QueueJobView> Items);

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var jobs = await db.QueueJobs.AsNoTracking().Where(j => j.ProjectId == query.ProjectId).OrderByDescending(j => j.Id).Take(20).ToListAsync(ct);
            var arguments = jobs.ConvertAll(QueueJobText.ArgumentOf);
            var refs = await people.OfAsync(jobs.Select(j => j.CreatedBy).Concat(arguments.Select(a => a.PersonId).OfType<Guid>()), ct);
            var teamIds = arguments.Select(a => a.TeamId).OfType<Guid>().Distinct().ToList();
            var teams = await db.Teams.AsNoTracking().Where(t => teamIds.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.Name, ct);
            return new Response([.. jobs.Select(j => QueueJobText.View(j, refs, teams))]);
        }
    }
}
