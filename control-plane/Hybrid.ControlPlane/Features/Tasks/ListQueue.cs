using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Open tasks of a project for those who manage the queue, oldest arrival first.</summary>
public static class ListQueue
{
    internal static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("", Endpoint).WithName(nameof(ListQueue)).WithSummary("Open tasks.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, IMediator mediator, CancellationToken ct, Guid? after = null, int limit = 100, AnyCase<StepKind>? kind = null, string? search = null, AnyCase<TaskHold>? hold = null,
        AnyCase<TaskOwner>? owner = null, int? priorityFrom = null, int? priorityTo = null, bool overdue = false) =>
        (await mediator.Send(new Query(projectId, after, limit, new QueueFilter(kind?.Value, search, hold?.Value, owner?.Value, priorityFrom, priorityTo, overdue)), ct)).ToHttp();

    /// <summary>A page.</summary>
    [Act(Acts.QueueManage)]
    public sealed record Query(Guid ProjectId, Guid? After, int Limit, QueueFilter Filter) : IQuery<Response>, IInProject;

    /// <summary>Tasks, and the id to go on after. Total counts all that match; it comes with the first page only.</summary>
    public sealed record Response(IReadOnlyList<Item> Items, Guid? Next, int? Total);

    /// <summary>One open task. State is open, held or reserved.</summary>
    public sealed record Item(Guid Id, AssetName Asset, StepName Step, string State, int Round, int Priority, PersonRef? Holder, DateTimeOffset? LeaseExpiresAt, PersonRef? AssignedTo, PersonRef? SentBackTo, DateTimeOffset? DueAt);

    /// <summary>The asset.</summary>
    public sealed record AssetName(Guid Id, string Name);

    /// <summary>The step.</summary>
    public sealed record StepName(StepKind Kind, string Name);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Limit).InclusiveBetween(1, 200);
            RuleFor(q => q.Filter.Search).IsProse(200);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, PersonRefs people, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var open = query.Filter.Of(db, db.Tasks.AsNoTracking().Where(t => t.ProjectId == query.ProjectId && t.State == TaskState.Open && t.Purpose != TaskPurpose.Honeypot), now);
            int? total = query.After is null ? await open.CountAsync(ct) : null;
            var page = await (
                from t in open
                join a in db.Assets.AsNoTracking() on t.AssetId equals a.Id
                join s in db.WorkflowSteps.AsNoTracking() on new { Id = t.StepId, t.WorkflowVersion } equals new { s.Id, s.WorkflowVersion }
                where query.After == null || t.Id > query.After
                orderby t.Id
                select new { Task = t, AssetId = a.Id, a.Key, Step = s.Name }).Take(query.Limit + 1).ToListAsync(ct);
            var refs = await people.OfAsync(page.SelectMany(p => new[] { p.Task.HeldUntil > now ? p.Task.HolderId : null, p.Task.AssignedTo, p.Task.SentBackTo }).OfType<Guid>(), ct);
            return new Response(
                [
                    .. page.Take(query.Limit).Select(p =>
                    {
                        var held = p.Task.HolderId is not null && p.Task.HeldUntil > now;
                        return new Item(
                            p.Task.Id, new AssetName(p.AssetId, p.Key), new StepName(p.Task.StepKind, p.Step), !held ? "open" : p.Task.Reserved ? "reserved" : "held",
                            p.Task.Round, p.Task.Priority, held ? refs.GetValueOrDefault(p.Task.HolderId!.Value) : null, held ? p.Task.HeldUntil : null,
                            p.Task.AssignedTo is { } assigned ? refs.GetValueOrDefault(assigned) : null, p.Task.SentBackTo is { } labeler ? refs.GetValueOrDefault(labeler) : null, p.Task.DueAt);
                    }),
                ],
                page.Count > query.Limit ? page[query.Limit - 1].Task.Id : null,
                total);
        }
    }
}
