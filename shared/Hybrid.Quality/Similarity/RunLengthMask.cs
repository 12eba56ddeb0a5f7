using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Similarity;

/// <summary>A mask as runs of pixels, column by column, background first (COCO's RLE); measured without unpacking it.</summary>
public sealed class RunLengthMask
{
    private readonly long[] runs;

    private RunLengthMask(int height, int width, Extent? extent, long[] runs)
    {
        (Height, Width, Extent, this.runs) = (height, width, extent, runs);
        for (var i = 1; i < runs.Length; i += 2) Area += runs[i];
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Number of set pixels.</summary>
    public long Area { get; }

    /// <summary>What the set pixels cover; null when there are none.</summary>
    public Extent? Extent { get; }

    /// <summary>Reads COCO's compressed counts.</summary>
    /// <exception cref="FormatException">The counts are none, or do not cover height × width pixels.</exception>
    public static RunLengthMask Read(string counts, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var runs = new List<long>();
        if (!MaskRuns.TryRead(counts, height, width, out var extent, out var fault, runs)) throw new FormatException(fault);
        return new RunLengthMask(height, width, extent, [.. runs]);
    }

    /// <summary>Intersection over union in [0, 1], exact to the pixel, as pycocotools' <c>rleIou</c> without crowds; 0 for masks of different sizes.</summary>
    public static double IoU(RunLengthMask a, RunLengthMask b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Height != b.Height || a.Width != b.Width) return 0;
        if (a.Area == 0 && b.Area == 0) return 1;
        return Ratio.Of(Shared(a.runs, b.runs), a.Area, b.Area);
    }

    private static long Shared(long[] a, long[] b)
    {
        long shared = 0;
        int i = 0, j = 0;
        var (leftA, leftB) = (a.Length > 0 ? a[0] : 0, b.Length > 0 ? b[0] : 0);
        while (i < a.Length && j < b.Length)
        {
            var step = Math.Min(leftA, leftB);
            if (i % 2 == 1 && j % 2 == 1) shared += step;
            leftA -= step;
            leftB -= step;
            if (leftA == 0 && ++i < a.Length) leftA = a[i];
            if (leftB == 0 && ++j < b.Length) leftB = b[j];
        }

        return shared;
    }
}
