namespace Hybrid.StorageAgent.Configuration;

/// <summary>What the agent allows, whoever asks, so that a hostile or hijacked labeler cannot drain the storage. Every empty list admits all.</summary>
public sealed partial class LimitOptions
{
    /// <summary>Objects a person may open in any 10 seconds. Unset: no ceiling of its own.</summary>
    public int? PerPersonBurst { get; set; }

    /// <summary>Objects a person may open in any minute. Default: 600.</summary>
    public int PerPersonPerMinute { get; set; } = 600;

    /// <summary>Objects a person may open in any hour. Default: 6000.</summary>
    public int PerPersonPerHour { get; set; } = 6000;

    /// <summary>Objects a person may open in any 24 hours. Unset: no ceiling of its own.</summary>
    public int? PerPersonPerDay { get; set; }

    /// <summary>Objects that all people of a project together may open in any 10 seconds. Unset: no ceiling.</summary>
    public int? PerProjectBurst { get; set; }

    /// <summary>The same in any minute. Unset: no ceiling.</summary>
    public int? PerProjectPerMinute { get; set; }

    /// <summary>The same in any hour. Unset: no ceiling.</summary>
    public int? PerProjectPerHour { get; set; }

    /// <summary>The same in any 24 hours. Unset: no ceiling.</summary>
    public int? PerProjectPerDay { get; set; }

    /// <summary>Longest life of any URL in seconds, 10–3600, where a connection's own is longer. Unset: the connection's own.</summary>
    public int? MaxUrlSeconds { get; set; }

    /// <summary>Address ranges that browsers may come from; empty = any. With ranges, requests by the relay are refused: nobody vouches for their address.</summary>
    public IList<string> ClientRanges { get; } = [];

    /// <summary>
    /// Browser origins that may ask, instead of the workspace's own; CORS admits exactly these. Given, requests without an origin and
    /// requests by the relay are refused: nobody vouches for where they come from.
    /// </summary>
    public IList<string> Origins { get; } = [];

    /// <summary>Projects that may be served, whatever the connection; empty = all.</summary>
    public IList<Guid> Projects { get; } = [];

    /// <summary>People, by their pseudonyms (as the access log has them).</summary>
    public PeopleOptions People { get; set; } = new();

    /// <summary>When the agent serves. Unset: always.</summary>
    public HoursOptions Hours { get; set; } = new();

    /// <summary>Whether explicit looks (act <c>view</c>) are allowed. Default: yes.</summary>
    public bool AllowView { get; set; } = true;

    /// <summary>Ceilings of a person, shortest window first.</summary>
    internal IReadOnlyList<Policy.Ceiling> PersonCeilings => Ceilings("person", PerPersonBurst, PerPersonPerMinute, PerPersonPerHour, PerPersonPerDay);

    /// <summary>Ceilings of a project, shortest window first.</summary>
    internal IReadOnlyList<Policy.Ceiling> ProjectCeilings => Ceilings("project", PerProjectBurst, PerProjectPerMinute, PerProjectPerHour, PerProjectPerDay);

    private static Policy.Ceiling[] Ceilings(string of, int? burst, int? minute, int? hour, int? day) =>
    [
        .. new (string Name, TimeSpan Window, int? Most)[]
        {
            ($"{of}-burst", TimeSpan.FromSeconds(10), burst), ($"{of}-per-minute", TimeSpan.FromMinutes(1), minute),
            ($"{of}-per-hour", TimeSpan.FromHours(1), hour), ($"{of}-per-day", TimeSpan.FromDays(1), day),
        }.Where(c => c.Most is not null).Select(c => new Policy.Ceiling(c.Name, c.Window, c.Most!.Value)),
    ];
}

/// <summary>People by pseudonym.</summary>
public sealed class PeopleOptions
{
    /// <summary>Only these; empty = all.</summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Never these, even if they are allowed above.</summary>
    public IList<string> Deny { get; } = [];
}

/// <summary>Hours of service.</summary>
public sealed class HoursOptions
{
    /// <summary>IANA time zone of the times below, e.g. Europe/Berlin.</summary>
    public string? TimeZone { get; set; }

    /// <summary>When it is open; empty = always.</summary>
    public IList<OpeningOptions> Open { get; } = [];
}

/// <summary>One opening: on these days, from a local time to another; past midnight where the end is not after the beginning.</summary>
public sealed class OpeningOptions
{
    /// <summary>Days on which it begins, e.g. monday; empty = every day.</summary>
    public IList<string> Days { get; } = [];

    /// <summary>Local time at which it begins, hh:mm. Default: 00:00.</summary>
    public string From { get; set; } = "00:00";

    /// <summary>Local time at which it ends, hh:mm, 24:00 for midnight; not included. Default: 24:00.</summary>
    public string To { get; set; } = "24:00";
}
