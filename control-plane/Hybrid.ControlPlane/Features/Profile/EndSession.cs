using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Signs out one of one's own browsers from afar.</summary>
public static class EndSession
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapDelete("/sessions/{sessionId:guid}", Endpoint).WithName(nameof(EndSession)).WithSummary("Signs out one of your browsers.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid sessionId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(sessionId), ct)).ToHttp();

    /// <summary>Which.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [Audits(AuditActs.SessionEnded)]
    public sealed record Command(Guid SessionId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, SessionEnd end, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if ((await end.EndAsync(db.Sessions.Where(s => s.Id == command.SessionId && s.PersonId == user.PersonId), ct)).Count == 0) return RequestErrors.NotFound;
            audit.Record(AuditActs.SessionEnded, null, [command.SessionId], new { by = "self" });
            return Done.Value;
        }
    }
}
