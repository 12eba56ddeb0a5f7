using System.Text.Json.Nodes;
using NetTopologySuite.Geometries;
using static Hybrid.Quality.Labels.GeometryNumbers;

namespace Hybrid.Quality.Labels;

/// <summary>A bounding extent in the geometry's own unit.</summary>
public readonly record struct Extent(double MinX, double MinY, double MaxX, double MaxY)
{
    /// <summary>The extent of both.</summary>
    public Extent Union(Extent other) => new(Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));
}

/// <summary>
/// Checks one geometry of any kind (label-model.md § geometry), rounding its numbers in place: finite, of the right members, inside the
/// asset, and valid as a shape.
/// </summary>
internal sealed partial class GeometryCheck(List<Violation> violations, string path, string? objectId, AssetSize size)
{
    // An edge that is a sum of two rounded numbers may lie this far outside, although the work itself lay inside.
    private const double Give = 0.001;

    /// <summary>Keyframes seen by this check.</summary>
    public int Keyframes { get; private set; }

    /// <summary>The extent in pixels, or null when the kind has none or the geometry is wrong.</summary>
    public Extent? Check(Tool tool, JsonNode? node)
    {
        if (node is not JsonObject geometry) return Wrong("The geometry is an object.");
        return tool.Track ? Track(tool, geometry) : Still(tool, geometry);
    }

    private Extent? Still(Tool tool, JsonObject geometry) => tool.Kind switch
    {
        "box" => Box(geometry),
        "page-box" => PageBox(geometry),
        "rotated-box" => Turned(geometry, RectangleReach),
        "ellipse" => Turned(geometry, EllipseReach),
        "polygon" => Polygon(geometry),
        "polyline" => Line(geometry),
        "point" => Only(geometry, "x", "y") && Numbers(geometry, "x", "y") is [var x, var y] ? Inside(new Extent(x, y, x, y)) : null,
        "pose" => Pose(tool, geometry),
        "mask" => Mask(geometry),
        "cuboid" => Cuboid(geometry),
        "span" => Span(geometry),
        "region" => Region(geometry),
        _ => Wrong($"The kind {tool.Kind} is not known."),
    };

    private Extent? Box(JsonObject geometry)
    {
        if (!Only(geometry, "x", "y", "w", "h") || Numbers(geometry, "x", "y", "w", "h") is not [var x, var y, var w, var h]) return null;
        if (w <= 0 || h <= 0) return Zero();
        return Inside(new Extent(x, y, x + w, y + h), after: Give);
    }

    // The size of the page is not known here.
    private Extent? PageBox(JsonObject geometry)
    {
        if (!Only(geometry, "page", "x", "y", "w", "h") || Numbers(geometry, "page", "x", "y", "w", "h") is not [var page, var x, var y, var w, var h]) return null;
        if (w <= 0 || h <= 0) return Zero();
        return page < 1 || page != Math.Floor(page) || x < 0 || y < 0
            ? Wrong("A page box has a whole page (from 1), x ≥ 0, y ≥ 0, w > 0, h > 0.")
            : new Extent(x, y, x + w, y + h);
    }

    private Extent? Turned(JsonObject geometry, Func<double, double, double, double, (double, double)> reach)
    {
        if (!Only(geometry, "cx", "cy", "w", "h", "angle") || Numbers(geometry, "cx", "cy", "w", "h") is not [var cx, var cy, var w, var h]) return null;
        if (!TryNumber(geometry["angle"], out var angle) || angle is < 0 or >= 360) return Wrong("The angle is a number in [0, 360), degrees clockwise.");
        // Just below a full turn rounds to a full turn, which is none.
        angle = RoundDegrees(angle) is var degrees and < 360 ? degrees : 0;
        geometry["angle"] = angle;
        if (w <= 0 || h <= 0) return Zero();
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var (dx, dy) = reach(w / 2, h / 2, sin, cos);
        return Inside(new Extent(cx - dx, cy - dy, cx + dx, cy + dy), Give, Give);
    }

    private static (double, double) RectangleReach(double a, double b, double sin, double cos) =>
        ((a * Math.Abs(cos)) + (b * Math.Abs(sin)), (a * Math.Abs(sin)) + (b * Math.Abs(cos)));

    private static (double, double) EllipseReach(double a, double b, double sin, double cos) =>
        (Math.Sqrt((a * a * cos * cos) + (b * b * sin * sin)), Math.Sqrt((a * a * sin * sin) + (b * b * cos * cos)));

    private Extent? Line(JsonObject geometry)
    {
        if (!Only(geometry, "points") || Points(geometry["points"]) is not { } points) return null;
        if (points.Count < 2) return Few(2);
        var line = new LineString([.. points]);
        return line.Length <= 0 ? Zero() : Inside(Of(line.EnvelopeInternal));
    }

    private Extent? Pose(Tool tool, JsonObject geometry)
    {
        var seen = new Envelope();
        foreach (var (name, value) in geometry.ToList())
        {
            if (tool.Keypoints.Count > 0 && !tool.Keypoints.Contains(name)) Add("unknown_keypoint", $"{tool.Id} has no keypoint {name}.");
            if (value is not JsonArray { Count: 3 } triple || !TryNumber(triple[0], out var x) || !TryNumber(triple[1], out var y) || !TryNumber(triple[2], out var v) || v is not (0 or 1 or 2))
                return Wrong($"The keypoint {name} is [x, y, visibility 0–2].");
            triple[0] = x = Round(x);
            triple[1] = y = Round(y);
            // COCO: visibility 0 means not labeled, and its place says nothing.
            if (v > 0) seen.ExpandToInclude(x, y);
        }

        return seen.IsNull ? Few(1) : Inside(Of(seen));
    }

