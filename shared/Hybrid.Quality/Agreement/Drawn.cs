using System.Text.Json.Nodes;
using Hybrid.Quality.Labels;
using Hybrid.Quality.Similarity;

namespace Hybrid.Quality.Agreement;

/// <summary>A geometry that is ready to be compared with others of its tool.</summary>
internal abstract record Drawn(Extent Reach)
{
    /// <summary>What it covers; <see cref="Reach"/> is as far as something similar may lie.</summary>
    public virtual Extent Cover => Reach;

    /// <summary>Reads a geometry that the validator passed.</summary>
    public static Drawn Read(Tool tool, JsonObject g, AssetSize size) => tool.Track ? Trail.Read(tool, g) : tool.Kind switch
    {
        "box" => Flat(new Box(N(g, "x"), N(g, "y"), N(g, "w"), N(g, "h")), 0),
        "page-box" => Flat(new Box(N(g, "x"), N(g, "y"), N(g, "w"), N(g, "h")), N(g, "page")),
        "rotated-box" => Of(AreaOverlap.RotatedBox(N(g, "cx"), N(g, "cy"), N(g, "w"), N(g, "h"), N(g, "angle"))),
        "ellipse" => Of(AreaOverlap.Ellipse(N(g, "cx"), N(g, "cy"), N(g, "w"), N(g, "h"), N(g, "angle"))),
        "polygon" => Of(AreaOverlap.Polygon((g["parts"] is JsonArray parts ? parts.Select(p => p!.AsArray()) : [g["rings"]!.AsArray()]).Select(p => (IReadOnlyList<IReadOnlyList<(double, double)>>)[.. p.Select(Points)]))),
        "mask" => Of(RunLengthMask.Read(g["counts"]!.GetValue<string>(), (int)g["size"]![0]!.GetValue<double>(), (int)g["size"]![1]!.GetValue<double>())),
        "point" => Dot.At([(N(g, "x"), N(g, "y"))], size),
        "polyline" => Dot.At(Keypoints.Resample(Points(g["points"])), size),
        "pose" => Figure.Of(g, size),
        "cuboid" => Solid.Of(new Cuboid(Three(g["center"]), Three(g["size"]), Four(g["rotation"]))),
        "span" => new Stretch(new Interval(N(g, "start"), N(g, "end")), 0),
        "region" => new Stretch(new Interval(N(g, "start"), N(g, "end")), g["channel"] is { } channel ? channel.GetValue<double>() : -1),
        _ => throw new ArgumentException($"There is no measure for the kind {tool.Kind}.", nameof(tool)),
    };

    /// <summary>Similarity in [0, 1] to another of the same tool; null when the asset's size would have to be known.</summary>
    public abstract double? To(Drawn other, AgreementSettings settings);

    private static Sheet Flat(Box b, double page) => new(b, page);

    private static Patch Of(NetTopologySuite.Geometries.Geometry area) =>
        new(area, area.EnvelopeInternal is { IsNull: false } e ? new Extent(e.MinX, e.MinY, e.MaxX, e.MaxY) : default);

    private static Pixels Of(RunLengthMask mask) => new(mask, mask.Extent ?? default);

    private static double N(JsonObject g, string name) => g[name]!.GetValue<double>();

    private static (double, double)[] Points(JsonNode? node) => [.. node!.AsArray().Select(p => (p![0]!.GetValue<double>(), p[1]!.GetValue<double>()))];

    private static (double, double, double) Three(JsonNode? n) => (n![0]!.GetValue<double>(), n[1]!.GetValue<double>(), n[2]!.GetValue<double>());

    private static (double, double, double, double) Four(JsonNode? n) => (n![0]!.GetValue<double>(), n[1]!.GetValue<double>(), n[2]!.GetValue<double>(), n[3]!.GetValue<double>());

    private static Extent Around(IReadOnlyCollection<(double X, double Y)> points, double by = 0) =>
        new(points.Min(p => p.X) - by, points.Min(p => p.Y) - by, points.Max(p => p.X) + by, points.Max(p => p.Y) + by);

