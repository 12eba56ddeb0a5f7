namespace Hybrid.Quality.Intervals;

/// <summary>Percentile interval of a mean by resampling (Efron 1979, "Bootstrap methods: another look at the jackknife"); the same scores and seed give the same interval on every machine.</summary>
public static class Bootstrap
{
    /// <summary>The mean and its interval.</summary>
    /// <param name="scores">In any order: they are sorted first, so that order changes nothing.</param>
    /// <param name="seed">Of the draws; kept with the figure.</param>
    /// <param name="minimum">Least n with a figure; an interval needs 2.</param>
    /// <param name="resamples">Number of resampled means.</param>
    /// <param name="level">Of confidence.</param>
    public static Estimate Mean(IEnumerable<double> scores, ulong seed, int minimum = 2, int resamples = 2_000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var sorted = scores.Order().ToArray();
        if (sorted.Length < Math.Max(minimum, 2)) return Estimate.OfTooFew(sorted.Length);
        var means = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            var sum = 0.0;
            for (var i = 0; i < sorted.Length; i++) sum += sorted[(int)Math.BigMul(Next(ref seed), (ulong)sorted.Length, out _)];
            means[r] = sum / sorted.Length;
        }

        Array.Sort(means);
        return new Estimate(sorted.Length, sorted.Sum() / sorted.Length, Quantile(means, (1 - level) / 2), Quantile(means, (1 + level) / 2));
    }

    private static double Quantile(double[] sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((sorted[low + 1] - sorted[low]) * (at - low)) : sorted[low];
    }

    // SplitMix64 (Steele, Lea and Flood 2014): System.Random promises no sequence across versions.
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
