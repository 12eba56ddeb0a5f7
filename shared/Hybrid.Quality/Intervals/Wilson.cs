namespace Hybrid.Quality.Intervals;

/// <summary>Interval of a proportion by the score method without continuity correction (Wilson 1927; method 3 of Newcombe 1998, whose values are tests).</summary>
public static class Wilson
{
    /// <summary>Normal deviate of 95 %, two-sided.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The proportion and its interval.</summary>
    /// <param name="successes">Between 0 and n.</param>
    /// <param name="n">Observations.</param>
    /// <param name="minimum">Least n with a figure.</param>
    /// <param name="z">Normal deviate.</param>
    public static Estimate Interval(int successes, int n, int minimum = 1, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        if (n < Math.Max(minimum, 1)) return Estimate.OfTooFew(n);
        double p = (double)successes / n, zz = z * z;
        var half = z * Math.Sqrt(zz + (4 * n * p * (1 - p)));
        var (lower, upper) = (((2 * successes) + zz - half) / (2 * (n + zz)), ((2 * successes) + zz + half) / (2 * (n + zz)));
        return new Estimate(n, p, successes == 0 ? 0 : lower, successes == n ? 1 : upper);
    }
}