    // Half the distance at which a keypoint's similarity falls below 1e-9, at s = √scale: both sides reach out by it. σ up to 0.25 is covered.
    private static double HalfReach(double scale) => 0.5 * Math.Sqrt(2 * scale * Math.Log(1e9)) * 0.5;

    private sealed record Sheet(Box Box, double Page) : Drawn(new Extent(Box.X, Box.Y, Box.X + Box.W, Box.Y + Box.H))
    {
        public override double? To(Drawn other, AgreementSettings settings) => other is Sheet b && b.Page == Page ? Box.IoU(Box, b.Box) : 0;
    }

    private sealed record Patch(NetTopologySuite.Geometries.Geometry Area, Extent Reach) : Drawn(Reach)
    {
        public override double? To(Drawn other, AgreementSettings settings) => AreaOverlap.IoU(Area, ((Patch)other).Area);
    }

    private sealed record Pixels(RunLengthMask Mask, Extent Reach) : Drawn(Reach)
    {
        public override double? To(Drawn other, AgreementSettings settings) => RunLengthMask.IoU(Mask, ((Pixels)other).Mask);
    }

    private sealed record Stretch(Interval Interval, double Channel) : Drawn(new Extent(Interval.Start, 0, Interval.End, 0))
    {
        public override double? To(Drawn other, AgreementSettings settings) => other is Stretch b && b.Channel == Channel ? Interval.IoU(Interval, b.Interval) : 0;
    }

    private sealed record Solid(Cuboid Cuboid, Extent Reach) : Drawn(Reach)
    {
        public static Solid Of(Cuboid c) => new(c, Around([(c.Center.X, c.Center.Y)], c.Radius));

        public override double? To(Drawn other, AgreementSettings settings) => Cuboid.IoU(Cuboid, ((Solid)other).Cuboid);
    }

    // A point is a line of one position.
    private sealed record Dot((double X, double Y)[] Positions, double? Scale, Extent Reach) : Drawn(Reach)
    {
        public static Dot At((double X, double Y)[] positions, AssetSize size)
        {
            double? scale = size is { Width: { } w, Height: { } h } ? Keypoints.PictureScale(w, h) : null;
            return new Dot(positions, scale, Around(positions, HalfReach(scale ?? 0)));
        }

        public override double? To(Drawn other, AgreementSettings settings) =>
            Scale is { } scale ? Keypoints.Line(Positions, ((Dot)other).Positions, scale, settings.LineDirectionCounts, settings.Sigma) : null;
    }

    private sealed record Figure(Dictionary<string, (double X, double Y)> Seen, double? Scale, Extent Reach) : Drawn(Reach)
    {
        public override Extent Cover => Around(Seen.Values);

        public static Figure Of(JsonObject g, AssetSize size)
        {
            var seen = g.Where(k => k.Value![2]!.GetValue<double>() > 0).ToDictionary(k => k.Key, k => (k.Value![0]!.GetValue<double>(), k.Value[1]!.GetValue<double>()), StringComparer.Ordinal);
            var around = Around(seen.Values);
            double? area = (around.MaxX - around.MinX) * (around.MaxY - around.MinY);
            // A pose whose keypoints lie in one line has no area: it is measured as points are.
            if (area == 0) area = size is { Width: { } w, Height: { } h } ? Keypoints.PictureScale(w, h) : null;
            return new Figure(seen, area, Around(seen.Values, 2 * HalfReach(area ?? 0)));
        }

        public override double? To(Drawn other, AgreementSettings settings)
        {
            var b = (Figure)other;
            double? there = Scale is { } s ? Keypoints.Pose(Seen, b.Seen, s, settings.Sigma) : null;
            if (settings.FirstIsTruth) return there;
            return b.Scale is { } t ? (there + Keypoints.Pose(b.Seen, Seen, t, settings.Sigma)) / 2 : null;
        }
    }
}