    private Extent? Mask(JsonObject geometry)
    {
        if (!Only(geometry, "size", "counts")) return null;
        if (geometry["size"] is not JsonArray { Count: 2 } dimensions || !TryWhole(dimensions[0], out var h) || !TryWhole(dimensions[1], out var w) || h is < 1 or > MaskRuns.MaxSide || w is < 1 or > MaskRuns.MaxSide
            || geometry["counts"] is not JsonValue counts || !counts.TryGetValue(out string? text))
            return Wrong("A mask has size [h, w], whole numbers from 1, and counts (COCO compressed RLE).");
        if (size.Width is { } width && size.Height is { } height && (w != width || h != height)) Add("outside_asset", $"The mask's size is {w}×{h}; the picture's is {width}×{height}.");
        if (!MaskRuns.TryRead(text, (int)h, (int)w, out var extent, out var fault)) return Wrong(fault);
        return extent ?? Zero();
    }

    private Extent? Cuboid(JsonObject geometry)
    {
        if (!Only(geometry, "center", "size", "rotation")) return null;
        if (Vector(geometry["center"], 3) is null || Vector(geometry["size"], 3) is not { } sides || Vector(geometry["rotation"], 4) is not { } turn)
            return Wrong("A cuboid has center [x y z], size [l w h] and rotation [qx qy qz qw].");
        if (sides.Any(s => s <= 0)) return Zero();
        return Math.Abs(Math.Sqrt(turn.Sum(q => q * q)) - 1) > 0.001 ? Wrong("The rotation is a unit quaternion.") : null;
    }

    private Extent? Span(JsonObject geometry)
    {
        if (!Only(geometry, "start", "end", "text")) return null;
        if (!TryWhole(geometry["start"], out var start) || !TryWhole(geometry["end"], out var end) || start < 0 || end <= start)
            return Wrong("A span has start and end in whole code points, 0 ≤ start < end.");
        // The text itself stays in the customer's storage; its length in code points is what can be checked here.
        if (geometry["text"] is { } repeated && (repeated is not JsonValue value || !value.TryGetValue(out string? text) || text.EnumerateRunes().Count() != end - start))
            return Wrong("text repeats the span's characters: as many code points as from start to end.");
        return new Extent(start, 0, end, 0);
    }

    private Extent? Region(JsonObject geometry)
    {
        if (!Only(geometry, "start", "end", "channel") || Numbers(geometry, "start", "end") is not [var start, var end]) return null;
        if (start < 0 || end <= start) return Wrong("A region has start and end in milliseconds, 0 ≤ start < end.");
        return geometry["channel"] is { } channel && (!TryWhole(channel, out var number) || number < 0)
            ? Wrong("The channel is a whole number from 0.")
            : new Extent(start, 0, end, 0);
    }

    private double[]? Numbers(JsonObject geometry, params ReadOnlySpan<string> names)
    {
        var values = new double[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!TryNumber(geometry[names[i]], out values[i]))
            {
                Wrong($"{names[i]} is a finite number of at most {Greatest:0}.");
                return null;
            }

            geometry[names[i]] = values[i] = Round(values[i]);
        }

        return values;
    }

    private List<Coordinate>? Points(JsonNode? node)
    {
        if (node is not JsonArray list)
        {
            Wrong("Points are a list of [x, y].");
            return null;
        }

        var points = new List<Coordinate>(list.Count);
        foreach (var item in list)
        {
            if (item is not JsonArray { Count: 2 } pair || !TryNumber(pair[0], out var x) || !TryNumber(pair[1], out var y))
            {
                Wrong($"Points are a list of [x, y], finite numbers of at most {Greatest:0}.");
                return null;
            }

            pair[0] = x = Round(x);
            pair[1] = y = Round(y);
            points.Add(new Coordinate(x, y));
        }

        return points;
    }

    private static double[]? Vector(JsonNode? node, int length)
    {
        if (node is not JsonArray list || list.Count != length) return null;
        var values = new double[length];
        for (var i = 0; i < length; i++)
        {
            if (!TryNumber(list[i], out values[i])) return null;
        }

        return values;
    }

    private bool Only(JsonObject geometry, params ReadOnlySpan<string> members)
    {
        foreach (var (name, _) in geometry)
        {
            if (members.Contains(name)) continue;
            Add("unknown_member", $"{name} is no member of this geometry.");
            return false;
        }

        return true;
    }

    private static Extent Of(Envelope e) => new(e.MinX, e.MinY, e.MaxX, e.MaxY);

    private Extent? Inside(Extent e, double before = 0, double after = 0)
    {
        if (size.Width is { } width && size.Height is { } height
            && (Round(-e.MinX) > before || Round(-e.MinY) > before || Round(e.MaxX - width) > after || Round(e.MaxY - height) > after))
            Add("outside_asset", $"The shape reaches from {e.MinX:0.###}, {e.MinY:0.###} to {e.MaxX:0.###}, {e.MaxY:0.###}; the picture is {width} × {height}.");
        return e;
    }

    private Extent? Wrong(string message) => Refuse("wrong_geometry", message);

    private Extent? Zero() => Refuse("zero_area", "The shape has no extent.");

    private Extent? Few(int least) => Refuse("too_few_points", $"At least {least} points are needed.");

    private Extent? Refuse(string code, string message)
    {
        Add(code, message);
        return null;
    }

    private void Add(string code, string message) => violations.Add(new Violation(path, objectId, code, message));
}
