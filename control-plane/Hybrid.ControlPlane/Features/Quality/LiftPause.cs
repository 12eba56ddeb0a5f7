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

/// <summary>Lets a paused labeler claim again; scores from now on count.</summary>
public static class LiftPause
{
    internal static void Map(IEndpointRouteBuilder quality) => quality.MapPost("/people/{personId:guid}/lift-pause", Endpoint).WithName(nameof(LiftPause)).WithSummary("Lets a paused labeler claim again.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, personId), ct)).ToHttp();

    /// <summary>Whom it is about.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.LabelerPauseLifted)]
    public sealed record Command(Guid ProjectId, Guid PersonId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (command.PersonId == user.PersonId) return QualityErrors.OwnPause;
            var standing = await db.LabelerStandings.SingleOrDefaultAsync(s => s.ProjectId == command.ProjectId && s.PersonId == command.PersonId, ct);
            if (standing is null) return RequestErrors.NotFound;
            if (standing.Lift(user.PersonId, clock.GetUtcNow())) audit.Record(AuditActs.LabelerPauseLifted, command.ProjectId, [command.PersonId], new { n = standing.PauseN, score = standing.PauseScore, upper = standing.PauseUpper, threshold = standing.PauseThreshold });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
