using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Renews the lease while the person is at work.</summary>
public static class RenewLease
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{taskId:guid}/heartbeat", Endpoint).WithName(nameof(RenewLease)).WithSummary("Renews the lease.").Sends<Command>();

    private static async Task<Results<Ok<LeaseView>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId), ct)).ToHttp();

    /// <summary>Which task.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.LeaseRenewed)]
    public sealed record Command(Guid ProjectId, Guid TaskId) : ICommand<LeaseView>, IInProject;

    internal sealed class Handler(HeldTask held, AuditTrail audit) : IRequestHandler<Command, Result<LeaseView>>
    {
        public async Task<Result<LeaseView>> Handle(Command command, CancellationToken ct)
        {
            var found = await held.FindAsync(command.ProjectId, command.TaskId, ct);
            if (!found.IsSuccess) return found.Refusal!;
            // A lease that lapsed and is taken up again is an act; one that merely goes on is not.
            if (found.Value.HeldUntil <= held.Now) audit.Record(AuditActs.LeaseRenewed, command.ProjectId, [command.TaskId]);
            else audit.NothingHappened = true;
            found.Value.Renew(held.Now);
            return new LeaseView(found.Value.HeldUntil!.Value);
        }
    }
}
