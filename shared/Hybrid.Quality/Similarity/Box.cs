namespace Hybrid.Quality.Similarity;

/// <summary>An axis-aligned box, <c>[x, x + w) × [y, y + h)</c>, in pixels or points.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="W">Width, ≥ 0.</param>
/// <param name="H">Height, ≥ 0.</param>
public readonly record struct Box(double X, double Y, double W, double H)
{
    /// <summary>Width by height.</summary>
    public double Area => W * H;

    /// <summary>
    /// Intersection over union in [0, 1], as pycocotools' <c>bbIou</c> without crowds (maskApi.c; Lin et al., Microsoft COCO, 2014).
    /// Boxes without area are alike only when they are equal.
    /// </summary>
    public static double IoU(Box a, Box b)
    {
        // The sum of two rounded numbers need not be symmetric with its parts: equality is decided first, so that identity is exactly 1.
        if (a == b) return 1;
        var w = Math.Min(a.X + a.W, b.X + b.W) - Math.Max(a.X, b.X);
        var h = Math.Min(a.Y + a.H, b.Y + b.H) - Math.Max(a.Y, b.Y);
        if (w <= 0 || h <= 0) return 0;
        return Ratio.Of(w * h, a.Area, b.Area);
    }
}
