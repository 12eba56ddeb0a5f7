namespace Hybrid.ControlPlane.Domain.Assets;

/// <summary>Where an import stands.</summary>
public enum ImportState
{
    /// <summary>Waits for its turn.</summary>
    Queued = 0,

    /// <summary>Takes pages of the agent's listing.</summary>
    Listing = 1,

    /// <summary>Every page was taken; picture sizes may still come in.</summary>
    Done = 2,

    /// <summary>Stopped by an error; can be started again.</summary>
    Failed = 3,

    /// <summary>Stopped by a person.</summary>
    Cancelled = 4,

    /// <summary>Stands still at a person's wish; goes on where it stood.</summary>
    Paused = 5,
}

/// <summary>An import of asset references by the agent's listing. The row is the job's state; a restart goes on from its cursor.</summary>
public sealed class ImportJob : IBelongsToProject, IVersioned
{
    private ImportJob() => (Prefix, Include, Exclude) = ("", "[]", "[]");

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The connection that is listed.</summary>
    public Guid ConnectionId { get; private set; }

    /// <summary>Only keys that begin so.</summary>
    public string Prefix { get; private set; }

    /// <summary>Globs, a JSON array; empty = everything.</summary>
    public string Include { get; private set; }

    /// <summary>Globs, a JSON array.</summary>
    public string Exclude { get; private set; }

    /// <summary>Where it stands.</summary>
    public ImportState State { get; private set; }

    /// <summary>The agent's cursor of the next page; null at the beginning.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Objects listed so far.</summary>
    public long Listed { get; private set; }

    /// <summary>References added.</summary>
    public long Added { get; private set; }

    /// <summary>Known and unchanged.</summary>
    public long Unchanged { get; private set; }

    /// <summary>Known, but the entity tag or size differs; reported, never overwritten.</summary>
    public long Changed { get; private set; }

    /// <summary>References below the prefix whose objects the listing no longer held; their labels stay. Known at the end, of listings without patterns.</summary>
    public long Vanished { get; private set; }

    /// <summary>Left out, because the media type can't be labeled here.</summary>
    public long Refused { get; private set; }

    /// <summary>Code of the error that stopped it.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>What to do about it.</summary>
    public string? ErrorDetail { get; private set; }

    /// <summary>Who started it.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>True while it takes pages, or may again.</summary>
    public bool IsActive => State is ImportState.Queued or ImportState.Listing or ImportState.Paused;

    /// <summary>True when its listing holds everything below the prefix, so that what it lacks is gone.</summary>
    public bool ListsAll => Include == "[]" && Exclude == "[]";

    /// <summary>Makes a job.</summary>
    public static ImportJob Create(
        Guid organizationId, Guid projectId, Guid connectionId, string prefix, string include, string exclude, Guid by, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            ProjectId = projectId,
            ConnectionId = connectionId,
            Prefix = prefix,
            Include = include,
            Exclude = exclude,
            CreatedBy = by,
            CreatedAt = now,
        };

    /// <summary>One page was taken.</summary>
    public void Advance(string? cursor, int listed, int added, int unchanged, int changed, int refused)
    {
        // A person may have paused it while this page was on its way.
        if (State == ImportState.Queued) State = ImportState.Listing;
        Cursor = cursor;
        Listed += listed;
        Added += added;
        Unchanged += unchanged;
        Changed += changed;
        Refused += refused;
    }

    /// <summary>Every page was taken.</summary>
    public void Finish(long vanished, DateTimeOffset now) => (State, Vanished, FinishedAt) = (ImportState.Done, vanished, now);

    /// <summary>Stands still; false when it does not run.</summary>
    public bool Pause()
    {
        if (State is not (ImportState.Queued or ImportState.Listing)) return false;
        State = ImportState.Paused;
        return true;
    }

    /// <summary>Goes on; false when it was not paused.</summary>
    public bool Resume()
    {
        if (State != ImportState.Paused) return false;
        State = Cursor is null && Listed == 0 ? ImportState.Queued : ImportState.Listing;
        return true;
    }

    /// <summary>Stops with an error.</summary>
    public void Fail(string code, string detail, DateTimeOffset now) =>
        (State, ErrorCode, ErrorDetail, FinishedAt) = (ImportState.Failed, code, detail, now);

    /// <summary>Stops at a person's wish; false when it had ended already.</summary>
    public bool Cancel(DateTimeOffset now)
    {
        if (!IsActive) return false;
        (State, FinishedAt) = (ImportState.Cancelled, now);
        return true;
    }
}
