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

/// <summary>Signs out everywhere but here.</summary>
public static class EndOtherSessions
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapDelete("/sessions", Endpoint).WithName(nameof(EndOtherSessions)).WithSummary("Signs out your other browsers.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(), ct)).ToHttp();

    /// <summary>All others.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    [Audits(AuditActs.SessionEnded)]
    public sealed record Command : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, SessionEnd end, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var others = await end.EndAsync(db.Sessions.Where(s => s.PersonId == user.PersonId && s.Id != user.SessionId), ct);
            audit.NothingHappened = others.Count == 0;
            if (others.Count > 0) audit.Record(AuditActs.SessionEnded, null, others.Select(s => s.Id), new { by = "self" });
            return Done.Value;
        }
    }
}
