using FluentValidation;
using Hybrid.Contracts.Enrolment;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Grants;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Agents;
using Hybrid.Security.Keys;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>Makes a replica part of an agent: one token, once, even when two replicas come at the same moment.</summary>
public static class EnrolAgent
{
    internal static void Map(IEndpointRouteBuilder agent) => agent.MapPost("/enrol", Endpoint).WithName(nameof(EnrolAgent)).WithSummary("Enrols a replica of an agent.")
        .OpenToAll("the one-time token is the credential").Audits(AuditActs.AgentEnrolled);

    private static async Task<Results<Ok<EnrolmentAnswer>, ProblemHttpResult>> Endpoint(EnrolmentRequest body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body), ct)).ToHttp();

    /// <summary>What the replica sends.</summary>
    public sealed record Command(EnrolmentRequest Request) : IUnscopedCommand<EnrolmentAnswer>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Request.Nonce).NotEmpty().Length(16, 64);
            RuleFor(c => c.Request.Version).NotEmpty().MaximumLength(50);
            RuleFor(c => c.Request.Token).NotEmpty().MaximumLength(200);
            RuleFor(c => c.Request.Proof).NotEmpty().MaximumLength(4096);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, GrantKeys keys, AuditTrail audit, ControlPlaneOptions options, TimeProvider clock) : IRequestHandler<Command, Result<EnrolmentAnswer>>
    {
        public async Task<Result<EnrolmentAnswer>> Handle(Command command, CancellationToken ct)
        {
            var request = command.Request;
            if (!EnrolmentTokenText.TryParse(request.Token, out var text) || !EcPublicJwk.TryRead(request.Jwk, out var key)) return AgentErrors.TokenRefused;
            var hash = text.Hash();
            // The organization is known only from the token's row.
            var organization = await db.Through(Doors.EnrolmentTokenOfHash, hash).Select(t => (Guid?)t.OrganizationId).SingleOrDefaultAsync(ct);
            if (organization is null) return AgentErrors.TokenRefused;
            var now = clock.GetUtcNow();
            if (EnrolmentProof.Check(request.Proof, key, text, request.Nonce, now) is { } refusal) return AgentErrors.Proof(refusal);

            await using var scope = await TenantScope.OpenAsync(db, organization.Value, null, ct);
            var token = await db.EnrolmentTokens.SingleAsync(t => t.Hash == hash, ct);
            var agent = await db.Agents.SingleAsync(a => a.Id == token.AgentId, ct);
            if (agent.RevokedAt is not null) return AgentErrors.Revoked;
            if (!token.TryUse(now)) return AgentErrors.TokenRefused;
            agent.Enrolled(now);
            db.AgentKeys.Add(AgentKey.Create(agent, key.Thumbprint, key.ToString(), now));
            audit.RecordAs(ActorKind.Agent, agent.Id, AuditActs.AgentEnrolled, null, [agent.Id, token.Id], new { key = key.Thumbprint });
            try
            {
                await scope.CommitAsync(ct);
            }
            catch (DbUpdateException)
            {
                // Somebody else used the token first, or this key is enrolled already.
                return AgentErrors.TokenRefused;
            }

            return new EnrolmentAnswer(agent.Id.ToString(), key.Thumbprint, await keys.StatementsAsync(ct), options.PublicUrl.GetLeftPart(UriPartial.Authority));
        }
    }
}
