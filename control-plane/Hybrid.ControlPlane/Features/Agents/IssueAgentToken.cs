using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Agents;
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

/// <summary>Issues a one-time enrolment token; its text is shown once and kept by nobody.</summary>
public static class IssueAgentToken
{
    internal static void Map(IEndpointRouteBuilder agents) => agents.MapPost("/{agentId:guid}/tokens", Endpoint).WithName(nameof(IssueAgentToken)).WithSummary("Issues an enrolment token.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid agentId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(agentId), ct)).ToHttp();

    /// <summary>For which agent.</summary>
    [Act(Acts.AgentManage)]
    [StepUp]
    [Audits(AuditActs.AgentTokenIssued)]
    public sealed record Command(Guid AgentId) : ICommand<Response>;

    /// <summary>The token and the six words that both sides see.</summary>
    public sealed record Response(string Token, DateTimeOffset ExpiresAt, string Fingerprint);

    internal sealed class Handler(ControlPlaneDb db, Grants.GrantKeys keys, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var agent = await db.Agents.SingleOrDefaultAsync(a => a.Id == command.AgentId, ct);
            if (agent is null) return RequestErrors.NotFound;
            if (agent.RevokedAt is not null) return AgentErrors.Revoked;
            var (key, keyId) = await keys.CurrentAsync(ct);
            key.Dispose();
            var text = Hybrid.Security.Agents.EnrolmentTokenText.New(agent.Id, keyId);
            var token = EnrolmentToken.Create(agent, text.Hash(), clock.GetUtcNow());
            db.EnrolmentTokens.Add(token);
            audit.Record(AuditActs.AgentTokenIssued, null, [agent.Id, token.Id]);
            return new Response(text.ToString(), token.ExpiresAt, Hybrid.Security.Keys.KeyFingerprint.Words(keyId));
        }
    }
}
