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
    public sealed record Command(Guid ProjectId, WorkKind Kind, int Reserve) : ICommand<Response>, IInProject, ITakesTurns
    {
        /// <summary>Two windows of one person are given the same task: the second sees what the first was given.</summary>
        /// <param name="personId">The caller.</param>
        public string TurnOf(Guid personId) => $"next {ProjectId} {personId}";
    }

    /// <summary>The task (null when none is left), those reserved, and how many wait.</summary>
    public sealed record Response(TaskView? Task, IReadOnlyList<ReservedView> Reserved, WaitingView Waiting);

    /// <summary>A reserved task: enough for the prefetch.</summary>
    public sealed record ReservedView(Guid TaskId, AssetView Asset);

    /// <summary>Open tasks of each kind that are for whoever comes; counted up to 1,000. Where consensus or honeypots are on, those to label are rounded up to 25.</summary>
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
        // In the queue's own order, so that its index is walked: else PostgreSQL reads the table until it has a thousand, which may stand at its end.
        private static readonly HotQuery<Func<ControlPlaneDb, Guid, CancellationToken, Task<WaitingView>>> WaitingIn = new(() => EF.CompileAsyncQuery(
            (ControlPlaneDb db, Guid project, CancellationToken _) => db.Projects.AsNoTracking().Where(p => p.Id == project).Select(p => new WaitingView(
                db.Tasks.Where(t => t.ProjectId == project && t.State == TaskState.Open && t.SentBackTo == null && t.AssignedTo == null && t.StepKind == StepKind.Labeling).OrderByDescending(t => t.Priority).ThenBy(t => t.ArrivedAt).Take(1000).Count(),
                db.Tasks.Where(t => t.ProjectId == project && t.State == TaskState.Open && t.SentBackTo == null && t.AssignedTo == null && t.StepKind == StepKind.Review).OrderByDescending(t => t.Priority).ThenBy(t => t.ArrivedAt).Take(1000).Count())).Single()));

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var kind = command.Kind.ToStep();
            if (kind == StepKind.Review && !AccessTable.Allows((await access.RoleInAsync(command.ProjectId, ct))!.Value, Acts.TaskReview)) return RequestErrors.Forbidden;
            var place = access.Here!;
            if (place.Paused) return TaskErrors.Paused;
            if (place.ToRead is { } unread) return TaskErrors.Unread(unread);
            var taken = await queue.TakeNextAsync(command.ProjectId, kind, place, ct);
            if (taken is not { } id)
            {
                audit.NothingHappened = true;
                return new Response(null, [], await WaitingAsync(command.ProjectId, ct));
            }

            var (task, view) = await views.OfAsync(id, ct);
            audit.Record(AuditActs.TaskClaimed, command.ProjectId, [id, task.AssetId], new { step = task.StepId, round = task.Round, workflow = task.WorkflowVersion });
            return new Response(view, await ReserveAsync(command, kind, place, ct), await WaitingAsync(command.ProjectId, ct));
        }

        private async Task<IReadOnlyList<ReservedView>> ReserveAsync(Command command, StepKind kind, ProjectPlace place, CancellationToken ct)
        {
            if (command.Reserve == 0) return [];
            var reserved = await queue.ReserveAsync(command.ProjectId, kind, place, command.Reserve, ct);
            if (reserved.Count > 0) audit.Record(AuditActs.TaskReserved, command.ProjectId, reserved.Select(r => r.TaskId));
            return [.. reserved.Select(r => new ReservedView(r.TaskId, AssetView.Of(r.Asset)))];
        }

        // A honeypot waits for one person and is not counted. Where tasks are not all alike an exact number would still tell which are not: one
        // that does not fall after a submit.
        private async Task<WaitingView> WaitingAsync(Guid projectId, CancellationToken ct)
        {
            var waiting = await WaitingIn.In(db)(db, projectId, ct);
            return access.Here is { IsMeasured: true } ? waiting with { Label = Projects.Coarseness.Up(waiting.Label) } : waiting;
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
