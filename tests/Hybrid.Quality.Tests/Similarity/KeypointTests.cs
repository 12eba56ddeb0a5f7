using CsCheck;
using Hybrid.Quality.Similarity;

namespace Hybrid.Quality.Tests.Similarity;

public sealed class KeypointTests
{
    [Fact]
    public void Point_IsCocosFormula()
    {
        // pycocotools: exp(−(dx² + dy²) / (2σ)² / area / 2); σ = 0.05, area = 10,000, distance 10: exp(−100 / 0.01 / 10,000 / 2) = exp(−0.5).
        Assert.Equal(Math.Exp(-0.5), Keypoints.Point((0, 0), (6, 8), 10_000), 12);
        Assert.Equal(10_000, Keypoints.PictureScale(1_000, 1_000));
        Assert.Equal(1, Keypoints.Point((3, 4), (3, 4), 0));
        Assert.Equal(0, Keypoints.Point((3, 4), (3, 5), 0));
    }

    [Fact]
    public void Pose_IsTheMeanOverTheTruthsKeypoints()
    {
        var truth = new Dictionary<string, (double, double)> { ["nose"] = (0, 0), ["hip"] = (100, 100) };
        var other = new Dictionary<string, (double, double)> { ["nose"] = (6, 8), ["tail"] = (1, 1) };

        Assert.Equal(Math.Exp(-0.5) / 2, Keypoints.Pose(truth, other, 10_000), 12);
        Assert.Equal(1, Keypoints.Pose(truth, truth, 10_000));
    }

    [Fact]
    public void Line_IsTheSame_HoweverItsCornersAreSet()
    {
        var straight = Keypoints.Resample([(0, 0), (99, 0)]);
        var corners = Keypoints.Resample([(0, 0), (10, 0), (10, 0), (75, 0), (99, 0)]);

        Assert.Equal(100, straight.Length);
        Assert.All(straight.Select((p, i) => (p, i)), p => Assert.Equal((p.i, 0), (Math.Round(p.p.X, 9), p.p.Y)));
        Assert.Equal(1, Keypoints.Line(straight, corners, 100), 9);
        Assert.Equal(1, Keypoints.Line(straight, Keypoints.Resample([(99, 0), (0, 0)]), 100), 9);
        Assert.True(Keypoints.Line(straight, Keypoints.Resample([(99, 0), (0, 0)]), 100, directed: true) < 0.2);
        // Every position lies 10 away.
        Assert.Equal(Math.Exp(-0.5), Keypoints.Line(straight, Keypoints.Resample([(0, 10), (99, 10)]), 10_000), 9);
    }

    [Fact]
    public void Line_IsSymmetric_InRange_OneForItself_AndMovesAlong() => Gen.Select(Lines, Lines, Gen.Double[-500, 500]).Sample((a, b, by) =>
    {
        var (p, q) = (Keypoints.Resample(a), Keypoints.Resample(b));
        var oks = Keypoints.Line(p, q, 10_000);

        Assert.InRange(oks, 0, 1);
        Assert.Equal(oks, Keypoints.Line(q, p, 10_000), 12);
        Assert.Equal(1, Keypoints.Line(p, p, 10_000));
        Assert.Equal(oks, Keypoints.Line([.. p.Select(c => (c.X + by, c.Y))], [.. q.Select(c => (c.X + by, c.Y))], 10_000), 9);
    });

    private static readonly Gen<(double, double)[]> Lines = Gen.Select(Gen.Double[0, 1000], Gen.Double[0, 1000]).Array[2, 20];
}
