namespace Hybrid.StorageAgent.Policy;

/// <summary>How many URLs each person had in the current minute and hour. Bounded: with too many people at once it refuses, never forgets.</summary>
public sealed class PersonCeilings(TimeProvider clock, int perMinute, int perHour, int maxPeople = 100_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Minute, int InMinute, long Hour, int InHour)> counts = new(StringComparer.Ordinal);

    /// <summary>Takes room for some URLs; false when a ceiling would be passed.</summary>
    public bool TryTake(string person, int urls)
    {
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        var (minute, hour) = (seconds / 60, seconds / 3600);
        lock (gate)
        {
            if (!counts.TryGetValue(person, out var c) && counts.Count >= maxPeople)
            {
                foreach (var (old, _) in counts.Where(p => p.Value.Hour != hour).ToList()) counts.Remove(old);
                if (counts.Count >= maxPeople) return false;
            }

            var inMinute = (c.Minute == minute ? c.InMinute : 0) + urls;
            var inHour = (c.Hour == hour ? c.InHour : 0) + urls;
            if (inMinute > perMinute || inHour > perHour) return false;
            counts[person] = (minute, inMinute, hour, inHour);
            return true;
        }
    }
}
