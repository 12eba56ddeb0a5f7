namespace Hybrid.ControlPlane.Domain.Organizations;

/// <summary>What a job does with its lines.</summary>
public enum PeopleJobKind
{
    /// <summary>Adds people, their roles and their teams.</summary>
    Add = 0,

    /// <summary>Takes people out of projects.</summary>
    Remove = 1,
}

/// <summary>Where a job stands.</summary>
public enum PeopleJobState
{
    /// <summary>Waits or runs.</summary>
    Running = 0,

    /// <summary>All lines have their verdict.</summary>
    Done = 1,
}

/// <summary>Many people at once: worked off its row in parts, so that a restart goes on where it was.</summary>
public sealed class PeopleJob : IBelongsToOrganization, IVersioned
{
    private PeopleJob() => Verdicts = "[]";

    /// <summary>Identifier (UUIDv7).</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <summary>What it does.</summary>
    public PeopleJobKind Kind { get; private set; }

    /// <summary>Where it stands.</summary>
    public PeopleJobState State { get; private set; }

    /// <summary>The lines as a JSON array; null once all are worked, since they hold names and addresses.</summary>
    public string? Lines { get; private set; }

    /// <summary>How many lines.</summary>
    public int Total { get; private set; }

    /// <summary>How many have their verdict.</summary>
    public int Worked { get; private set; }

    /// <summary>How many changed something.</summary>
    public int Changed { get; private set; }

    /// <summary>How many found everything as it should be.</summary>
    public int Unchanged { get; private set; }

    /// <summary>How many were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Numbers and codes of the refused lines, a JSON array; no names, no addresses.</summary>
    public string Verdicts { get; private set; }

    /// <summary>Who started it, and by whose rights it works.</summary>
    public Guid CreatedBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Starts a job.</summary>
    public static PeopleJob Create(Guid organizationId, PeopleJobKind kind, string lines, int total, Guid by, DateTimeOffset now, Guid? id = null) =>
        new() { Id = id ?? Guid.CreateVersion7(now), OrganizationId = organizationId, Kind = kind, Lines = lines, Total = total, CreatedBy = by, CreatedAt = now };

    /// <summary>Some more lines have their verdict.</summary>
    public void Advance(int changed, int unchanged, int refused, string verdicts, DateTimeOffset now)
    {
        (Changed, Unchanged, Refused, Worked) = (Changed + changed, Unchanged + unchanged, Refused + refused, Worked + changed + unchanged + refused);
        Verdicts = verdicts;
        if (Worked >= Total) (State, Lines, FinishedAt) = (PeopleJobState.Done, null, now);
    }
}
