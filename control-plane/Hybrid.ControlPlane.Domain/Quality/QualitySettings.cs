namespace Hybrid.ControlPlane.Domain.Quality;

/// <summary>What a project measures, and when it acts on what it measured (workflow-and-quality.md § Quality measures, With teeth).</summary>
public sealed class QualitySettings : IBelongsToProject, IVersioned
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>Rules in force.</summary>
    public QualityRules Rules
    {
        get => new(HoneypotShare, HoneypotSpacing, HoneypotMostGiven, PauseThreshold, ScoreWindow, Minimum, DriftReference, DriftSlack, DriftLimit, ConsensusBlocksDone);
        private set => (HoneypotShare, HoneypotSpacing, HoneypotMostGiven, PauseThreshold, ScoreWindow, Minimum, DriftReference, DriftSlack, DriftLimit, ConsensusBlocksDone) =
            (value.HoneypotShare, value.HoneypotSpacing, value.HoneypotMostGiven, value.PauseThreshold, value.Window, value.Minimum, value.DriftReference, value.DriftSlack, value.DriftLimit, value.ConsensusBlocksDone);
    }

#pragma warning disable CS1591 // As the rules say.
    public double HoneypotShare { get; private set; }

    public int HoneypotSpacing { get; private set; }

    public int? HoneypotMostGiven { get; private set; }

    public double? PauseThreshold { get; private set; }

    public int ScoreWindow { get; private set; }

    public int Minimum { get; private set; }

    public double? DriftReference { get; private set; }

    public double DriftSlack { get; private set; }

    public double DriftLimit { get; private set; }

    public bool ConsensusBlocksDone { get; private set; }
#pragma warning restore CS1591

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Settings of a project.</summary>
    public static QualitySettings Create(Guid organizationId, Guid projectId, QualityRules rules) => new() { OrganizationId = organizationId, ProjectId = projectId, Rules = rules, Version = 1 };

    /// <summary>Puts other rules in force.</summary>
    public void Change(QualityRules rules) => Rules = rules;
}

/// <summary>Rules of a project's quality.</summary>
/// <param name="HoneypotShare">Chance that a person's next task is a honeypot, once the spacing is over, 0 to 0.5; 0 = there are none.</param>
/// <param name="HoneypotSpacing">Least number of other tasks between two honeypots of one person.</param>
/// <param name="HoneypotMostGiven">After so many people a honeypot is known, and retires; null = never by itself.</param>
/// <param name="PauseThreshold">A person loses the right to claim when the upper end of the 95 % interval of their last scores lies under it; null = nobody does.</param>
/// <param name="Window">N: how many of a person's last honeypot scores count.</param>
/// <param name="Minimum">Least n that anything acts on; at least 2.</param>
/// <param name="DriftReference">The honeypot score that is expected, for the drift alert; null = there is none.</param>
/// <param name="DriftSlack">k of the cumulative sum: smaller drops are borne.</param>
/// <param name="DriftLimit">h: from which sum on there is an alert.</param>
/// <param name="ConsensusBlocksDone">An asset under the consensus threshold that no step reviews is not done.</param>
public sealed record QualityRules(
    double HoneypotShare, int HoneypotSpacing, int? HoneypotMostGiven, double? PauseThreshold, int Window, int Minimum, double? DriftReference, double DriftSlack, double DriftLimit, bool ConsensusBlocksDone)
{
    /// <summary>Nothing is mixed in, nobody is paused; figures need ten observations.</summary>
    public static readonly QualityRules Default = new(0, 10, 50, null, 50, 10, null, 0.05, 0.5, false);
}

/// <summary>How one person stands in one project: what was counted of them, whether they may claim, whether their scores drift.</summary>
public sealed class LabelerStanding : IBelongsToProject, IVersioned
{
    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Labels that they submitted while honeypots were on, honeypots excluded.</summary>
    public int Answered { get; private set; }

    /// <summary>Of them since the last honeypot that was made ready.</summary>
    public int SinceHoneypot { get; private set; }

    /// <summary>Since when they may not claim.</summary>
    public DateTimeOffset? PausedAt { get; private set; }

    /// <summary>n of the figures that paused them.</summary>
    public int? PauseN { get; private set; }

    /// <summary>Their mean score then.</summary>
    public double? PauseScore { get; private set; }

    /// <summary>Upper end of its interval, which lay under the threshold.</summary>
    public double? PauseUpper { get; private set; }

    /// <summary>The threshold in force.</summary>
    public double? PauseThreshold { get; private set; }

    /// <summary>Since when scores count for a pause: a manager lifted the last one then.</summary>
    public DateTimeOffset? LiftedAt { get; private set; }

    /// <summary>Who lifted it.</summary>
    public Guid? LiftedBy { get; private set; }

    /// <summary>Since when their scores drift downwards, until somebody took note.</summary>
    public DateTimeOffset? DriftingAt { get; private set; }

    /// <summary>The cumulative sum then.</summary>
    public double? DriftSum { get; private set; }

    /// <summary>n of it.</summary>
    public int? DriftN { get; private set; }

    /// <summary>Since when scores count for the sum: somebody took note of the last alert then.</summary>
    public DateTimeOffset? DriftNotedAt { get; private set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Begins to count.</summary>
    public static LabelerStanding Begin(Guid organizationId, Guid projectId, Guid personId) => new() { OrganizationId = organizationId, ProjectId = projectId, PersonId = personId };

    /// <summary>One label more.</summary>
    public void Count() => (Answered, SinceHoneypot) = (Answered + 1, SinceHoneypot + 1);

    /// <summary>A honeypot waits for them.</summary>
    public void Probe() => SinceHoneypot = 0;

    /// <summary>They may not claim any more.</summary>
    public void Pause(int n, double score, double upper, double threshold, DateTimeOffset now) => (PausedAt, PauseN, PauseScore, PauseUpper, PauseThreshold) = (now, n, score, upper, threshold);

    /// <summary>They may claim again; scores from now on count. False when they were not paused.</summary>
    public bool Lift(Guid by, DateTimeOffset now)
    {
        if (PausedAt is null) return false;
        (PausedAt, LiftedAt, LiftedBy) = (null, now, by);
        return true;
    }

    /// <summary>Their scores drift.</summary>
    public void Drift(int n, double sum, DateTimeOffset now) => (DriftingAt, DriftN, DriftSum) = (now, n, sum);

    /// <summary>Somebody took note; false when there is no alert.</summary>
    public bool NoteDrift(DateTimeOffset now)
    {
        if (DriftingAt is null) return false;
        (DriftingAt, DriftNotedAt) = (null, now);
        return true;
    }
}

/// <summary>What follows a submit, waiting to be done in the background: it is deleted in the transaction that did it, so that it is done once.</summary>
public sealed class QualityJob : IBelongsToProject
{
    /// <summary>Identifier (UUIDv7): the order.</summary>
    public Guid Id { get; private set; }

    /// <inheritdoc/>
    public Guid OrganizationId { get; private set; }

    /// <inheritdoc/>
    public Guid ProjectId { get; private set; }

    /// <summary>The task that was answered or skipped.</summary>
    public Guid TaskId { get; private set; }

    /// <summary>Who did.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>When it may be tried.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>How often it failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Something follows the task's result.</summary>
    public static QualityJob Of(Tasks.WorkTask task, Guid person, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = task.OrganizationId,
        ProjectId = task.ProjectId,
        TaskId = task.Id,
        PersonId = person,
        NotBefore = now,
    };
}
