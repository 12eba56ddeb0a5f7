using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>Pictures that the guidelines may show, the newest first, for those who write them.</summary>
public static class ListGuidelinePictures
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapGet("/pictures", Endpoint).WithName(nameof(ListGuidelinePictures)).WithSummary("Pictures of the guidelines.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(projectId), ct)).ToHttp();

    /// <summary>Of which project.</summary>
    [Act(Acts.GuidelineManage)]
    public sealed record Query(Guid ProjectId) : IQuery<Response>, IInProject;

    /// <summary>The newest 200.</summary>
    public sealed record Response(IReadOnlyList<GuidelinePictureView> Items);

    internal sealed class Handler(ControlPlaneDb db) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct) => new Response(await (
            from p in db.GuidelinePictures.AsNoTracking()
            join c in db.Connections.AsNoTracking() on p.ConnectionId equals c.Id
            where p.ProjectId == query.ProjectId
            orderby p.Id descending
            select new GuidelinePictureView(p.Id, c.Name, p.Key, p.PublishedIn)).Take(200).ToListAsync(ct));
    }
}

/// <summary>A picture of the guidelines.</summary>
/// <param name="Id">Markdown names it as <c>picture:ID</c>.</param>
/// <param name="Connection">Name of its connection.</param>
/// <param name="Name">Its key there.</param>
/// <param name="PublishedIn">The first version that shows it; null = none yet.</param>
public sealed record GuidelinePictureView(Guid Id, string Connection, string Name, int? PublishedIn);
