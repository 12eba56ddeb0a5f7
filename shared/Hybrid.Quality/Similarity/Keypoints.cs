namespace Hybrid.Quality.Similarity;

/// <summary>
/// Object keypoint similarity (COCO keypoint evaluation, Lin et al. 2014; pycocotools <c>computeOks</c>): the mean over the truth's labeled
/// keypoints of <c>exp(−d² / (2 s² k²))</c> with <c>k = 2σ</c>; d in pixels, s² in square pixels.
/// </summary>
public static class Keypoints
{
    /// <summary>σ of every keypoint unless a project says otherwise.</summary>
    public const double DefaultSigma = 0.05;

    /// <summary>Positions at which polylines are compared.</summary>
    public const int LinePositions = 100;

    /// <summary>s² of points and polylines: <c>(0.1 · √(W·H))²</c>.</summary>
    public static double PictureScale(double width, double height) => 0.01 * width * height;

    /// <summary>Similarity of one point in (0, 1]; without a scale, 1 for the same place and else 0.</summary>
    public static double Point((double X, double Y) a, (double X, double Y) b, double scale, double sigma = DefaultSigma)
    {
        var (dx, dy) = (a.X - b.X, a.Y - b.Y);
        var squared = (dx * dx) + (dy * dy);
        if (squared == 0) return 1;
        return scale > 0 ? Math.Exp(-squared / (2 * scale * 4 * sigma * sigma)) : 0;
    }

    /// <summary>Similarity of a pose to the truth: over the keypoints that the truth labels (visibility &gt; 0); one that the other lacks counts 0.</summary>
    /// <param name="truth">By name.</param>
    /// <param name="other">By name.</param>
    /// <param name="scale">s²: area of the truth's bounding box.</param>
    /// <param name="sigma">σ.</param>
    public static double Pose(
        IReadOnlyDictionary<string, (double X, double Y)> truth, IReadOnlyDictionary<string, (double X, double Y)> other, double scale, double sigma = DefaultSigma)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(other);
        if (truth.Count == 0) return other.Count == 0 ? 1 : 0;
        return truth.Sum(t => other.TryGetValue(t.Key, out var o) ? Point(t.Value, o, scale, sigma) : 0) / truth.Count;
    }

    /// <summary>Similarity of two polylines that <see cref="Resample"/> made.</summary>
    /// <param name="a">Positions of the one.</param>
    /// <param name="b">Positions of the other.</param>
    /// <param name="scale">s² (<see cref="PictureScale"/>).</param>
    /// <param name="directed">Whether a line drawn the other way is another line; else the better way counts.</param>
    /// <param name="sigma">σ.</param>
    public static double Line(IReadOnlyList<(double X, double Y)> a, IReadOnlyList<(double X, double Y)> b, double scale, bool directed = false, double sigma = DefaultSigma)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        double along = 0, against = 0;
        for (var i = 0; i < a.Count; i++)
        {
            along += Point(a[i], b[i], scale, sigma);
            if (!directed) against += Point(a[i], b[^(i + 1)], scale, sigma);
        }

        return Math.Max(along, against) / a.Count;
    }

    /// <summary>Positions at equal distances along the line, both ends included.</summary>
    public static (double X, double Y)[] Resample(IReadOnlyList<(double X, double Y)> line, int positions = LinePositions)
    {
        ArgumentNullException.ThrowIfNull(line);
        var reached = new double[line.Count];
        for (var i = 1; i < line.Count; i++) reached[i] = reached[i - 1] + Math.Sqrt(Squared(line[i - 1], line[i]));
        var result = new (double X, double Y)[positions];
        var segment = 1;
        for (var p = 0; p < positions; p++)
        {
            var wanted = reached[^1] * p / (positions - 1);
            while (segment < line.Count - 1 && reached[segment] < wanted) segment++;
            var (from, to) = (line[segment - 1], line[segment]);
            var length = reached[segment] - reached[segment - 1];
            var share = length > 0 ? Math.Clamp((wanted - reached[segment - 1]) / length, 0, 1) : 0;
            result[p] = (from.X + ((to.X - from.X) * share), from.Y + ((to.Y - from.Y) * share));
        }

        return result;
    }

    private static double Squared((double X, double Y) a, (double X, double Y) b) => ((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y));
}
