using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Grants;

/// <summary>A grant for the asset of a task that the caller holds or has reserved.</summary>
public static class GrantForTask
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/projects/{projectId:guid}/tasks/{taskId:guid}/grant", Endpoint).WithTags("Grants").WithName(nameof(GrantForTask)).WithSummary("A grant for a held task's asset.").Sends<Command>();

    private static async Task<Results<Ok<Hybrid.Contracts.Grants.GrantAnswer>, ProblemHttpResult>> Endpoint(Guid projectId, Guid taskId, HttpRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, taskId, request.Headers["DPoP"].ToString(), request.Path), ct)).ToHttp();

    /// <summary>Which task, proven by the session's key.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.GrantIssued)]
    public sealed record Command(Guid ProjectId, Guid TaskId, string Proof, string Path) : ICommand<Hybrid.Contracts.Grants.GrantAnswer>, IInProject;

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, GrantIssuer issuer, TimeProvider clock) : IRequestHandler<Command, Result<Hybrid.Contracts.Grants.GrantAnswer>>
    {
        private static readonly Error NotHeld = new(
            ErrorKind.Conflict, "task.not_held", "You do not hold this task.", "Your draft is kept. Open the task again; if somebody else has it, take the next one.");

        public async Task<Result<Hybrid.Contracts.Grants.GrantAnswer>> Handle(Command command, CancellationToken ct)
        {
            var found = await (
                from t in db.Tasks.AsNoTracking()
                join a in db.Assets.AsNoTracking() on t.AssetId equals a.Id
                where t.Id == command.TaskId && t.ProjectId == command.ProjectId
                select new { Task = t, Asset = a }).SingleOrDefaultAsync(ct);
            if (found is null) return RequestErrors.NotFound;
            if (found.Task.HolderId != user.PersonId || found.Task.HeldUntil <= clock.GetUtcNow()) return NotHeld;
            return await issuer.IssueAsync(command.ProjectId, command.TaskId, [GrantObject.Of(found.Asset)], command.Proof, command.Path, ct);
        }
    }
}
