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

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Switches blind review on or off: every later answer of the project already shows people the new way.</summary>
public static class ChangeAnonymization
{
    internal static void Map(IEndpointRouteBuilder projects) =>
        projects.MapPut("/{projectId:guid}/anonymization", Endpoint).WithName(nameof(ChangeAnonymization)).WithSummary("Shows people by pseudonyms, or by name.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.On), ct)).ToHttp();

    /// <summary>Whether people appear by pseudonyms.</summary>
    public sealed record Body(bool On);

    /// <summary>Switches.</summary>
    [Act(Acts.ProjectManage)]
    [Audits(AuditActs.ProjectAnonymizationChanged)]
    public sealed record Command(Guid ProjectId, bool On) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.Anonymize(command.On)) audit.Record(AuditActs.ProjectAnonymizationChanged, project.Id, [project.Id], new { on = command.On });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
