using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Agents;
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

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 50) =>
        (await mediator.Send(new Query(projectId, after, limit), ct)).ToHttp();

    /// <summary>A page.</summary>
    [Act(Acts.StorageManage)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit) : IQuery<Response>, IInProject;

    /// <summary>Newest first, and the id to go on after.</summary>
    public sealed record Response(IReadOnlyList<ImportView> Items, Guid? Next);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Limit).InclusiveBetween(1, 200);
    }

    internal sealed class Handler(ControlPlaneDb db, LinkTable links) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var (described, total) = await ImportViews.DescribedAsync(db, query.ProjectId, ct);
            var imports = db.Imports.AsNoTracking().Where(i => i.ProjectId == query.ProjectId);
            if (query.After is { } after)
            {
                var at = await imports.Where(i => i.Id == after).Select(i => (DateTimeOffset?)i.CreatedAt).SingleOrDefaultAsync(ct);
                if (at is null) return RequestErrors.NotFound;
                imports = imports.Where(i => i.CreatedAt < at || (i.CreatedAt == at && i.Id < after));
            }

            var page = await imports.OrderByDescending(i => i.CreatedAt).ThenByDescending(i => i.Id).Take(query.Limit + 1).ToListAsync(ct);
            var running = page.Where(i => i.State is ImportState.Queued or ImportState.Listing).Select(i => i.ConnectionId).ToList();
            var agents = await db.Connections.AsNoTracking().Where(c => running.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.AgentId, ct);
            var up = await links.UpAsync(agents.Values);
            bool IsWaiting(ImportJob i) => i.State is ImportState.Queued or ImportState.Listing && !(agents.TryGetValue(i.ConnectionId, out var agent) && up.Contains(agent));
            return new Response(
                [.. page.Take(query.Limit).Select(i => ImportViews.Of(i, described, total, IsWaiting(i)))],
                page.Count > query.Limit ? page[query.Limit - 1].Id : null);
        }
    }
}
