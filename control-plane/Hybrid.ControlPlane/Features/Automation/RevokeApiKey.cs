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

namespace Hybrid.ControlPlane.Features.Automation;

/// <summary>Ends a key at once: its next request is refused.</summary>
public static class RevokeApiKey
{
    internal static void Map(IEndpointRouteBuilder accounts) =>
        accounts.MapDelete("/{accountId:guid}/keys/{keyId:guid}", Endpoint).WithName(nameof(RevokeApiKey)).WithSummary("Revokes an API key.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid accountId, Guid keyId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(accountId, keyId), ct)).ToHttp();

    /// <summary>Revokes.</summary>
    [Act(Acts.KeysManage)]
    [Audits(AuditActs.ApiKeyRevoked)]
    public sealed record Command(Guid AccountId, Guid KeyId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == command.KeyId && k.AccountId == command.AccountId, ct);
            if (key is null) return RequestErrors.NotFound;
            audit.NothingHappened = key.RevokedAt is not null;
            if (!audit.NothingHappened) audit.Record(AuditActs.ApiKeyRevoked, null, [key.Id, command.AccountId], new { prefix = key.Prefix });
            key.Revoke(clock.GetUtcNow());
            return Done.Value;
        }
    }
}
