using System.Linq.Expressions;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Which open tasks of a queue: what the list shows is what an act by filter changes.</summary>
/// <param name="Kind">Of labeling or of review; null = both.</param>
/// <param name="Search">The asset's name contains it.</param>
/// <param name="Hold">Held by somebody, or free; null = both.</param>
/// <param name="Owner">Assigned or sent back to somebody, or anybody's; null = both.</param>
/// <param name="PriorityFrom">At least this priority.</param>
/// <param name="PriorityTo">At most this priority.</param>
/// <param name="Overdue">Wanted until an instant that is over.</param>
public sealed record QueueFilter(StepKind? Kind, string? Search, TaskHold? Hold, TaskOwner? Owner, int? PriorityFrom, int? PriorityTo, bool Overdue)
{
    /// <summary>Everything that waits.</summary>
    public static QueueFilter Everything { get; } = new(null, null, null, null, null, null, false);

    /// <summary>The tasks that it lets through, whatever their state.</summary>
    internal IQueryable<WorkTask> Of(ControlPlaneDb db, IQueryable<WorkTask> tasks, DateTimeOffset now)
    {
        if (Kind is { } kind) tasks = tasks.Where(t => t.StepKind == kind);
        if (!string.IsNullOrWhiteSpace(Search)) tasks = tasks.Where(t => db.Assets.Any(a => a.Id == t.AssetId && a.Key.Contains(Search)));
        if (PriorityFrom is { } from) tasks = tasks.Where(t => t.Priority >= from);
        if (PriorityTo is { } to) tasks = tasks.Where(t => t.Priority <= to);
        if (Overdue) tasks = tasks.Where(t => t.DueAt < now);
        Expression<Func<WorkTask, bool>> held = t => t.HolderId != null && t.HeldUntil > now;
        Expression<Func<WorkTask, bool>> free = t => t.HolderId == null || t.HeldUntil <= now;
        if (Hold is { } hold) tasks = tasks.Where(hold == TaskHold.Held ? held : free);
        return Owner switch
        {
            TaskOwner.Somebody => tasks.Where(t => t.AssignedTo != null || t.SentBackTo != null),
            TaskOwner.Anybody => tasks.Where(t => t.AssignedTo == null && t.SentBackTo == null),
            _ => tasks,
        };
    }
}

/// <summary>Whether somebody has a task in hand.</summary>
public enum TaskHold
{
    /// <summary>Held or reserved now.</summary>
    Held,

    /// <summary>Free to be taken.</summary>
    Free,
}

/// <summary>Whose a task is.</summary>
public enum TaskOwner
{
    /// <summary>Assigned, or sent back to its labeler.</summary>
    Somebody,

    /// <summary>Whoever is next.</summary>
    Anybody,
}
