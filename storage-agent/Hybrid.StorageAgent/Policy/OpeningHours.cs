using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.Policy;

/// <summary>
/// When the agent serves, by the clock on the wall of a named time zone. An instant is turned into local time, never the other way, so
/// that an hour that the change of clocks repeats is open twice, and one that it skips is nobody's.
/// </summary>
internal sealed class OpeningHours
{
    /// <summary>24:00.</summary>
    public const int Midnight = 24 * 60;

    private readonly TimeZoneInfo zone;
    private readonly (HashSet<DayOfWeek> Days, int From, int To)[] openings;

    public OpeningHours(HoursOptions options)
    {
        zone = options.TimeZone is { } name && TryFindZone(name, out var found) ? found : TimeZoneInfo.Utc;
        openings = [.. options.Open.Select(o => (Days(o), TryReadMinute(o.From) ?? 0, TryReadMinute(o.To) ?? Midnight))];
    }

    /// <summary>Whether the agent serves at an instant.</summary>
    public bool IsOpenAt(DateTimeOffset at)
    {
        if (openings.Length == 0) return true;
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var (today, yesterday, minute) = (local.DayOfWeek, (DayOfWeek)(((int)local.DayOfWeek + 6) % 7), (local.Hour * 60) + local.Minute);
        return openings.Any(o => o.From < o.To
            ? o.Days.Contains(today) && minute >= o.From && minute < o.To
            : (o.Days.Contains(today) && minute >= o.From) || (o.Days.Contains(yesterday) && minute < o.To));
    }

    public static bool TryFindZone(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone) && zone.HasIanaId;
    }

    public static bool TryReadDay(string text, out DayOfWeek day) => Enum.TryParse(text, ignoreCase: true, out day) && Enum.GetNames<DayOfWeek>().Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Minutes since midnight of hh:mm; null when it is no such time.</summary>
    public static int? TryReadMinute(string text)
    {
        if (text == "24:00") return Midnight;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;
    }

    private static HashSet<DayOfWeek> Days(OpeningOptions opening) =>
        opening.Days.Count == 0 ? [.. Enum.GetValues<DayOfWeek>()] : [.. opening.Days.Select(d => TryReadDay(d, out var day) ? day : default)];
}
