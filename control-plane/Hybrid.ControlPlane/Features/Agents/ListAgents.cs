using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Lists the organization's agents with their connections and state.</summary>
public static class ListAgents
{
    internal static void Map(IEndpointRouteBuilder agents) => agents.MapGet("", Endpoint).WithName(nameof(ListAgents)).WithSummary("Storage agents and their connections.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>All agents.</summary>
    [Act(Acts.AgentManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>Agents by name.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One agent.</summary>
    public sealed record Item(
        Guid Id, string Name, bool Online, string? Url, string? Version, DateTimeOffset CreatedAt, DateTimeOffset? EnrolledAt, DateTimeOffset? LastSeenAt, DateTimeOffset? RevokedAt,
        IReadOnlyList<ConnectionItem> Connections);

    /// <summary>One connection.</summary>
    public sealed record ConnectionItem(Guid Id, string Name, string Provider, string Delivery, string StorageOrigin);

    internal sealed class Handler(ControlPlaneDb db, LinkTable links) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var agents = await db.Agents.AsNoTracking().OrderBy(a => a.Name).Take(1000).ToListAsync(ct);
            var connections = await db.Connections.AsNoTracking().Where(c => c.RemovedAt == null).OrderBy(c => c.Name).ToListAsync(ct);
            return new Response([.. agents.Select(a => new Item(
                a.Id, a.Name, links.IsUp(a.Id), a.Url, a.SoftwareVersion, a.CreatedAt, a.EnrolledAt, a.LastSeenAt, a.RevokedAt,
                [.. connections.Where(c => c.AgentId == a.Id).Select(c => new ConnectionItem(c.Id, c.Name, c.Provider, c.Delivery, c.StorageOrigin))]))]);
        }
    }
}
