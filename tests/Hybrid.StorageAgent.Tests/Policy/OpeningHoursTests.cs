using System.Globalization;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Policy;

namespace Hybrid.StorageAgent.Tests.Policy;

public sealed class OpeningHoursTests
{
    [Theory]
    // Monday 2 March 2026, Berlin is an hour ahead of UTC.
    [InlineData("2026-03-02T05:59:59Z", false)]
    [InlineData("2026-03-02T06:00:00Z", true)]
    [InlineData("2026-03-02T17:59:59Z", true)]
    [InlineData("2026-03-02T18:00:00Z", false)]
    // Monday 30 March, the day after the clocks went ahead.
    [InlineData("2026-03-30T04:59:59Z", false)]
    [InlineData("2026-03-30T05:00:00Z", true)]
    [InlineData("2026-03-30T16:59:59Z", true)]
    [InlineData("2026-03-30T17:00:00Z", false)]
    // Sunday.
    [InlineData("2026-03-01T12:00:00Z", false)]
    public void Weekday_GoesByTheLocalClock(string at, bool open) => Assert.Equal(open, Hours("Europe/Berlin", ("07:00", "19:00", ["monday", "Friday"])).IsOpenAt(At(at)));

    [Theory]
    // Sunday 29 March 2026: 01:59:59 is followed by 03:00:00.
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-03-29T01:29:59Z", true)]
    [InlineData("2026-03-29T01:30:00Z", false)]
    // Sunday 25 October 2026: 02:59:59 is followed by 02:00:00.
    [InlineData("2026-10-25T00:29:59Z", false)]
    [InlineData("2026-10-25T00:30:00Z", true)]
    [InlineData("2026-10-25T00:59:59Z", true)]
    [InlineData("2026-10-25T01:00:00Z", false)]
    [InlineData("2026-10-25T01:30:00Z", true)]
    [InlineData("2026-10-25T02:29:59Z", true)]
    [InlineData("2026-10-25T02:30:00Z", false)]
    public void ChangeOfClocks_SkipsAndRepeatsTheHour(string at, bool open) => Assert.Equal(open, Hours("Europe/Berlin", ("02:30", "03:30", [])).IsOpenAt(At(at)));

    [Theory]
    [InlineData("2026-03-06T21:59:59Z", false)]
    [InlineData("2026-03-06T22:00:00Z", true)]
    [InlineData("2026-03-07T05:59:59Z", true)]
    [InlineData("2026-03-07T06:00:00Z", false)]
    [InlineData("2026-03-07T22:00:00Z", false)]
    [InlineData("2026-03-06T05:00:00Z", false)]
    public void Night_BelongsToTheDayOnWhichItBegins(string at, bool open) => Assert.Equal(open, Hours("UTC", ("22:00", "06:00", ["friday"])).IsOpenAt(At(at)));

    [Fact]
    public void Day_EndsAtMidnight()
    {
        var sunday = Hours("Asia/Kolkata", ("00:00", "24:00", ["sunday"]));
        Assert.False(sunday.IsOpenAt(At("2026-02-28T18:29:59Z")));
        Assert.True(sunday.IsOpenAt(At("2026-02-28T18:30:00Z")));
        Assert.True(sunday.IsOpenAt(At("2026-03-01T18:29:59Z")));
        Assert.False(sunday.IsOpenAt(At("2026-03-01T18:30:00Z")));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static OpeningHours Hours(string zone, params (string From, string To, string[] Days)[] openings)
    {
        var options = new HoursOptions { TimeZone = zone };
        foreach (var (from, to, days) in openings)
        {
            var opening = new OpeningOptions { From = from, To = to };
            foreach (var day in days) opening.Days.Add(day);
            options.Open.Add(opening);
        }

        return new OpeningHours(options);
    }
}
