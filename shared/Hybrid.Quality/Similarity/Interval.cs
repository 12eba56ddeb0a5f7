namespace Hybrid.Quality.Similarity;

/// <summary>A half-open interval of time (milliseconds, frames) or of text (Unicode code points).</summary>
/// <param name="Start">First position.</param>
/// <param name="End">First position after it.</param>
public readonly record struct Interval(double Start, double End)
{
    /// <summary>Intersection over union in [0, 1]; empty intervals are alike only when they are equal.</summary>
    public static double IoU(Interval a, Interval b) =>
        a == b ? 1 : Ratio.Of(Math.Max(0, Math.Min(a.End, b.End) - Math.Max(a.Start, b.Start)), a.End - a.Start, b.End - b.Start);
}
