using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Assets by status; each asset counts once, by its newest task.</summary>
public sealed record Progress(int ToDo, int InProgress, int Submitted, int InReview, int SentBack, int Done, int Skipped, int Total)
{
    /// <summary>
    /// As those may see it who label or review where consensus or honeypots are on: what is not done yet is rounded up. A number that does not move
    /// after a submit would tell that the task was not like others.
    /// </summary>
    internal Progress Coarse()
    {
        var left = Total;
        int Up(int count)
        {
            var up = Math.Min(left, Coarseness.Up(count));
            left -= up;
            return up;
        }

        return new Progress(Up(ToDo), Up(InProgress), Up(Submitted), Up(InReview), Up(SentBack), left - Math.Min(left, Skipped), Math.Min(left, Skipped), Total);
    }
}

/// <summary>Tasks of one step.</summary>
public sealed record StepProgress(Guid Id, StepKind Kind, string Name, int ToDo, int Doing, int Done)
{
    /// <summary>As <see cref="Progress.Coarse"/>.</summary>
    internal StepProgress Coarse() => this with { ToDo = Coarseness.Up(ToDo), Doing = Coarseness.Up(Doing), Done = Coarseness.Up(Done) };
}

/// <summary>How far numbers are rounded that would tell which tasks are not like others.</summary>
internal static class Coarseness
{
    private const int Grain = 25;

    public static int Up(int count) => (count + Grain - 1) / Grain * Grain;
}

/// <summary>Derives progress from tasks: never stored beside them as a second truth.</summary>
internal sealed class ProjectProgress(ControlPlaneDb db, TimeProvider clock)
{
    /// <summary>Progress of these projects.</summary>
    public async Task<IReadOnlyDictionary<Guid, Progress>> OfAsync(IReadOnlyCollection<Guid> projects, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Open tasks tell where an asset stands; an asset without one is done or skipped.
        var open = await db.Tasks.AsNoTracking().Where(t => projects.Contains(t.ProjectId) && t.State == TaskState.Open && t.Purpose == TaskPurpose.Ordinary)
            .GroupBy(t => new { t.ProjectId, t.StepKind, Held = t.HolderId != null && t.HeldUntil > now && !t.Reserved, Back = t.Round > 1 })
            .Select(g => new { g.Key.ProjectId, g.Key.StepKind, g.Key.Held, g.Key.Back, Count = g.Count() }).ToListAsync(ct);
        var skipped = await db.Tasks.AsNoTracking().Where(t => projects.Contains(t.ProjectId) && t.State == TaskState.Skipped && t.Purpose == TaskPurpose.Ordinary)
            .GroupBy(t => t.ProjectId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        // Several people are asked for these: each still counts once.
        var shared = await db.Tasks.AsNoTracking().Where(t => projects.Contains(t.ProjectId) && t.Purpose == TaskPurpose.Consensus && (t.State == TaskState.Open || t.State == TaskState.Answered))
            .GroupBy(t => new { t.ProjectId, t.AssetId })
            .Select(g => new { g.Key.ProjectId, Open = g.Max(t => t.State == TaskState.Open ? 1 : 0), Held = g.Max(t => t.State == TaskState.Open && t.HolderId != null && t.HeldUntil > now && !t.Reserved ? 1 : 0) })
            .GroupBy(a => new { a.ProjectId, a.Open, a.Held }).Select(g => new { g.Key.ProjectId, g.Key.Open, g.Key.Held, Count = g.Count() }).ToListAsync(ct);
        var given = await db.ConsensusRounds.AsNoTracking().Where(c => projects.Contains(c.ProjectId) && c.State == ConsensusState.Skipped && !db.Tasks.Any(t => t.AssetId == c.AssetId && t.Round > c.Round))
            .GroupBy(c => c.ProjectId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var totals = await db.Assets.AsNoTracking().Where(a => projects.Contains(a.ProjectId))
            .GroupBy(a => a.ProjectId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return projects.ToDictionary(p => p, p =>
        {
            int Count(StepKind kind, bool held, bool? back = null) =>
                open.Where(o => o.ProjectId == p && o.StepKind == kind && o.Held == held && (back is null || o.Back == back)).Sum(o => o.Count);
            var total = totals.GetValueOrDefault(p);
            int Shared(int open, int held) => shared.Where(s => s.ProjectId == p && s.Open == open && s.Held == held).Sum(s => s.Count);
            var (todo, back) = (Count(StepKind.Labeling, false, false) + Shared(1, 0), Count(StepKind.Labeling, false, true));
            var (doing, submitted, review) = (Count(StepKind.Labeling, true) + Shared(1, 1), Count(StepKind.Review, false) + Shared(0, 0), Count(StepKind.Review, true));
            var skips = skipped.GetValueOrDefault(p) + given.GetValueOrDefault(p);
            return new Progress(todo, doing, submitted, review, back, total - todo - back - doing - submitted - review - skips, skips, total);
        });
    }

    /// <summary>Progress of one project by step, in order.</summary>
    public async Task<IReadOnlyList<StepProgress>> StepsOfAsync(Project project, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var counts = await db.Tasks.AsNoTracking().Where(t => t.ProjectId == project.Id && t.Purpose != TaskPurpose.Honeypot)
            .GroupBy(t => new { t.StepId, t.State, Held = t.HolderId != null && t.HeldUntil > now && !t.Reserved })
            .Select(g => new { g.Key.StepId, g.Key.State, g.Key.Held, Count = g.Count() }).ToListAsync(ct);
        var steps = await db.WorkflowSteps.AsNoTracking().Where(s => s.ProjectId == project.Id && s.WorkflowVersion == project.WorkflowVersion).OrderBy(s => s.Position).ToListAsync(ct);
        // A step that the version in force does not have is shown as long as assets wait at it.
        var left = counts.Where(c => c.State == TaskState.Open && steps.All(s => s.Id != c.StepId)).Select(c => c.StepId).Distinct().ToList();
        if (left.Count > 0)
        {
            var old = await db.WorkflowSteps.AsNoTracking().Where(s => s.ProjectId == project.Id && left.Contains(s.Id)).OrderByDescending(s => s.WorkflowVersion).ToListAsync(ct);
            steps.AddRange(old.DistinctBy(s => s.Id));
        }

        return
        [
            .. steps.Select(s => new StepProgress(
                s.Id, s.Kind, s.Name,
                counts.Where(c => c.StepId == s.Id && c.State == TaskState.Open && !c.Held).Sum(c => c.Count),
                counts.Where(c => c.StepId == s.Id && c.State == TaskState.Open && c.Held).Sum(c => c.Count),
                counts.Where(c => c.StepId == s.Id && (c.State is TaskState.Done or TaskState.Answered)).Sum(c => c.Count))),
        ];
    }
}
