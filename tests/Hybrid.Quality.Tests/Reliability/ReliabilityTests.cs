using Hybrid.Quality.Reliability;

namespace Hybrid.Quality.Tests.Reliability;

public sealed class ReliabilityTests
{
    // Fleiss (1971), table of the worked example that textbooks repeat: 10 subjects, 14 raters, 5 categories.
    private static readonly int[][] Fleiss1971 =
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ];

    // Krippendorff (2011): 4 observers, 12 units, values missing.
    private static readonly double?[][] Krippendorff2011 =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
        [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];

    [Theory]
    [InlineData(Distance.Nominal, 0.743421052631579)]
    [InlineData(Distance.Ordinal, 0.8153875037548813)]
    [InlineData(Distance.Interval, 0.8491071428571428)]
    public void Alpha_OfThePublishedExample(Distance distance, double expected)
    {
        var alpha = Alpha.Krippendorff(Units(Krippendorff2011), distance);

        Assert.Equal(expected, alpha.Value!.Value, 12);
        // The twelfth unit has one value: nothing to compare it with.
        Assert.Equal(11, alpha.N);
    }

    [Fact]
    public void Fleiss_OfThePublishedTable()
    {
        var kappa = Kappa.Fleiss(Fleiss1971);

        Assert.Equal(0.20993070442195522, kappa.Value!.Value, 12);
        Assert.Equal(10, kappa.N);
    }

    [Theory]
    [InlineData(20, 5, 10, 15, 0.4)]
    [InlineData(45, 15, 25, 15, 0.1304)]
    [InlineData(25, 35, 5, 35, 0.2593)]
    public void Cohen_OfPublishedTables(int yesYes, int yesNo, int noYes, int noNo, double expected)
    {
        var pairs = Enumerable.Repeat((1, 1), yesYes).Concat(Enumerable.Repeat((1, 0), yesNo)).Concat(Enumerable.Repeat((0, 1), noYes)).Concat(Enumerable.Repeat((0, 0), noNo)).ToList();

        var kappa = Kappa.Cohen(pairs);

        Assert.Equal(expected, kappa.Value!.Value, 4);
        Assert.Equal(pairs.Count, kappa.N);
    }

    [Fact]
    public void OneCategory_OrNothing_HasNoCoefficient()
    {
        Assert.Equal(new Coefficient(null, 2), Kappa.Cohen([("a", "a"), ("a", "a")]));
        Assert.Equal(new Coefficient(null, 0), Kappa.Cohen(Array.Empty<(int, int)>()));
        Assert.Equal(new Coefficient(null, 2), Kappa.Fleiss([[3, 0], [3, 0]]));
        Assert.Equal(new Coefficient(null, 0), Kappa.Fleiss([]));
        Assert.Equal(new Coefficient(null, 1), Alpha.Krippendorff([[1, 1], [2]], Distance.Nominal));
        Assert.Throws<ArgumentException>(() => Kappa.Fleiss([[3, 0], [2, 0]]));
    }

    [Fact]
    public void DawidSkene_TrustsTheCarefulOverTheCareless()
    {
        // Raters 0 and 1 are right throughout; 2 always says 0. On the last unit 0 says 1 and 2 says 0.
        var votes = new List<Vote>();
        for (var unit = 0; unit < 40; unit++) votes.AddRange([new(unit, 0, unit % 2), new(unit, 1, unit % 2), new(unit, 2, 0)]);
        votes.AddRange([new(40, 0, 1), new(40, 2, 0)]);

        var fit = DawidSkene.Fit(votes, 41, 3, 2);
        var again = DawidSkene.Fit([.. Enumerable.Reverse(votes)], 41, 3, 2);

        Assert.True(fit.Posterior[40][1] > 0.95);
        Assert.All(fit.Posterior, p => Assert.Equal(1, p.Sum(), 9));
        Assert.True(fit.Confusion[2][1][0] > 0.95);
        Assert.Equal(fit.Posterior, again.Posterior);
    }

    [Fact]
    public void Settlement_ByMajority_ByHand()
    {
        // Two categories, accuracy 0.8: odds 4 for each vote of difference.
        Assert.Equal(new Settlement(false, true, 0, 0.8, 1), Rounded(Settlement.ByMajority([1, 0], 0.8, 0.9, 2, 5)));
        Assert.Equal(new Settlement(true, false, 0, 0.9412, 2), Rounded(Settlement.ByMajority([2, 0], 0.8, 0.9, 2, 5)));
        Assert.Equal(new Settlement(false, true, null, 0.5, 2), Rounded(Settlement.ByMajority([1, 1], 0.8, 0.5, 2, 5)));
        Assert.Equal(new Settlement(false, false, 1, 0.8, 5), Rounded(Settlement.ByMajority([2, 3], 0.8, 0.9, 2, 5)));
        Assert.Equal(new Settlement(false, true, null, 0.5, 0), Rounded(Settlement.ByMajority([0, 0], 0.8, 0.9, 2, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Settlement.ByMajority([1, 0], 0.5, 0.9, 2, 5));
    }

    private static Settlement Rounded(Settlement s) => s with { Confidence = Math.Round(s.Confidence, 4) };

    private static IEnumerable<IReadOnlyList<double>> Units(double?[][] raters) =>
        Enumerable.Range(0, raters[0].Length).Select(u => raters.Select(r => r[u]).OfType<double>().ToList());
}
