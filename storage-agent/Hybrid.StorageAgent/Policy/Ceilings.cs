namespace Hybrid.StorageAgent.Policy;

/// <summary>
/// How many objects each person, and each project, opened. Bounded: with too many of them at once it refuses strangers, and forgets
/// nobody who is still being counted. It goes by time that no one can set, so a clock that jumps frees nothing.
/// </summary>
public sealed class Ceilings(TimeProvider clock, IReadOnlyList<Ceiling> ofPerson, IReadOnlyList<Ceiling> ofProject, int most = 50_000)
{
    /// <summary>The rule that refuses strangers when more people and projects are counted than memory is set aside for.</summary>
    public const string Full = "ceiling-memory";

    private readonly Lock gate = new();
    private readonly long start = clock.GetTimestamp();
    private readonly Dictionary<string, SlidingCount[]> people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SlidingCount[]> projects = new(StringComparer.Ordinal);
    private TimeSpan nextSweep;

    /// <summary>Whether these are the ceilings that are counted here.</summary>
    public bool Are(IReadOnlyList<Ceiling> person, IReadOnlyList<Ceiling> project) => ofPerson.SequenceEqual(person) && ofProject.SequenceEqual(project);

    /// <summary>Takes room for some objects; the name of the ceiling that would be passed, or null. Refused, nothing is counted.</summary>
    public string? TryTake(string person, string project, int objects)
    {
        if (objects == 0) return null;
        lock (gate)
        {
            var now = clock.GetElapsedTime(start);
            if (CountOf(people, person, ofPerson, now) is not { } own || CountOf(projects, project, ofProject, now) is not { } shared) return Full;
            if ((Over(own, ofPerson, now, objects) ?? Over(shared, ofProject, now, objects)) is { } over) return over;
            if (own.Length > 0) people[person] = own;
            if (shared.Length > 0) projects[project] = shared;
            Add(own, ofPerson, now, objects);
            Add(shared, ofProject, now, objects);
            return null;
        }
    }

    /// <summary>How full each ceiling is for the one who is nearest to it, 0–1.</summary>
    public IReadOnlyList<(string Ceiling, double Use)> Use()
    {
        lock (gate)
        {
            var now = clock.GetElapsedTime(start);
            return [.. Fullest(people, ofPerson, now), .. Fullest(projects, ofProject, now)];
        }
    }

    private static List<(string, double)> Fullest(Dictionary<string, SlidingCount[]> counts, IReadOnlyList<Ceiling> ceilings, TimeSpan now) =>
        ceilings.Select((c, i) => (c.Name, counts.Values.Select(k => k[i].At(c.Window, now)).DefaultIfEmpty().Max() / (double)c.Most)).ToList();

    private static string? Over(SlidingCount[] counts, IReadOnlyList<Ceiling> ceilings, TimeSpan now, int objects)
    {
        for (var i = 0; i < ceilings.Count; i++)
        {
            if (counts[i].At(ceilings[i].Window, now) > ceilings[i].Most - objects) return ceilings[i].Name;
        }

        return null;
    }

    private static void Add(SlidingCount[] counts, IReadOnlyList<Ceiling> ceilings, TimeSpan now, int objects)
    {
        for (var i = 0; i < ceilings.Count; i++) counts[i].Add(ceilings[i].Window, now, objects);
    }

    private SlidingCount[]? CountOf(Dictionary<string, SlidingCount[]> all, string key, IReadOnlyList<Ceiling> ceilings, TimeSpan now)
    {
        if (ceilings.Count == 0) return [];
        if (all.TryGetValue(key, out var found)) return found;
        if (all.Count >= most) Sweep(now);
        return all.Count >= most ? null : new SlidingCount[ceilings.Count];
    }

    // Looking through all of them is not for each stranger's request.
    private void Sweep(TimeSpan now)
    {
        if (now < nextSweep) return;
        nextSweep = now + TimeSpan.FromSeconds(1);
        foreach (var (counts, ceilings) in new[] { (people, ofPerson), (projects, ofProject) })
        {
            foreach (var (key, count) in counts)
            {
                if (Enumerable.Range(0, count.Length).All(i => count[i].At(ceilings[i].Window, now) == 0)) counts.Remove(key);
            }
        }
    }
}
