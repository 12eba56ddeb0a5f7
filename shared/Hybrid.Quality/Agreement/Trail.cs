using System.Text.Json.Nodes;
using Hybrid.Quality.Labels;
using Hybrid.Quality.Similarity;

namespace Hybrid.Quality.Agreement;

/// <summary>
/// A track: its bounding boxes frame by frame, between keyframes along a line or held. It is seen from its first keyframe to its last,
/// except where a keyframe says outside.
/// </summary>
/// <remarks>
/// Similarity is the mean box IoU over the frames in which either is seen (0 where only one is): temporal IoU times the mean box IoU over
/// shared frames.
/// </remarks>
internal sealed record Trail(IReadOnlyList<Trail.Key> Keys, Extent Reach) : Drawn(Reach)
{
    // Exact up to so many frames; longer tracks are looked at in so many, evenly.
    private const long MostFrames = 200_000;

    public static Trail Read(Tool tool, JsonObject g)
    {
        var still = tool with { Track = false };
        var keys = g["keyframes"]!.AsArray().Select(k => new Key(
            (long)k!["frame"]!.GetValue<double>(), Extents(still, k["geometry"]!.AsObject()), k["mode"]!.GetValue<string>() == "linear", k["outside"] is { } outside && outside.GetValue<bool>())).ToList();
        return new Trail(keys, keys.Select(k => k.Box).Aggregate((a, b) => a.Union(b)));
    }

    public override double? To(Drawn other, AgreementSettings settings)
    {
        var b = (Trail)other;
        var (start, end) = (Math.Min(Keys[0].Frame, b.Keys[0].Frame), Math.Max(Keys[^1].Frame, b.Keys[^1].Frame));
        var step = Math.Max(1, (end - start) / MostFrames);
        var (sum, frames) = (0.0, 0);
        var (i, j) = (0, 0);
        for (var frame = start; frame <= end; frame += step)
        {
            var (one, two) = (At(Keys, frame, ref i), At(b.Keys, frame, ref j));
            if (one is null && two is null) continue;
            frames++;
            if (one is { } x && two is { } y) sum += Box.IoU(x, y);
        }

        return frames == 0 ? 1 : sum / frames;
    }

    private static Box? At(IReadOnlyList<Key> keys, long frame, ref int at)
    {
        if (frame < keys[0].Frame || frame > keys[^1].Frame) return null;
        while (at + 1 < keys.Count && keys[at + 1].Frame <= frame) at++;
        var from = keys[at];
        if (from.Outside) return null;
        var box = from.Box;
        if (from.Linear && at + 1 < keys.Count && !keys[at + 1].Outside && frame > from.Frame)
        {
            var (to, share) = (keys[at + 1].Box, (double)(frame - from.Frame) / (keys[at + 1].Frame - from.Frame));
            box = new Extent(Between(box.MinX, to.MinX, share), Between(box.MinY, to.MinY, share), Between(box.MaxX, to.MaxX, share), Between(box.MaxY, to.MaxY, share));
        }

        return new Box(box.MinX, box.MinY, box.MaxX - box.MinX, box.MaxY - box.MinY);
    }

    private static double Between(double from, double to, double share) => from + ((to - from) * share);

    private static Extent Extents(Tool still, JsonObject geometry) => Read(still, geometry, default).Cover;

    internal sealed record Key(long Frame, Extent Box, bool Linear, bool Outside);
}
