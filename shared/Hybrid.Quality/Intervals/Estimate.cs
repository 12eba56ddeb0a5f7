namespace Hybrid.Quality.Intervals;

/// <summary>A rate or mean with its interval, or "n too small": there is no figure then, instead of a false one.</summary>
/// <param name="N">Observations.</param>
/// <param name="Value">The figure, or null when n is too small.</param>
/// <param name="Lower">Lower end of the interval, or null.</param>
/// <param name="Upper">Upper end of the interval, or null.</param>
public sealed record Estimate(int N, double? Value, double? Lower, double? Upper)
{
    /// <summary>Whether n lies below the minimum that the settings state.</summary>
    public bool TooSmall => Value is null;

    /// <summary>No figure.</summary>
    public static Estimate OfTooFew(int n) => new(n, null, null, null);
}
