using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>The newest imports of a project, with their progress.</summary>
public static class ListImports
{
    internal static void Map(IEndpointRouteBuilder imports) => imports.MapGet("", Endpoint).WithName(nameof(ListImports)).WithSummary("Imports of the project.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>The project.</summary>
    [Act(Acts.StorageManage)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>Newest first, at most 50.</summary>
    public sealed record Response(IReadOnlyList<ImportView> Items);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var (described, total) = await ImportViews.DescribedAsync(db, query.ProjectId, ct);
            var imports = await db.Imports.AsNoTracking().Where(i => i.ProjectId == query.ProjectId).OrderByDescending(i => i.CreatedAt).Take(50).ToListAsync(ct);
            return new Response([.. imports.Select(i => ImportViews.Of(i, described, total))]);
        }
    }
}
