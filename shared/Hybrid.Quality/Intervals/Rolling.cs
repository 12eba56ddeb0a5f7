namespace Hybrid.Quality.Intervals;

/// <summary>Mean and spread over the last scores.</summary>
/// <param name="N">Scores in the window.</param>
/// <param name="Mean">Their mean, or null without any.</param>
/// <param name="Deviation">Sample standard deviation, or null with fewer than two.</param>
public readonly record struct WindowFigures(int N, double? Mean, double? Deviation);

/// <summary>Figures over a rolling window.</summary>
public static class Rolling
{
    /// <summary>Window of honeypot scores.</summary>
    public const int HoneypotWindow = 50;

    /// <summary>Figures over the last <paramref name="window"/> of the scores, oldest first. Computed anew each time: running sums drift.</summary>
    public static WindowFigures Last(IReadOnlyList<double> scores, int window = HoneypotWindow)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var last = scores.Skip(Math.Max(0, scores.Count - window)).ToArray();
        if (last.Length == 0) return new WindowFigures(0, null, null);
        var mean = last.Average();
        return new WindowFigures(last.Length, mean, last.Length < 2 ? null : Math.Sqrt(last.Sum(s => (s - mean) * (s - mean)) / (last.Length - 1)));
    }
}
