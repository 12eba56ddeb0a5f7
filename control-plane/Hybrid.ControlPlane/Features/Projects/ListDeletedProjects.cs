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

/// <summary>Deleted projects that the caller may restore: those where they are project admin.</summary>
public static class ListDeletedProjects
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/deleted-projects", Endpoint).WithTags("Projects").WithName(nameof(ListDeletedProjects)).WithSummary("Deleted projects that you may restore.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>All of them.</summary>
    [Act(Acts.OrganizationUse)]
    public sealed record Query : IQuery<Response>;

    /// <summary>The last deleted first, at most 200.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>A deleted project.</summary>
    public sealed record Item(Guid Id, string Name, DateTimeOffset DeletedAt, DateTimeOffset RestorableUntil);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var mine = Places.At(db, clock.GetUtcNow()).Where(p => p.PersonId == user.PersonId && p.Role == (int)ProjectRole.ProjectAdmin);
            var rows = await db.Projects.AsNoTracking().Where(p => p.DeletedAt != null && mine.Any(m => m.ProjectId == p.Id)).OrderByDescending(p => p.DeletedAt).Take(200)
                .Select(p => new { p.Id, p.Name, DeletedAt = p.DeletedAt!.Value }).ToListAsync(ct);
            return new Response([.. rows.Select(r => new Item(r.Id, r.Name, r.DeletedAt, r.DeletedAt + Project.GracePeriod))]);
        }
    }
}
