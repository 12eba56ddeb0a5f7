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

namespace Hybrid.ControlPlane.Features.Quality;

/// <summary>Takes note of a labeler's drift; the sum begins anew.</summary>
public static class NoteDrift
{
    internal static void Map(IEndpointRouteBuilder quality) => quality.MapPost("/people/{personId:guid}/note-drift", Endpoint).WithName(nameof(NoteDrift)).WithSummary("Takes note of a labeler's drift.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Guid personId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, personId), ct)).ToHttp();

    /// <summary>Whom it is about.</summary>
    [Act(Acts.QueueManage)]
    [Audits(AuditActs.LabelerDriftNoted)]
    public sealed record Command(Guid ProjectId, Guid PersonId) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var standing = await db.LabelerStandings.SingleOrDefaultAsync(s => s.ProjectId == command.ProjectId && s.PersonId == command.PersonId, ct);
            if (standing is null) return RequestErrors.NotFound;
            if (standing.NoteDrift(clock.GetUtcNow())) audit.Record(AuditActs.LabelerDriftNoted, command.ProjectId, [command.PersonId], new { n = standing.DriftN, sum = standing.DriftSum });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
