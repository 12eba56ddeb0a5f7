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

/// <summary>Chooses who gets what reviewers send back from now on.</summary>
public static class ChangeSendBack
{
    internal static void Map(IEndpointRouteBuilder project) =>
        project.MapPut("/send-back", Endpoint).WithName(nameof(ChangeSendBack)).WithSummary("Sends labels back to their labeler, or to whoever is next.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.ToQueue), ct)).ToHttp();

    /// <summary>Whether it goes to whoever is next, else to its labeler.</summary>
    public sealed record Body(bool ToQueue);

    /// <summary>Switches.</summary>
    [Act(Acts.WorkflowManage)]
    [Audits(AuditActs.SendBackChanged)]
    public sealed record Command(Guid ProjectId, bool ToQueue) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.SendBackTo(command.ToQueue)) audit.Record(AuditActs.SendBackChanged, project.Id, [project.Id], new { toQueue = command.ToQueue });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
