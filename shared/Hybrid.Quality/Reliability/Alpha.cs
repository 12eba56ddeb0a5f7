namespace Hybrid.Quality.Reliability;

/// <summary>How far two values are apart.</summary>
public enum Distance
{
    /// <summary>Equal or not.</summary>
    Nominal,

    /// <summary>By the ranks that lie between them.</summary>
    Ordinal,

    /// <summary>By the square of their difference: for ordered kinds (rating, number).</summary>
    Interval,
}

/// <summary>
/// Krippendorff's α = 1 − Dₒ / Dₑ for any number of raters, with missing values ("Computing Krippendorff's Alpha-Reliability", 2011;
/// his 4 × 12 example is a test).
/// </summary>
public static class Alpha
{
    /// <summary>α over the units; those with fewer than two values cannot be compared and are left out.</summary>
    /// <param name="units">For each unit the values that raters gave, in any order, without the missing ones.</param>
    /// <param name="distance">Of two values. Nominal values are any numbers that name categories.</param>
    public static Coefficient Krippendorff(IEnumerable<IReadOnlyList<double>> units, Distance distance)
    {
        ArgumentNullException.ThrowIfNull(units);
        var comparable = units.Where(u => u.Count >= 2).ToList();
        var values = comparable.SelectMany(u => u).Distinct().Order().ToArray();
        var at = values.Select((v, i) => (v, i)).ToDictionary(p => p.v, p => p.i);
        var totals = new double[values.Length];
        foreach (var value in comparable.SelectMany(u => u)) totals[at[value]]++;
        var n = totals.Sum();
        if (values.Length < 2) return new Coefficient(null, comparable.Count);

        var before = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) before[i + 1] = before[i] + totals[i];
        double observed = 0, expected = 0;
        foreach (var unit in comparable)
        {
            var counts = unit.GroupBy(v => at[v]).Select(g => (Value: g.Key, Count: g.Count())).ToList();
            foreach (var (c, many) in counts)
            {
                foreach (var (k, others) in counts) observed += c == k ? 0 : (double)many * others / (unit.Count - 1) * Squared(c, k);
            }
        }

        for (var c = 0; c < values.Length; c++)
        {
            for (var k = 0; k < values.Length; k++) expected += totals[c] * totals[k] * Squared(c, k);
        }

        return new Coefficient(1 - ((n - 1) * observed / expected), comparable.Count);

        double Squared(int c, int k) => distance switch
        {
            _ when c == k => 0,
            Distance.Nominal => 1,
            Distance.Interval => (values[c] - values[k]) * (values[c] - values[k]),
            _ => Ranks(Math.Min(c, k), Math.Max(c, k)) is var ranks ? ranks * ranks : 0,
        };

        double Ranks(int low, int high) => before[high + 1] - before[low] - ((totals[low] + totals[high]) / 2);
    }
}
