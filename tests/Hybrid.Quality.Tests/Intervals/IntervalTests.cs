using CsCheck;
using Hybrid.Quality.Intervals;

namespace Hybrid.Quality.Tests.Intervals;

public sealed class IntervalTests
{
    // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_OfNewcombesTable(int successes, int n, double lower, double upper)
    {
        var interval = Wilson.Interval(successes, n);

        Assert.Equal(lower, interval.Lower!.Value, 4);
        Assert.Equal(upper, interval.Upper!.Value, 4);
    }

    [Fact]
    public void TooSmall_IsAValue()
    {
        Assert.Equal(new Estimate(0, null, null, null), Wilson.Interval(0, 0));
        Assert.True(Wilson.Interval(9, 9, minimum: 10).TooSmall);
        Assert.False(Wilson.Interval(9, 10, minimum: 10).TooSmall);
        Assert.True(Bootstrap.Mean([0.5], 1).TooSmall);
        Assert.True(Bootstrap.Mean([0.5, 0.6, 0.7], 1, minimum: 4).TooSmall);
    }

    [Fact]
    public void Bootstrap_IsTheSameForAnyOrder_AndHoldsTheMean() => Gen.Select(Gen.Double[0, 1].Array[2, 40], Gen.ULong).Sample((scores, seed) =>
    {
        var one = Bootstrap.Mean(scores, seed, resamples: 200);

        Assert.Equal(one, Bootstrap.Mean(scores.Reverse(), seed, resamples: 200));
        Assert.InRange(one.Lower!.Value, scores.Min() - 1e-9, one.Upper!.Value);
        Assert.InRange(one.Upper!.Value, one.Lower.Value, scores.Max() + 1e-9);
    }, iter: 200);

    [Fact]
    public void Bootstrap_IsAsWideAsTheNormalInterval_OnManyScores()
    {
        var scores = Enumerable.Range(0, 400).Select(i => i % 100 / 99.0).ToList();
        var mean = scores.Average();
        var error = Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / 399 / 400);

        var interval = Bootstrap.Mean(scores, 7);

        Assert.Equal(mean - (1.96 * error), interval.Lower!.Value, 0.004);
        Assert.Equal(mean + (1.96 * error), interval.Upper!.Value, 0.004);
    }

    [Fact]
    public void Cusum_ByHand()
    {
        var settings = new CusumSettings(Reference: 0.9, Slack: 0.1, Limit: 0.5, Minimum: 3);

        Assert.Equal(0, Cusum.Of([0.9, 0.8, 0.95], settings).Sum, 12);
        // 0.8 − 0.6 = 0.2 a step from the second score on: 0.2, 0.4, 0.6.
        Assert.False(Cusum.Of([0.9, 0.6, 0.6], settings).Drifting);
        var state = Cusum.Of([0.9, 0.6, 0.6, 0.6], settings);
        Assert.Equal(0.6, state.Sum, 12);
        Assert.Equal((true, 1), (state.Drifting, state.Since));
        Assert.False(Cusum.Of([0.1], settings).Drifting);
    }

    [Fact]
    public void Rolling_TakesTheLast()
    {
        var figures = Rolling.Last([0, 0, 1, 2, 3], 3);

        Assert.Equal(new WindowFigures(3, 2, 1), figures);
        Assert.Equal(new WindowFigures(0, null, null), Rolling.Last([]));
        Assert.Equal(new WindowFigures(1, 0.5, null), Rolling.Last([0.5]));
    }
}
