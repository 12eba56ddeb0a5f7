using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Features.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.QueueJobs;

/// <summary>
/// One part of a job, in the caller's transaction: 1. its tasks; 2. who may get them, asked once for all of them; 3. each is changed as the
/// single act would change it, remembered as it was, and written to the log.
/// </summary>
internal sealed class QueueJobPart(ControlPlaneDb db, StepPassage passage, AuditTrail audit, TimeProvider clock)
{
    private const int Size = 500;
    private readonly List<Candidate> candidates = [];
    private HashSet<(Guid Asset, Guid Person, Guid Step)> worked = [];
    private HashSet<(Guid Step, int Version)> named = [];
    private HashSet<(Guid Step, int Version, Guid Person)> members = [];
    private List<WorkTask> siblings = [];
    private bool separation;

    /// <summary>Works one part off; the job is done when none of its tasks is left.</summary>
    public async Task WorkAsync(QueueJob job, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // 1
        var ids = await IdsAsync(job, ct);
        if (ids.Count == 0)
        {
            job.Advance(null, 0, 0, 0, now);
            audit.RecordAs(ActorKind.System, null, AuditActs.QueueJobFinished, job.ProjectId, [job.Id], new { act = job.Act.ToString(), total = job.Total, changed = job.Changed, unchanged = job.Unchanged, refused = job.Refused });
            return;
        }

        // Locked first: claims pass over them meanwhile, so that none of a part's rows changes under it. What no longer matches by then is left alone.
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"select 1 from tasks where id = any({ids.ToArray()}) order by id for update", ct);
        var tasks = await Matching(job).Where(t => ids.Contains(t.Id)).OrderBy(t => t.Id).ToListAsync(ct);

        // 2
        var argument = QueueJobText.ArgumentOf(job);
        if (job.Act == QueueAct.Assign) await GatherAsync(job, argument, tasks, now, ct);
        var before = job.Act == QueueAct.Undo ? await ChangesAsync(argument.JobId!.Value, tasks, ct) : [];

