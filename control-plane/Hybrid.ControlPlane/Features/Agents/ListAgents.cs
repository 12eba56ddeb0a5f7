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
    internal static void Map(IEndpointRouteBuilder app, IEndpointRouteBuilder agents)
    {
        agents.MapGet("", Endpoint).WithName(nameof(ListAgents)).WithSummary("Storage agents and their connections.").Sends<Query>();
        agents.MapGet("/{agentId:guid}", One).WithName("ViewAgent").WithSummary("One storage agent.").Sends<Query>();
        app.MapGet("/api/connections", Connections).WithTags("Agents").WithName("ListConnections").WithSummary("Connections of every agent.").Sends<Query>();
    }

    private static async Task<Results<Ok<Item>, ProblemHttpResult>> One(Guid agentId, IMediator mediator, CancellationToken ct)
    {
        var all = await mediator.Send(new Query(), ct);
        if (all.Refusal is { } refusal) return ResultToHttp.ToProblem(refusal);
        return all.Value.Items.FirstOrDefault(a => a.Id == agentId) is { } found ? TypedResults.Ok(found) : ResultToHttp.ToProblem(RequestErrors.NotFound);
    }

    private static async Task<Results<Ok<ConnectionPage>, ProblemHttpResult>> Connections(IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Query(), ct)).Map(all => new ConnectionPage([.. all.Items.Where(a => a.RevokedAt is null).SelectMany(a => a.Connections)])).ToHttp();

    /// <summary>Connections that projects can be given.</summary>
    public sealed record ConnectionPage(IReadOnlyList<ConnectionItem> Items);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>All agents.</summary>
    [Act(Acts.AgentManage)]
    public sealed record Query : IQuery<Response>;

    /// <summary>Agents by name.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One agent. State is waiting (not enrolled), online, away or revoked.</summary>
    public sealed record Item(
        Guid Id, string Name, string State, bool Online, string? Url, string? Version, DateTimeOffset CreatedAt, DateTimeOffset? EnrolledAt, DateTimeOffset? LastSeenAt, DateTimeOffset? RevokedAt,
        IReadOnlyList<ConnectionItem> Connections);

    /// <summary>One connection, with the codes of what its URLs fall short in.</summary>
    public sealed record ConnectionItem(Guid Id, Guid AgentId, string Name, string Provider, string Delivery, string StorageOrigin, IReadOnlyList<string> Weaknesses);

    private static string StateOf(Domain.Agents.Agent agent, bool up) =>
        agent.RevokedAt is not null ? "revoked" : agent.EnrolledAt is null ? "waiting" : up ? "online" : "away";

    internal sealed class Handler(ControlPlaneDb db, LinkTable links) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var agents = await db.Agents.AsNoTracking().OrderBy(a => a.Name).Take(1000).ToListAsync(ct);
            var connections = await db.Connections.AsNoTracking().Where(c => c.RemovedAt == null).OrderBy(c => c.Name).ToListAsync(ct);
            var up = await links.UpAsync(agents.Select(a => a.Id));
            return new Response([.. agents.Select(a => new Item(
                a.Id, a.Name, StateOf(a, up.Contains(a.Id)), up.Contains(a.Id), a.Url, a.SoftwareVersion, a.CreatedAt, a.EnrolledAt, a.LastSeenAt, a.RevokedAt,
                [.. connections.Where(c => c.AgentId == a.Id).Select(c => new ConnectionItem(c.Id, c.AgentId, c.Name, c.Provider, c.Delivery, c.StorageOrigin, c.Weaknesses.Split(' ', StringSplitOptions.RemoveEmptyEntries)))]))]);
        }
    }
}
