using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>The teams that have a role in the project.</summary>
public static class ListProjectTeams
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapGet("/{projectId:guid}/teams", Endpoint).WithName(nameof(ListProjectTeams)).WithSummary("Teams of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.MembersView)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>Teams by name, and those that could be added.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<Candidate> Candidates);

    /// <summary>A team, its role, and how many people are in it.</summary>
    public sealed record Item(Guid TeamId, string Name, ProjectRole Role, int People, DateTimeOffset Since);

    /// <summary>A team without a role here.</summary>
    public sealed record Candidate(Guid TeamId, string Name, int People);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var items = await (
                from pt in db.ProjectTeams.AsNoTracking() join t in db.Teams on pt.TeamId equals t.Id where pt.ProjectId == query.ProjectId orderby t.Name
                select new Item(t.Id, t.Name, pt.Role, db.TeamMembers.Count(m => m.TeamId == t.Id), pt.CreatedAt)).ToListAsync(ct);
            var others = await db.Teams.AsNoTracking().Where(t => !db.ProjectTeams.Any(pt => pt.ProjectId == query.ProjectId && pt.TeamId == t.Id)).OrderBy(t => t.Name).Take(500)
                .Select(t => new Candidate(t.Id, t.Name, db.TeamMembers.Count(m => m.TeamId == t.Id))).ToListAsync(ct);
            return new Response(items, others);
        }
    }
}
