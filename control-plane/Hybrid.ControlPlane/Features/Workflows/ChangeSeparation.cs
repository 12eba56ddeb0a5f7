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

namespace Hybrid.ControlPlane.Features.Workflows;

/// <summary>Switches step separation on or off (workflow-and-quality.md § Workflow 3). What people worked on is remembered while it is off.</summary>
public static class ChangeSeparation
{
    internal static void Map(IEndpointRouteBuilder project) =>
        project.MapPut("/separation", Endpoint).WithName(nameof(ChangeSeparation)).WithSummary("Lets nobody work on two steps of one asset, or lets them.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.On), ct)).ToHttp();

    /// <summary>Whether nobody works on two steps of one asset, in any round.</summary>
    public sealed record Body(bool On);

    /// <summary>Switches.</summary>
    [Act(Acts.WorkflowManage)]
    [Audits(AuditActs.StepSeparationChanged)]
    public sealed record Command(Guid ProjectId, bool On) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.Separate(command.On)) audit.Record(AuditActs.StepSeparationChanged, project.Id, [project.Id], new { on = command.On });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
