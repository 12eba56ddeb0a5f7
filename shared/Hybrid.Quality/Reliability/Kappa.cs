namespace Hybrid.Quality.Reliability;

/// <summary>Kappa for two raters (Cohen 1960, "A coefficient of agreement for nominal scales") and for many (Fleiss 1971, "Measuring nominal scale agreement among many raters").</summary>
public static class Kappa
{
    /// <summary>Cohen's κ: (p₀ − pₑ) / (1 − pₑ), with pₑ from both raters' own shares.</summary>
    /// <param name="pairs">For each unit what the one and the other rater chose.</param>
    public static Coefficient Cohen<T>(IReadOnlyCollection<(T One, T Other)> pairs)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var (ones, others) = (new Dictionary<T, int>(), new Dictionary<T, int>());
        var equal = 0;
        foreach (var (one, other) in pairs)
        {
            ones[one] = ones.GetValueOrDefault(one) + 1;
            others[other] = others.GetValueOrDefault(other) + 1;
            if (EqualityComparer<T>.Default.Equals(one, other)) equal++;
        }

        // Whole numbers as far as they reach: n² (1 − pₑ) is nothing exactly when both know one category alone.
        long n = pairs.Count, chance = ones.Sum(o => (long)o.Value * others.GetValueOrDefault(o.Key));
        return new Coefficient(n * n == chance ? null : (double)((n * equal) - chance) / ((n * n) - chance), pairs.Count);
    }

    /// <summary>Fleiss' κ.</summary>
    /// <param name="table">For each unit, how many raters chose each category; every unit has the same number of raters, at least 2.</param>
    /// <exception cref="ArgumentException">Units differ in raters or categories: take <see cref="Alpha"/>.</exception>
    public static Coefficient Fleiss(IReadOnlyList<IReadOnlyList<int>> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Count == 0) return new Coefficient(null, 0);
        var raters = table[0].Sum();
        if (raters < 2 || table.Any(row => row.Sum() != raters || row.Count != table[0].Count || row.Any(c => c < 0)))
            throw new ArgumentException("Every unit has the same number of raters, at least 2.", nameof(table));
        double n = table.Count;
        var observed = table.Average(row => (row.Sum(c => (double)c * c) - raters) / (raters * (raters - 1.0)));
        var totals = Enumerable.Range(0, table[0].Count).Select(c => table.Sum(row => (double)row[c])).ToList();
        if (totals.Count(t => t > 0) < 2) return new Coefficient(null, table.Count);
        var chance = totals.Sum(t => t / (n * raters) * (t / (n * raters)));
        return new Coefficient((observed - chance) / (1 - chance), table.Count);
    }
}
