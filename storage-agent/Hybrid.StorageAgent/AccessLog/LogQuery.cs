namespace Hybrid.StorageAgent.AccessLog;

/// <summary>Which lines are looked for; what is null admits all.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Project">Project id.</param>
/// <param name="Connection">Connection's name.</param>
/// <param name="KeyPrefix">How the object's key begins.</param>
/// <param name="Allowed">Only the allowed, or only the refused.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="From">At or after.</param>
/// <param name="To">Before.</param>
internal sealed record LogQuery(
    string? Person = null, string? Project = null, string? Connection = null, string? KeyPrefix = null, bool? Allowed = null, string? Rule = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>Whether every line is looked for.</summary>
    public bool IsEverything => this == new LogQuery();

    public bool Matches(AccessRecord record) =>
        Is(Person, record.Person) && Is(Project, record.Project) && Is(Connection, record.Connection) && Is(Rule, record.Rule)
        && (KeyPrefix is null || record.Key?.StartsWith(KeyPrefix, StringComparison.Ordinal) == true)
        && (Allowed is null || Allowed == record.Allowed) && (From is null || record.At >= From) && (To is null || record.At < To);

    /// <summary>The log's lines that match, oldest first, in steady memory; what is no record is passed over (verify finds it).</summary>
    public IEnumerable<(JournalLine Line, AccessRecord Record)> Find(string folder)
    {
        foreach (var line in JournalFiles.All(folder).SelectMany(JournalFiles.Lines).Where(l => l.IsWhole))
        {
            if (line.TryRead() is { } record && Matches(record)) yield return (line, record);
        }
    }

    private static bool Is(string? wanted, string? found) => wanted is null || wanted == found;
}
