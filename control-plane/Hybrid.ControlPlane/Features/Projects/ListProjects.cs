using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Lists the projects where the caller has a role; others do not exist for them.</summary>
public static class ListProjects
{
    internal static void Map(IEndpointRouteBuilder projects) => projects.MapGet("", Endpoint).WithName(nameof(ListProjects)).WithSummary("Projects where you have a role.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>One's own projects.</summary>
    [Act(Acts.OrganizationUse)]
    public sealed record Query : IQuery<Response>;

    /// <summary>Projects by name.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One project.</summary>
    public sealed record Item(Guid Id, string Name, string Description, ProjectRole Role, Progress Progress);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ProjectProgress progress) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var mine = await (
                from m in db.ProjectMembers.AsNoTracking()
                join p in db.Projects.AsNoTracking() on m.ProjectId equals p.Id
                where m.PersonId == user.PersonId
                orderby p.Name
                select new { p.Id, p.Name, p.Description, m.Role }).Take(1000).ToListAsync(ct);
            var of = await progress.OfAsync([.. mine.Select(p => p.Id)], ct);
            return new Response([.. mine.Select(p => new Item(p.Id, p.Name, p.Description, p.Role, of[p.Id]))]);
        }
    }
}
