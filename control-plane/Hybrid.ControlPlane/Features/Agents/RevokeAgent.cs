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

/// <summary>Ends an agent's rights for good: no grant names it any more, its links are closed at once.</summary>
public static class RevokeAgent
{
    internal static void Map(IEndpointRouteBuilder agents) => agents.MapPost("/{agentId:guid}/revoke", Endpoint).WithName(nameof(RevokeAgent)).WithSummary("Revokes an agent.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid agentId, IMediator mediator, LinkTable links, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(agentId), ct);
        // After the commit: a link that comes back now is refused by its key.
        if (result.IsSuccess) links.Close(agentId);
        return result.ToHttp();
    }

    /// <summary>Which agent.</summary>
    [Act(Acts.AgentManage)]
    [StepUp]
    [Audits(AuditActs.AgentRevoked)]
    public sealed record Command(Guid AgentId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var agent = await db.Agents.SingleOrDefaultAsync(a => a.Id == command.AgentId, ct);
            if (agent is null) return RequestErrors.NotFound;
            var now = clock.GetUtcNow();
            agent.Revoke(now);
            foreach (var key in await db.AgentKeys.Where(k => k.AgentId == agent.Id).ToListAsync(ct)) key.Revoke(now);
            audit.Record(AuditActs.AgentRevoked, null, [agent.Id]);
            return Done.Value;
        }
    }
}
