using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>The connections of a project; an organization admin sees also those that could be admitted.</summary>
public static class ListProjectConnections
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapGet("/{projectId:guid}/connections", Endpoint).WithName(nameof(ListProjectConnections)).WithSummary("Connections of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.StorageManage)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>By name. MayAdmit tells whether the caller may admit further ones.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, bool MayAdmit);

    /// <summary>A connection, whether it is admitted, and how many of the project's assets come from it.</summary>
    public sealed record Item(Guid Id, string Name, string Agent, string Provider, bool Admitted, int Assets);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            // Which storage the organization has is no business of a project's people: they see what is theirs.
            var mayAdmit = AccessTable.Allows(user.OrganizationRole, Acts.AgentManage);
            var items = await (
                from c in db.Connections.AsNoTracking()
                join a in db.Agents on c.AgentId equals a.Id
                let admitted = db.ProjectConnections.Any(pc => pc.ProjectId == query.ProjectId && pc.ConnectionId == c.Id)
                where c.RemovedAt == null && (admitted || (mayAdmit && a.RevokedAt == null))
                orderby c.Name, c.Id
                select new Item(c.Id, c.Name, a.Name, c.Provider, admitted, db.Assets.Count(x => x.ProjectId == query.ProjectId && x.ConnectionId == c.Id))).ToListAsync(ct);
            return new Response(items, mayAdmit);
        }
    }
}
