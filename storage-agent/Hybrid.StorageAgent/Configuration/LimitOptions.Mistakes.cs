using System.Net;
using Hybrid.StorageAgent.Policy;

namespace Hybrid.StorageAgent.Configuration;

/// <content>Mistakes, each with its mend.</content>
public sealed partial class LimitOptions
{
    internal IEnumerable<string> Mistakes() =>
    [
        .. CeilingMistakes(("burst", "perPersonBurst", PerPersonBurst), ("minute", "perPersonPerMinute", PerPersonPerMinute), ("hour", "perPersonPerHour", PerPersonPerHour), ("day", "perPersonPerDay", PerPersonPerDay)),
        .. CeilingMistakes(("burst", "perProjectBurst", PerProjectBurst), ("minute", "perProjectPerMinute", PerProjectPerMinute), ("hour", "perProjectPerHour", PerProjectPerHour), ("day", "perProjectPerDay", PerProjectPerDay)),
        .. MaxUrlSeconds is < 10 or > 3600 ? [$"limits.maxUrlSeconds is {MaxUrlSeconds}; give 10 to 3600."] : Array.Empty<string>(),
        .. ClientRanges.Where(r => !IPNetwork.TryParse(r, out _)).Select(r => $"limits.clientRanges: {r} is no address range, e.g. \"10.0.0.0/8\"."),
        .. Origins.Where(o => !AgentOptions.IsOriginText(o)).Select(o => $"limits.origins: {o} is no origin; give scheme, host and port only, without a slash at the end, e.g. \"https://hybrid.example\"."),
        .. PeopleMistakes(),
        .. HoursMistakes(),
    ];

    private static IEnumerable<string> CeilingMistakes(params (string Window, string Name, int? Most)[] ceilings)
    {
        (string Window, int Most)? shorter = null;
        foreach (var (window, name, most) in ceilings)
        {
            if (most is not { } given) continue;
            if (given < 1) yield return $"limits.{name} is {given}: give at least 1.";
            else if (shorter is { } s && given < s.Most) yield return $"limits.{name} is below the {s.Window}'s ceiling: raise it.";
            shorter = (window, given);
        }
    }

    private IEnumerable<string> PeopleMistakes()
    {
        foreach (var (list, name) in new[] { (People.Allow, "allow"), (People.Deny, "deny") })
        {
            foreach (var person in list.Where(p => p.Length is 0 or > 128 || p.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
                yield return $"limits.people.{name}: \"{person}\" is no pseudonym; copy it from the access log (hybrid-agent log search).";
        }

        foreach (var both in People.Allow.Intersect(People.Deny, StringComparer.Ordinal)) yield return $"limits.people: {both} is allowed and denied; denied counts. Remove one.";
    }

    private IEnumerable<string> HoursMistakes()
    {
        if (Hours.Open.Count == 0)
        {
            if (Hours.TimeZone is not null) yield return "limits.hours.timeZone is given without limits.hours.open: give the openings, or remove it (then the agent serves always).";
            yield break;
        }

        if (Hours.TimeZone is null) yield return "limits.hours.timeZone is missing: give an IANA time zone, e.g. \"Europe/Berlin\".";
        else if (!OpeningHours.TryFindZone(Hours.TimeZone, out _)) yield return $"limits.hours.timeZone is {Hours.TimeZone}; give an IANA time zone, e.g. \"Europe/Berlin\" (this machine needs the package tzdata).";
        foreach (var opening in Hours.Open)
        {
            foreach (var day in opening.Days.Where(d => !OpeningHours.TryReadDay(d, out _))) yield return $"limits.hours.open: {day} is no day; give monday to sunday.";
            if (OpeningHours.TryReadMinute(opening.From) is not (>= 0 and < OpeningHours.Midnight)) yield return $"limits.hours.open: from is {opening.From}; give a time from 00:00 to 23:59.";
            if (OpeningHours.TryReadMinute(opening.To) is null) yield return $"limits.hours.open: to is {opening.To}; give a time from 00:00 to 24:00.";
            else if (opening.From == opening.To) yield return $"limits.hours.open: from and to are both {opening.From}; for a whole day give 00:00 and 24:00.";
        }
    }
}
