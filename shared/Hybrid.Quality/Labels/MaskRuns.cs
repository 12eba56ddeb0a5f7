using System.Diagnostics.CodeAnalysis;

namespace Hybrid.Quality.Labels;

/// <summary>COCO's compressed run lengths: column-major, background first, LEB128-like with differences from the run before the last.</summary>
internal static class MaskRuns
{
    /// <summary>Longest side in pixels.</summary>
    public const int MaxSide = 1_000_000;

    /// <summary>Reads the runs; the extent is null when no pixel is set.</summary>
    /// <param name="counts">The compressed text (maskApi.c, rleFrString).</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="extent">What the set pixels cover.</param>
    /// <param name="fault">Why it could not be read.</param>
    /// <param name="kept">Takes every run in order, when given.</param>
    public static bool TryRead(string counts, int height, int width, out Extent? extent, [NotNullWhen(false)] out string? fault, List<long>? kept = null)
    {
        extent = null;
        fault = null;
        var total = (long)height * width;
        long at = 0, last = 0, beforeLast = 0;
        var position = 0;
        for (var index = 0; position < counts.Length; index++)
        {
            if (!TryNumber(counts, ref position, out var run))
            {
                fault = "counts is no COCO compressed RLE.";
                return false;
            }

            if (index > 2) run += beforeLast;
            if (run < 0 || at + run > total)
            {
                fault = $"counts has runs beyond the mask's {total} pixels.";
                return false;
            }

            if (index % 2 == 1 && run > 0) extent = Cover(extent, at, at + run, height);
            kept?.Add(run);
            at += run;
            (beforeLast, last) = (last, run);
        }

        if (at == total) return true;
        fault = $"counts covers {at} pixels; the mask has {total}.";
        return false;
    }

    private static bool TryNumber(string text, ref int position, out long number)
    {
        number = 0;
        for (var shift = 0; position < text.Length && shift <= 45; shift += 5)
        {
            var group = text[position++] - 48;
            if (group is < 0 or > 63) return false;
            number |= (long)(group & 0x1f) << shift;
            if ((group & 0x20) != 0) continue;
            if ((group & 0x10) != 0) number |= -1L << (shift + 5);
            return true;
        }

        return false;
    }

    private static Extent Cover(Extent? so, long start, long end, int height)
    {
        var (left, right) = (start / height, (end - 1) / height);
        var run = left == right
            ? new Extent(left, start % height, right + 1, ((end - 1) % height) + 1)
            : new Extent(left, 0, right + 1, height);
        return so is { } known ? known.Union(run) : run;
    }
}
