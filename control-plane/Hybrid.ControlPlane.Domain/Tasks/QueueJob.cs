namespace Hybrid.ControlPlane.Domain.Tasks;

/// <summary>What a job does with every task that its filter matches.</summary>
public enum QueueAct
{
    /// <summary>Gives them to a person, or deals them out among a team.</summary>
    Assign = 0,

    /// <summary>Gives them back to the queue.</summary>
    Unassign = 1,

    /// <summary>Changes their place in the queue.</summary>
    Prioritize = 2,

    /// <summary>Says until when they are wanted.</summary>
    Due = 3,

    /// <summary>Takes them from whoever holds them.</summary>
    Release = 4,

    /// <summary>Opens finished assets again.</summary>
    Reopen = 5,

    /// <summary>Takes back what another job did, where nothing was changed since.</summary>
    Undo = 6,
}

/// <summary>Where a job stands.</summary>
public enum QueueJobState
{
    /// <summary>Waits or runs.</summary>
    Running = 0,

    /// <summary>Every task has its outcome.</summary>
    Done = 1,

    /// <summary>Stopped by a manager; what was done stays.</summary>
    Cancelled = 2,
}

/// <summary>One act on many tasks: worked off its row in parts, so that a restart goes on where it was.</summary>
public sealed class QueueJob : IBelongsToProject, IVersioned
{
    private QueueJob() => (Filter, Argument) = ("{}", "{}");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>What it does.</summary>
    public QueueAct Act { get; private set; }

    /// <summary>Which tasks, JSON.</summary>
    public string Filter { get; private set; }

    /// <summary>With what (person, team, priority, instant, or the job to undo), JSON.</summary>
    public string Argument { get; private set; }

    /// <summary>Where it stands.</summary>
    public QueueJobState State { get; private set; }

    /// <summary>How many tasks matched when it was started.</summary>
    public int Total { get; private set; }

    /// <summary>How many were changed.</summary>
    public int Changed { get; private set; }

    /// <summary>How many were so already.</summary>
    public int Unchanged { get; private set; }

    /// <summary>How many could not be changed.</summary>
    public int Refused { get; private set; }

    /// <summary>The last task that was worked; null before the first.</summary>
    public Guid? Cursor { get; private set; }

    /// <summary>Tasks that arrive later are not its own.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>The job that takes it back.</summary>
    public Guid? UndoneBy { get; private set; }

    /// <summary>Who started it, and by whose rights it works.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Whether it can be taken back: a lease that was taken away and a round that was begun cannot.</summary>
    public bool CanBeUndone => State != QueueJobState.Running && UndoneBy is null && Changed > 0 && Act is QueueAct.Assign or QueueAct.Unassign or QueueAct.Prioritize or QueueAct.Due;

    /// <summary>Starts a job.</summary>
    public static QueueJob Create(Guid organizationId, Guid projectId, QueueAct act, string filter, string argument, int total, Guid by, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), OrganizationId = organizationId, ProjectId = projectId, Act = act, Filter = filter, Argument = argument, Total = total, Until = now, CreatedBy = by, CreatedAt = now,
    };

    /// <summary>Some more tasks have their outcome.</summary>
    /// <param name="cursor">The last of them; null = there were none left.</param>
    /// <param name="changed">Of them.</param>
    /// <param name="unchanged">Of them.</param>
    /// <param name="refused">Of them.</param>
    /// <param name="now">When.</param>
    public void Advance(Guid? cursor, int changed, int unchanged, int refused, DateTimeOffset now)
    {
        (Changed, Unchanged, Refused) = (Changed + changed, Unchanged + unchanged, Refused + refused);
        if (cursor is null) (State, FinishedAt) = (QueueJobState.Done, now);
        else Cursor = cursor;
    }

    /// <summary>Stops it.</summary>
    public void Cancel(DateTimeOffset now) => (State, FinishedAt) = (QueueJobState.Cancelled, now);

    /// <summary>Another job takes it back.</summary>
    public void Undo(Guid by) => UndoneBy = by;
}

/// <summary>How a task was before a job changed it: what undoing it needs.</summary>
public sealed class QueueJobChange : IBelongsToProject
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The job.</summary>
    public Guid JobId { get; private set; }

    /// <summary>The task.</summary>
    public Guid TaskId { get; private set; }

    /// <summary>Whose it was.</summary>
    public Guid? AssignedTo { get; private set; }

    /// <summary>To whom it had been sent back.</summary>
    public Guid? SentBackTo { get; private set; }

    /// <summary>Its priority.</summary>
    public int Priority { get; private set; }

    /// <summary>Until when it was wanted.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Whose the job made it.</summary>
    public Guid? NewAssignedTo { get; private set; }

    /// <summary>Remembers a task; its new owner is said once it is known.</summary>
    public static QueueJobChange Before(QueueJob job, WorkTask task) => new()
    {
        OrganizationId = job.OrganizationId, ProjectId = job.ProjectId, JobId = job.Id, TaskId = task.Id,
        AssignedTo = task.AssignedTo, SentBackTo = task.SentBackTo, Priority = task.Priority, DueAt = task.DueAt,
    };

    /// <summary>The job has changed it.</summary>
    public QueueJobChange After(WorkTask task)
    {
        NewAssignedTo = task.AssignedTo;
        return this;
    }
}