        // 3
        var counts = new int[3];
        foreach (var task in tasks) counts[(int)await ApplyAsync(job, argument, task, before, now, ct)]++;
        job.Advance(ids[^1], counts[(int)Outcome.Changed], counts[(int)Outcome.Unchanged], counts[(int)Outcome.Refused], now);
    }

    private Task<List<Guid>> IdsAsync(QueueJob job, CancellationToken ct) =>
        Matching(job).Where(t => job.Cursor == null || t.Id > job.Cursor).OrderBy(t => t.Id).Take(Size).Select(t => t.Id).ToListAsync(ct);

    private IQueryable<WorkTask> Matching(QueueJob job)
    {
        if (job.Act != QueueAct.Undo) return QueueJobText.Matching(db, job.ProjectId, job.Act, QueueJobText.FilterOf(job), clock.GetUtcNow()).Where(t => t.ArrivedAt <= job.Until);
        var undone = QueueJobText.ArgumentOf(job).JobId!.Value;
        return db.Tasks.Where(t => t.ProjectId == job.ProjectId && db.QueueJobChanges.Any(c => c.JobId == undone && c.TaskId == t.Id));
    }

    private Task<Dictionary<Guid, QueueJobChange>> ChangesAsync(Guid job, List<WorkTask> tasks, CancellationToken ct)
    {
        var ids = tasks.ConvertAll(t => t.Id);
        return db.QueueJobChanges.AsNoTracking().Where(c => c.JobId == job && ids.Contains(c.TaskId)).ToDictionaryAsync(c => c.TaskId, ct);
    }

    private async Task GatherAsync(QueueJob job, QueueArgument argument, List<WorkTask> tasks, DateTimeOffset now, CancellationToken ct)
    {
        var people = argument.PersonId is { } one ? [one] : await db.TeamMembers.Where(m => m.TeamId == argument.TeamId).Select(m => m.PersonId).ToListAsync(ct);
        var roles = (await Places.At(db, now).Where(p => p.ProjectId == job.ProjectId && people.Contains(p.PersonId)).ToListAsync(ct)).GroupBy(p => p.PersonId).ToDictionary(g => g.Key, g => (ProjectRole)g.Max(p => p.Role));
        // Dealt out evenly over the whole job, whatever its parts.
        var given = await db.QueueJobChanges.Where(c => c.JobId == job.Id && c.NewAssignedTo != null).GroupBy(c => c.NewAssignedTo!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        candidates.AddRange(roles.OrderBy(r => r.Key).Select(r => new Candidate(r.Key, r.Value) { Given = given.GetValueOrDefault(r.Key) }));
        var assets = tasks.Select(t => t.AssetId).Distinct().ToList();
        var steps = tasks.Select(t => t.StepId).Distinct().ToList();
        separation = await db.Projects.Where(p => p.Id == job.ProjectId).Select(p => p.StepSeparation).SingleAsync(ct);
        worked = [.. (await db.StepWork.AsNoTracking().Where(w => assets.Contains(w.AssetId) && people.Contains(w.PersonId)).ToListAsync(ct)).Select(w => (w.AssetId, w.PersonId, w.StepId))];
        siblings = await db.Tasks.Where(t => assets.Contains(t.AssetId) && t.Purpose == TaskPurpose.Consensus && t.State == TaskState.Open).ToListAsync(ct);
        named = [.. (await db.WorkflowSteps.AsNoTracking().Where(s => steps.Contains(s.Id) && s.IsNamed).ToListAsync(ct)).Select(s => (s.Id, s.WorkflowVersion))];
        members = [.. (await db.WorkflowStepMembers.AsNoTracking().Where(m => steps.Contains(m.StepId)).ToListAsync(ct)).Select(m => (m.StepId, m.WorkflowVersion, m.PersonId))];
    }

    private async Task<Outcome> ApplyAsync(QueueJob job, QueueArgument argument, WorkTask task, Dictionary<Guid, QueueJobChange> before, DateTimeOffset now, CancellationToken ct)
    {
        var change = QueueJobChange.Before(job, task);
        switch (job.Act)
        {
            case QueueAct.Assign:
                // Whoever of them has it in hand keeps it; else it goes to the one who got fewest so far.
                var fit = candidates.Where(c => MayWork(c, task)).ToList();
                var chosen = fit.Find(c => c.Person == task.HolderId && task.HeldUntil > now) ?? fit.MinBy(c => c.Given);
                if (chosen is null) return Outcome.Refused;
                if (fit.Find(c => c.Person == task.AssignedTo) is { } has)
                {
                    has.Given++;
                    return Outcome.Unchanged;
                }

                task.AssignTo(chosen.Person);
                chosen.Given++;
                return Keep(job, task, change, AuditActs.TaskAssigned, [task.Id, task.AssetId, chosen.Person]);
            case QueueAct.Unassign:
                if (task.AssignedTo is null && task.SentBackTo is null) return Outcome.Unchanged;
                task.Unassign();
                return Keep(job, task, change, AuditActs.TaskUnassigned, [task.Id, task.AssetId]);
            case QueueAct.Prioritize:
                if (task.Priority == argument.Priority) return Outcome.Unchanged;
                task.Prioritize(argument.Priority!.Value);
                return Keep(job, task, change, AuditActs.TaskPriorityChanged, [task.Id, task.AssetId]);
            case QueueAct.Due:
                if (task.DueAt == argument.DueAt) return Outcome.Unchanged;
                task.Want(argument.DueAt);
                return Keep(job, task, change, AuditActs.TaskDueChanged, [task.Id, task.AssetId]);
            case QueueAct.Release:
                if (task.HolderId is not { } holder) return Outcome.Unchanged;
                task.Release();
                return Say(job, AuditActs.TaskForceReleased, [task.Id, task.AssetId, holder]);
            case QueueAct.Reopen:
                var opened = await passage.ReopenAsync(task, now, ct);
                return Say(job, AuditActs.AssetReopened, [task.AssetId, opened.Id]);
            default:
                return await RestoreAsync(job, task, before[task.Id], now, ct);
        }
    }

    // What somebody changed since, or finished, is theirs; and whoever had a task gets it back only where they could be given it now.
    private async Task<Outcome> RestoreAsync(QueueJob job, WorkTask task, QueueJobChange was, DateTimeOffset now, CancellationToken ct)
    {
        if (task.State != TaskState.Open) return Outcome.Refused;
        var undone = db.QueueJobs.Local.First(j => j.Id == was.JobId);
        var argument = QueueJobText.ArgumentOf(undone);
        switch (undone.Act)
        {
            case QueueAct.Assign or QueueAct.Unassign:
                if (task.AssignedTo != was.NewAssignedTo || task.SentBackTo is not null) return Outcome.Refused;
                if ((was.AssignedTo ?? was.SentBackTo) is { } had && await StepPeople.RefuseAsync(db, task, had, now, ct) is not null) return Outcome.Refused;
                task.Restore(was.AssignedTo, was.SentBackTo);
                return Say(job, was.AssignedTo is null ? AuditActs.TaskUnassigned : AuditActs.TaskAssigned, was.AssignedTo is { } person ? [task.Id, task.AssetId, person] : [task.Id, task.AssetId]);
            case QueueAct.Prioritize:
                if (task.Priority != argument.Priority) return Outcome.Refused;
                task.Prioritize(was.Priority);
                return Say(job, AuditActs.TaskPriorityChanged, [task.Id, task.AssetId]);
            default:
                if (task.DueAt != argument.DueAt) return Outcome.Refused;
                task.Want(was.DueAt);
                return Say(job, AuditActs.TaskDueChanged, [task.Id, task.AssetId]);
        }
    }

    private bool MayWork(Candidate who, WorkTask task) =>
        AccessTable.Allows(who.Role, task.StepKind == StepKind.Review ? Acts.TaskReview : Acts.TaskWork)
        && (!named.Contains((task.StepId, task.WorkflowVersion)) || members.Contains((task.StepId, task.WorkflowVersion, who.Person)))
        && !(separation && worked.Any(w => w.Asset == task.AssetId && w.Person == who.Person && w.Step != task.StepId))
        && !(task.Purpose == TaskPurpose.Consensus && AnswersAlready(who, task));

    // Nobody answers twice for one asset.
    private bool AnswersAlready(Candidate who, WorkTask task) =>
        worked.Any(w => w.Asset == task.AssetId && w.Person == who.Person)
        || siblings.Exists(o => o.AssetId == task.AssetId && o.Id != task.Id && (o.HolderId == who.Person || o.AssignedTo == who.Person));

    private Outcome Keep(QueueJob job, WorkTask task, QueueJobChange change, string act, IEnumerable<Guid> subjects)
    {
        db.QueueJobChanges.Add(change.After(task));
        return Say(job, act, subjects);
    }

    private Outcome Say(QueueJob job, string act, IEnumerable<Guid> subjects)
    {
        audit.RecordAs(ActorKind.User, job.CreatedBy, act, job.ProjectId, subjects, new { job = job.Id });
        return Outcome.Changed;
    }

    private enum Outcome
    {
        Changed,
        Unchanged,
        Refused,
    }

    private sealed record Candidate(Guid Person, ProjectRole Role)
    {
        public int Given { get; set; }
    }
}
