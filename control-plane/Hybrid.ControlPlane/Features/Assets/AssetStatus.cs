using System.Linq.Expressions;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Features.Assets;

/// <summary>
/// Where an asset stands (workflow-and-quality.md § 8): derived from one of its tasks, never stored. That is the newest, or, where several people are
/// asked, one that is held, or else open. Honeypots say nothing of their asset.
/// </summary>
public enum AssetStatus
{
    /// <summary>Waits for its first labeler.</summary>
    ToDo,

    /// <summary>A labeler holds it.</summary>
    InProgress,

    /// <summary>Waits for a reviewer.</summary>
    Submitted,

    /// <summary>A reviewer holds it.</summary>
    InReview,

    /// <summary>Came back to the labeling step.</summary>
    SentBack,

    /// <summary>Went through every step.</summary>
    Done,

    /// <summary>Skipped with a reason.</summary>
    Skipped,
}

/// <summary>Derives the status.</summary>
internal static class AssetStatuses
{
    /// <summary>The task that tells where an asset stands.</summary>
    /// <param name="tasks">All of the asset.</param>
    /// <param name="now">When.</param>
    public static WorkTask? Telling(IEnumerable<WorkTask> tasks, DateTimeOffset now) =>
        tasks.Where(t => t.Purpose != TaskPurpose.Honeypot).OrderByDescending(t => t.State != TaskState.Open ? 0 : t is { HolderId: not null, Reserved: false } && t.HeldUntil > now ? 2 : 1)
            .ThenByDescending(t => t.Id.ToString(), StringComparer.Ordinal).FirstOrDefault();

    public static AssetStatus Of(WorkTask? newest, DateTimeOffset now)
    {
        if (newest is null) return AssetStatus.ToDo;
        if (newest.State == TaskState.Skipped) return AssetStatus.Skipped;
        if (newest.State == TaskState.Done) return AssetStatus.Done;
        if (newest.State == TaskState.Answered) return AssetStatus.Submitted;
        var held = newest is { HolderId: not null, Reserved: false } && newest.HeldUntil > now;
        return newest.StepKind == StepKind.Review
            ? held ? AssetStatus.InReview : AssetStatus.Submitted
            : held ? AssetStatus.InProgress : newest.Round > 1 ? AssetStatus.SentBack : AssetStatus.ToDo;
    }

    /// <summary>The same as a filter on the newest task.</summary>
    public static Expression<Func<WorkTask, bool>> Is(AssetStatus status, DateTimeOffset now) => status switch
    {
        AssetStatus.Skipped => t => t.State == TaskState.Skipped,
        AssetStatus.Done => t => t.State == TaskState.Done,
        AssetStatus.InReview => t => t.State == TaskState.Open && t.StepKind == StepKind.Review && t.HolderId != null && !t.Reserved && t.HeldUntil > now,
        AssetStatus.Submitted => t => t.State == TaskState.Answered || t.State == TaskState.Open && t.StepKind == StepKind.Review && (t.HolderId == null || t.Reserved || t.HeldUntil <= now),
        AssetStatus.InProgress => t => t.State == TaskState.Open && t.StepKind == StepKind.Labeling && t.HolderId != null && !t.Reserved && t.HeldUntil > now,
        AssetStatus.SentBack => t => t.State == TaskState.Open && t.StepKind == StepKind.Labeling && t.Round > 1 && (t.HolderId == null || t.Reserved || t.HeldUntil <= now),
        _ => t => t.State == TaskState.Open && t.StepKind == StepKind.Labeling && t.Round == 1 && (t.HolderId == null || t.Reserved || t.HeldUntil <= now),
    };
}
