using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Gives a honeypot to nobody any more; its scores stay.</summary>
public static class RetireHoneypot
{
    internal static void Map(IEndpointRouteBuilder honeypots) => honeypots.MapPost("/{honeypotId:guid}/retire", Endpoint).WithName(nameof(RetireHoneypot)).WithSummary("Retires a honeypot.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid honeypotId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, honeypotId), ct)).ToHttp();

    /// <summary>Which one.</summary>
    [Act(Acts.QualityManage)]
    [Audits(AuditActs.HoneypotRetired)]
    public sealed record Command(Guid ProjectId, Guid HoneypotId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var honeypot = await db.Honeypots.SingleOrDefaultAsync(h => h.Id == command.HoneypotId && h.ProjectId == command.ProjectId, ct);
            if (honeypot is null) return RequestErrors.NotFound;
            if (honeypot.Retire(user.PersonId, clock.GetUtcNow())) audit.Record(AuditActs.HoneypotRetired, command.ProjectId, [honeypot.Id, honeypot.AssetId], new { given = honeypot.Given });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
