using FluentValidation;
using Hybrid.Contracts.Enrolment;
using Hybrid.ControlPlane.Domain.Agents;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Agents;
using Hybrid.Security.Grants;
using Hybrid.Security.Keys;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Agents;

/// <summary>
/// Changes a replica's key without a failed request: grants name both keys from now on; once every grant that names the old one alone
/// has lapsed, the replica signs by the new one; once as much time again has passed, the old one is not accepted any more.
/// </summary>
public static class RotateAgentKey
{
    // A minute more than the longest grant, for clocks.
    private static readonly TimeSpan UntilAllKnow = GrantClaims.MaxLifetime + TimeSpan.FromMinutes(1);

    internal static void Map(IEndpointRouteBuilder agent) => agent.MapPost("/rotate-key", Endpoint).WithName(nameof(RotateAgentKey)).WithSummary("Changes the key of a replica.")
        .OpenToAll("the statement by the old key is the credential").Audits(AuditActs.AgentKeyRotated);

    private static async Task<Results<Ok<KeyRotationAnswer>, ProblemHttpResult>> Endpoint(KeyRotationRequest body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body), ct)).ToHttp();

    /// <summary>What the replica sends.</summary>
    public sealed record Command(KeyRotationRequest Request) : IUnscopedCommand<KeyRotationAnswer>;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Request.Statement).NotEmpty().MaximumLength(4096);
            RuleFor(c => c.Request.Proof).NotEmpty().MaximumLength(4096);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, ControlPlaneOptions options, TimeProvider clock) : IRequestHandler<Command, Result<KeyRotationAnswer>>
    {
        public async Task<Result<KeyRotationAnswer>> Handle(Command command, CancellationToken ct)
        {
            var (request, now) = (command.Request, clock.GetUtcNow());
            if (AgentKeyRotation.Claimed(request.Statement) is not { } claimed) return AgentErrors.RotationRefused;
            // The organization is known only from this row.
            var row = await db.Through(Doors.AgentKey, claimed.KeyId).SingleOrDefaultAsync(k => k.AgentId == claimed.AgentId, ct);
            if (row is null || !row.IsAcceptedAt(now) || !EcPublicJwk.TryParse(row.Jwk, out var oldKey)) return AgentErrors.RotationRefused;
            var rotation = AgentKeyRotation.Read(request.Statement, request.Proof, oldKey, options.PublicUrl.GetLeftPart(UriPartial.Authority), now);
            if (rotation.Refusal is { } refusal) return AgentErrors.Rotation(refusal);
            var newKey = rotation.Value.NewKey;

            await using var scope = await TenantScope.OpenAsync(db, row.OrganizationId, null, ct);
            var agent = await db.Agents.SingleAsync(a => a.Id == row.AgentId, ct);
            if (agent.RevokedAt is not null) return AgentErrors.RotationRefused;
            var old = await db.AgentKeys.SingleAsync(k => k.KeyId == row.KeyId, ct);
            var known = await db.AgentKeys.SingleOrDefaultAsync(k => k.KeyId == newKey.Thumbprint, ct);
            // The replica that did not hear the answer asks again, and hears the same.
            if (known is not null) return known.AgentId == agent.Id && old.RevokedAt is { } until ? Answer(newKey, until) : AgentErrors.RotationRefused;
            // Whole seconds, so that it is the same when it is read back.
            if (!old.TrySupersede(DateTimeOffset.FromUnixTimeSeconds((now + UntilAllKnow + UntilAllKnow).ToUnixTimeSeconds()))) return AgentErrors.RotationRefused;
            db.AgentKeys.Add(AgentKey.Create(agent, newKey.Thumbprint, newKey.ToString(), now));
            audit.RecordAs(ActorKind.Agent, agent.Id, AuditActs.AgentKeyRotated, null, [agent.Id], new { key = newKey.Thumbprint, previous = old.KeyId });
            try
            {
                await scope.CommitAsync(ct);
            }
            catch (DbUpdateException)
            {
                // The same statement won a race with itself, or the key is another agent's.
                return AgentErrors.RotationRefused;
            }

            return Answer(newKey, old.RevokedAt!.Value);
        }

        private static KeyRotationAnswer Answer(EcPublicJwk key, DateTimeOffset oldUntil) => new(key.Thumbprint, oldUntil - UntilAllKnow, oldUntil);
    }
}
