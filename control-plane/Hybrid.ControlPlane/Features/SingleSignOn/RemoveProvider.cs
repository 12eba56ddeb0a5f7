using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Takes the identity provider away and ends every session that it began; links stay, for when it comes back.</summary>
public static class RemoveProvider
{
    internal static void Map(IEndpointRouteBuilder sso) => sso.MapDelete("", Endpoint).WithName(nameof(RemoveProvider)).WithSummary("Removes the identity provider.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>Removes it.</summary>
    [Act(Acts.SingleSignOnManage)]
    [StepUp]
    [Audits(AuditActs.IdentityProviderRemoved)]
    public sealed record Command : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, SessionEnd end, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var provider = await db.IdentityProviders.SingleOrDefaultAsync(ct);
            if (provider is null) return RequestErrors.NotFound;
            db.IdentityProviders.Remove(provider);
            var ended = await end.EndAsync(db.Sessions.Where(s => s.Issuer == provider.Issuer), ct);
            // Nobody else would look after them.
            foreach (var team in await db.Teams.Where(t => t.Source == TeamSource.GroupsClaim).ToListAsync(ct)) team.HandOver(TeamSource.Manual, null);
            audit.Record(AuditActs.IdentityProviderRemoved, null, [provider.Id], new { sessions = ended.Count });
            return Done.Value;
        }
    }
}
