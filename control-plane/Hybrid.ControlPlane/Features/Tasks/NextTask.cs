using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Gives the caller their next task, and reserves the ones after it for the prefetch.</summary>
public static class NextTask
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/next", Endpoint).WithName(nameof(NextTask)).WithSummary("Takes the next task.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new Command(projectId, body.Kind, body.Reserve), ct)).ToHttp();

    /// <summary>Label or review, and how many to reserve (0–2).</summary>
    public sealed record Body(WorkKind Kind, int Reserve);

    /// <summary>Takes the next task.</summary>
    [Act(Acts.TaskWork)]
    [Audits(AuditActs.TaskClaimed)]
    public sealed record Command(Guid ProjectId, WorkKind Kind, int Reserve) : ICommand<Response>, IInProject;

    /// <summary>The task (null when none is left), those reserved, and how many wait.</summary>
    public sealed record Response(TaskView? Task, IReadOnlyList<ReservedView> Reserved, WaitingView Waiting);

    /// <summary>A reserved task: enough for the prefetch.</summary>
    public sealed record ReservedView(Guid TaskId, AssetView Asset);

    /// <summary>Open tasks of each kind; counted up to 1,000.</summary>
    public sealed record WaitingView(int Label, int Review);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).IsInEnum();
            RuleFor(c => c.Reserve).InclusiveBetween(0, 2);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, TaskQueue queue, TaskViews views, ProjectAccess access, AuditTrail audit) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var kind = command.Kind.ToStep();
            if (kind == StepKind.Review && !AccessTable.Allows((await access.RoleInAsync(command.ProjectId, ct))!.Value, Acts.TaskReview)) return RequestErrors.Forbidden;
            var separation = await db.Projects.AsNoTracking().Where(p => p.Id == command.ProjectId).Select(p => p.StepSeparation).SingleAsync(ct);
            var taken = await queue.TakeNextAsync(command.ProjectId, kind, separation, ct);
            if (taken is not { } id)
            {
                audit.NothingHappened = true;
                return new Response(null, [], await WaitingAsync(command.ProjectId, ct));
            }

            var task = await db.Tasks.AsNoTracking().SingleAsync(t => t.Id == id, ct);
            audit.Record(AuditActs.TaskClaimed, command.ProjectId, [id, task.AssetId], new { step = task.StepId, round = task.Round, workflow = task.WorkflowVersion });
            var reserved = await ReserveAsync(command, kind, separation, ct);
            return new Response(await views.OfAsync(task, ct), reserved, await WaitingAsync(command.ProjectId, ct));
        }

        private async Task<IReadOnlyList<ReservedView>> ReserveAsync(Command command, StepKind kind, bool separation, CancellationToken ct)
        {
            if (command.Reserve == 0) return [];
            var ids = await queue.ReserveAsync(command.ProjectId, kind, separation, command.Reserve, ct);
            if (ids.Count == 0) return [];
            audit.Record(AuditActs.TaskReserved, command.ProjectId, ids);
            var found = await (
                from t in db.Tasks.AsNoTracking()
                join a in db.Assets.AsNoTracking() on t.AssetId equals a.Id
                where ids.Contains(t.Id)
                select new { t.Id, Asset = a }).ToListAsync(ct);
            return [.. ids.Select(i => found.Single(f => f.Id == i)).Select(f => new ReservedView(f.Id, AssetView.Of(f.Asset)))];
        }

        private async Task<WaitingView> WaitingAsync(Guid projectId, CancellationToken ct)
        {
            var open = db.Tasks.AsNoTracking().Where(t => t.ProjectId == projectId && t.State == TaskState.Open);
            return new WaitingView(
                await open.Where(t => t.StepKind == StepKind.Labeling).Take(1000).CountAsync(ct), await open.Where(t => t.StepKind == StepKind.Review).Take(1000).CountAsync(ct));
        }
    }
}

/// <summary>What a person sits down to do.</summary>
public enum WorkKind
{
    /// <summary>The labeling step.</summary>
    Label,

    /// <summary>A review step.</summary>
    Review,
}

/// <summary>Work as steps.</summary>
internal static class WorkKinds
{
    public static StepKind ToStep(this WorkKind kind) => kind == WorkKind.Label ? StepKind.Labeling : StepKind.Review;
}
