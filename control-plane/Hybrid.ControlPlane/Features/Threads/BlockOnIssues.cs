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

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Chooses whether a reviewer can approve an asset while an issue of its current round is open.</summary>
public static class BlockOnIssues
{
    internal static void Map(IEndpointRouteBuilder project) => project.MapPut("/issues-block", Endpoint).WithName(nameof(BlockOnIssues)).WithSummary("Lets open issues block approval, or not.").Sends<Command>();

    private static async Task<Results<NoContent, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(projectId, body.On), ct)).ToHttp();

    /// <summary>Whether they block.</summary>
    public sealed record Body(bool On);

    /// <summary>Switches.</summary>
    [Act(Acts.WorkflowManage)]
    [Audits(AuditActs.IssuesBlockChanged)]
    public sealed record Command(Guid ProjectId, bool On) : ICommand<Done>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, AuditTrail audit) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var project = await db.Projects.SingleAsync(p => p.Id == command.ProjectId, ct);
            if (project.BlockOnIssues(command.On)) audit.Record(AuditActs.IssuesBlockChanged, project.Id, [project.Id], new { on = command.On });
            else audit.NothingHappened = true;
            return Done.Value;
        }
    }
}
