namespace Hybrid.Quality.Reliability;

/// <summary>One rater's choice for one unit.</summary>
/// <param name="Unit">Index of the unit.</param>
/// <param name="Rater">Index of the rater.</param>
/// <param name="Category">Index of the category.</param>
public readonly record struct Vote(int Unit, int Rater, int Category);

/// <summary>What expectation–maximization found.</summary>
/// <param name="Posterior">For each unit the probability of each category; sums to 1.</param>
/// <param name="Prior">Share of each category.</param>
/// <param name="Confusion">For each rater, by true category, the probability of each choice.</param>
/// <param name="Iterations">Until the posterior moved less than 1e−9, at most 500.</param>
public sealed record Consensus(IReadOnlyList<double[]> Posterior, double[] Prior, IReadOnlyList<double[][]> Confusion, int Iterations);

/// <summary>True categories and raters' errors, both unknown, by EM (Dawid and Skene 1979, "Maximum likelihood estimation of observer error-rates using the EM algorithm").</summary>
public static class DawidSkene
{
    private const int MaxIterations = 500;
    private const double Still = 1e-9;

    // One hundredth of a choice for each cell: a rater seen once is no oracle.
    private const double Smoothing = 0.01;

    /// <summary>Fits the model. Begins with the majority's shares, as the paper does, so that the same votes give the same result in any order.</summary>
    public static Consensus Fit(IReadOnlyCollection<Vote> votes, int units, int raters, int categories)
    {
        ArgumentNullException.ThrowIfNull(votes);
        var ordered = votes.OrderBy(v => v.Unit).ThenBy(v => v.Rater).ThenBy(v => v.Category).ToArray();
        var posterior = Enumerable.Range(0, units).Select(_ => new double[categories]).ToArray();
        foreach (var vote in ordered) posterior[vote.Unit][vote.Category]++;
        foreach (var unit in posterior) Normalize(unit);

        var prior = new double[categories];
        var confusion = Enumerable.Range(0, raters).Select(_ => Enumerable.Range(0, categories).Select(_ => new double[categories]).ToArray()).ToArray();
        for (var iteration = 1; ; iteration++)
        {
            Maximize(ordered, posterior, prior, confusion);
            if (Expect(ordered, posterior, prior, confusion) < Still || iteration == MaxIterations) return new Consensus(posterior, prior, confusion, iteration);
        }
    }

    private static void Maximize(Vote[] votes, double[][] posterior, double[] prior, double[][][] confusion)
    {
        for (var c = 0; c < prior.Length; c++) prior[c] = posterior.Sum(p => p[c]) + Smoothing;
        Normalize(prior);
        foreach (var row in confusion.SelectMany(r => r)) Array.Fill(row, Smoothing);
        foreach (var vote in votes)
        {
            for (var c = 0; c < prior.Length; c++) confusion[vote.Rater][c][vote.Category] += posterior[vote.Unit][c];
        }

        foreach (var row in confusion.SelectMany(r => r)) Normalize(row);
    }

    // In logarithms: many raters' probabilities multiply to less than a double holds.
    private static double Expect(Vote[] votes, double[][] posterior, double[] prior, double[][][] confusion)
    {
        var next = posterior.Select(_ => prior.Select(p => Math.Log(p)).ToArray()).ToArray();
        foreach (var vote in votes)
        {
            for (var c = 0; c < prior.Length; c++) next[vote.Unit][c] += Math.Log(confusion[vote.Rater][c][vote.Category]);
        }

        var moved = 0.0;
        for (var unit = 0; unit < posterior.Length; unit++)
        {
            var greatest = next[unit].Max();
            for (var c = 0; c < prior.Length; c++) next[unit][c] = Math.Exp(next[unit][c] - greatest);
            Normalize(next[unit]);
            for (var c = 0; c < prior.Length; c++) moved = Math.Max(moved, Math.Abs(next[unit][c] - posterior[unit][c]));
            posterior[unit] = next[unit];
        }

        return moved;
    }

    private static void Normalize(double[] row)
    {
        var sum = row.Sum();
        for (var i = 0; i < row.Length; i++) row[i] = sum > 0 ? row[i] / sum : 1.0 / row.Length;
    }
}
