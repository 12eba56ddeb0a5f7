using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Guidelines;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Guidelines;

/// <summary>The caller says that they have read the version in force. Said twice, it is recorded once.</summary>
public static class ReadGuideline
{
    internal static void Map(IEndpointRouteBuilder guidelines) => guidelines.MapPost("/{number:int}/read", Endpoint).WithName(nameof(ReadGuideline)).WithSummary("Says that the caller has read a version.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, int number, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, number), ct)).ToHttp();

    /// <summary>Which version.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.GuidelineRead)]
    public sealed record Command(Guid ProjectId, int Number) : ICommand<Done>, IInProject, ITakesTurns
    {
        /// <summary>Two windows of one person say it once.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"read {ProjectId} {personId}";
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var version = await db.GuidelineVersions.AsNoTracking().Where(v => v.ProjectId == command.ProjectId).OrderByDescending(v => v.Number).Select(v => new { v.Number, v.Digest }).FirstOrDefaultAsync(ct);
            if (version is null || command.Number > version.Number || command.Number < 1) return RequestErrors.NotFound;
            if (version.Number != command.Number) return GuidelineErrors.NotInForce;
            if (await db.GuidelineReadings.AsNoTracking().AnyAsync(r => r.ProjectId == command.ProjectId && r.PersonId == user.PersonId && r.Number == command.Number, ct))
            {
                audit.NothingHappened = true;
                return Done.Value;
            }

            db.GuidelineReadings.Add(GuidelineReading.Of(user.OrganizationId, command.ProjectId, user.PersonId, command.Number, clock.GetUtcNow()));
            audit.Record(AuditActs.GuidelineRead, command.ProjectId, [command.ProjectId], new { version = version.Number, digest = Convert.ToHexStringLower(version.Digest) });
            return Done.Value;
        }
    }
}
