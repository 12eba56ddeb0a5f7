using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Organizations;

/// <summary>Signs a person out everywhere.</summary>
public static class EndSessionsOf
{
    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/api/people/{personId:guid}/sessions", Endpoint).WithTags("People").WithName(nameof(EndSessionsOf)).WithSummary("Signs a person out everywhere.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid personId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(personId), ct)).ToHttp();

    /// <summary>Whom.</summary>
    [Act(Acts.PeopleManage)]
    [Audits(AuditActs.SessionEnded)]
    public sealed record Command(Guid PersonId) : ICommand<Done>;

    internal sealed class Handler(ControlPlaneDb db, SessionEnd end, ICurrentUser user, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var member = await db.OrganizationMembers.AsNoTracking().SingleOrDefaultAsync(m => m.PersonId == command.PersonId, ct);
            if (member is null) return RequestErrors.NotFound;
            if (!PersonRules.MayRule(user.OrganizationRole, member.Role)) return RequestErrors.Forbidden;
            var sessions = await end.EndAsync(db.Sessions.Where(s => s.PersonId == command.PersonId), ct);
            audit.Record(AuditActs.SessionEnded, null, [command.PersonId, .. sessions.Select(s => s.Id)], new { by = "admin" });
            return Done.Value;
        }
    }
}
