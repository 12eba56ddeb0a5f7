namespace Hybrid.StorageAgent.Configuration;

/// <summary>Ceilings, so that a hostile or hijacked labeler cannot drain the storage.</summary>
public sealed class LimitOptions
{
    /// <summary>URLs a person may have in a minute. Default: 600.</summary>
    public int PerPersonPerMinute { get; set; } = 600;

    /// <summary>URLs a person may have in an hour. Default: 6000.</summary>
    public int PerPersonPerHour { get; set; } = 6000;

    /// <summary>Address ranges that browsers may come from; empty = any.</summary>
    public IList<string> ClientRanges { get; } = [];

    /// <summary>Whether explicit looks (act <c>view</c>) are allowed. Default: yes.</summary>
    public bool AllowView { get; set; } = true;
}
