namespace Hybrid.Quality.Agreement;

/// <summary>Agreement of two labelers on one asset.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="One">A labeler.</param>
/// <param name="Other">Another labeler.</param>
/// <param name="Value">In [0, 1].</param>
public sealed record PairAgreement(Guid Asset, Guid One, Guid Other, double Value);

/// <summary>A mean and what it rests on.</summary>
/// <param name="Value">In [0, 1], or null without any.</param>
/// <param name="N">For an asset its pairs, for a labeler the shared assets.</param>
public readonly record struct ConsensusScore(double? Value, int N)
{
    /// <summary>Of an asset: mean pairwise agreement over its labelers.</summary>
    public static ConsensusScore OfAsset(Guid asset, IEnumerable<PairAgreement> pairs) => Mean(pairs.Where(p => p.Asset == asset).Select(p => p.Value));

    /// <summary>Of a labeler: mean over the assets shared with others, each asset weighing the same however many others labeled it.</summary>
    public static ConsensusScore OfLabeler(Guid labeler, IEnumerable<PairAgreement> pairs) =>
        Mean(pairs.Where(p => p.One == labeler || p.Other == labeler).GroupBy(p => p.Asset).Select(g => Mean(g.Select(p => p.Value)).Value!.Value));

    // In rising order: the same values give the same last digit in whatever order rows come.
    private static ConsensusScore Mean(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new ConsensusScore(sorted.Length == 0 ? null : sorted.Sum() / sorted.Length, sorted.Length);
    }
}
