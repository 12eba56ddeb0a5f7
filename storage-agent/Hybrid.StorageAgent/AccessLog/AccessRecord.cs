using System.Text.Json.Serialization;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>One line of the customer's own record: who, what, when, by which grant, which rule decided. Never a URL, never a secret.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Person">Pseudonym.</param>
/// <param name="Project">Project id.</param>
/// <param name="Task">Task id.</param>
/// <param name="Connection">Connection's name.</param>
/// <param name="Key">Object key.</param>
/// <param name="Version">Object version.</param>
/// <param name="Grant">The grant's jti.</param>
/// <param name="Act">Act of the grant.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Allowed">Whether a URL was given.</param>
/// <param name="Previous">SHA-256 of the line before, hex; chains the lines.</param>
/// <param name="Client">Address that the browser's request came from; absent by the relay.</param>
/// <param name="Removed">What retention is about to remove; only with rule <see cref="Retention"/>.</param>
public sealed record AccessRecord(
    DateTimeOffset At, string? Person, string? Project, string? Task, string? Connection, string? Key, string? Version,
    string? Grant, string? Act, string Rule, bool Allowed, string Previous,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Client = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RemovedLines? Removed = null)
{
    /// <summary>The rule of a line that says what retention removed.</summary>
    public const string Retention = "log-retention";
}

/// <summary>A whole file that was removed because the operator's <c>accessLog.keepDays</c> had passed. The line bridges the chain across the gap.</summary>
/// <param name="File">The file.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Hash">SHA-256 of its last line, hex: what the first line of the next file has as its previous.</param>
public sealed record RemovedLines(string File, long Lines, string Hash);
