namespace Hybrid.Cli.People;

/// <summary>What becomes of a line.</summary>
internal enum LineOutcome
{
    /// <summary>Something is added, changed or removed.</summary>
    Changes,

    /// <summary>Everything is as the line wants it already.</summary>
    Unchanged,

    /// <summary>The line cannot be done; the others are.</summary>
    Refused,
}

/// <summary>The verdict of a dry run.</summary>
internal sealed record CheckAnswer(int Changes, int Unchanged, int Refused, IReadOnlyList<CheckedLine> Lines);

/// <summary>A line as it was read, and what becomes of it.</summary>
internal sealed record CheckedLine(int Number, string Email, string Project, string Role, string Team, LineOutcome Outcome, IReadOnlyList<string> Codes);

/// <summary>A job, and its refused lines.</summary>
internal sealed record JobAnswer(Job Job, IReadOnlyList<RefusedLine> Refused);

/// <summary>A job over people.</summary>
internal sealed record Job(Guid Id, string State, int Total, int Worked, int Changed, int Unchanged, int Refused)
{
    /// <summary>True when every line has its verdict.</summary>
    public bool IsDone => State == "done";
}

/// <summary>A line that a job could not do.</summary>
internal sealed record RefusedLine(int Number, IReadOnlyList<string> Codes);
