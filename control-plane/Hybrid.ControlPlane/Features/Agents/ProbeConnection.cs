using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Has the agent try one of its connections.</summary>
public static class ProbeConnection
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/connections/{connectionId:guid}/probe", Endpoint).WithTags("Agents").WithName(nameof(ProbeConnection)).WithSummary("Tries a connection.").Sends<Command>();

    private static async Task<Results<Ok<Hybrid.Contracts.Link.ProbeResult>, ProblemHttpResult>> Endpoint(Guid connectionId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(connectionId), ct)).ToHttp();

    /// <summary>Which connection.</summary>
    [Act(Acts.AgentManage)]
    [Audits(AuditActs.ConnectionProbed)]
    public sealed record Command(Guid ConnectionId) : ICommand<Hybrid.Contracts.Link.ProbeResult>;

    internal sealed class Handler(ControlPlaneDb db, LinkTable links, AuditTrail audit) : IRequestHandler<Command, Result<Hybrid.Contracts.Link.ProbeResult>>
    {
        public async Task<Result<Hybrid.Contracts.Link.ProbeResult>> Handle(Command command, CancellationToken ct)
        {
            var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == command.ConnectionId && c.RemovedAt == null, ct);
            if (connection is null) return RequestErrors.NotFound;
            var probe = await links.ProbeAsync(connection.AgentId, new Hybrid.Contracts.Link.ProbeRequest(connection.Name), ct);
            if (probe is null) return AgentErrors.Unreachable;
            audit.Record(AuditActs.ConnectionProbed, null, [connection.Id], new { ok = probe.Ok, milliseconds = probe.Milliseconds });
            return probe;
        }
    }
}
