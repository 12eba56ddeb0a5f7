using System.Text.Json;
using System.Text.Json.Nodes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace Hybrid.Quality.Labels;

/// <summary>A bounding extent in the geometry's own unit.</summary>
public readonly record struct Extent(double MinX, double MinY, double MaxX, double MaxY)
{
    /// <summary>The extent of both.</summary>
    public Extent Union(Extent other) => new(Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));
}

/// <summary>
/// Checks one geometry of any kind (label-model.md § geometry), rounding pixel numbers in place: finite, of the right members, inside the
/// asset, and valid as a shape.
/// </summary>
internal sealed class GeometryCheck(List<Violation> violations, string path, string? objectId, AssetSize size)
{
    private const int PixelDecimals = 3;

    // A rounded corner may lie this far outside without being outside.
    private const double Tolerance = 0.001;

    public Extent? Check(string kind, JsonNode? node)
    {
        if (node is not JsonObject geometry)
        {
            Add("wrong_geometry", "The geometry is an object.");
            return null;
        }

        return kind switch
        {
            "box" => Box(geometry),
            "page-box" => Numbers(geometry, "page", "x", "y", "w", "h") is [>= 1, _, _, > 0, > 0] p ? new Extent(p[1], p[2], p[1] + p[3], p[2] + p[4]) : Wrong("A page box has page (from 1), x, y, w > 0, h > 0."),
            "rotated-box" or "ellipse" => Turned(geometry),
            "polygon" => Polygon(geometry),
            "polyline" => Line(geometry),
            "point" => Numbers(geometry, "x", "y") is [var x, var y] ? Inside(new Extent(x, y, x, y)) : null,
            "pose" => Pose(geometry),
            "mask" => Mask(geometry),
            "cuboid" => Cuboid(geometry),
            "span" => Range(geometry, "A span has start and end in code points, 0 ≤ start < end."),
            "region" => Range(geometry, "A region has start and end in milliseconds, 0 ≤ start < end."),
            "track" => Track(geometry),
            _ => Wrong($"The kind {kind} is not known."),
        };
    }

    private Extent? Box(JsonObject geometry)
    {
        if (Numbers(geometry, "x", "y", "w", "h") is not [var x, var y, var w, var h]) return null;
        if (w <= 0 || h <= 0) return Zero();
        return Inside(new Extent(x, y, x + w, y + h));
    }

    private Extent? Turned(JsonObject geometry)
    {
        if (Numbers(geometry, "cx", "cy", "w", "h", "angle") is not [var cx, var cy, var w, var h, var angle]) return null;
        if (w <= 0 || h <= 0) return Zero();
        if (angle is < 0 or >= 360) return Wrong("The angle lies in [0, 360).");
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var (dx, dy) = (((w * Math.Abs(cos)) + (h * Math.Abs(sin))) / 2, ((w * Math.Abs(sin)) + (h * Math.Abs(cos))) / 2);
        return Inside(new Extent(cx - dx, cy - dy, cx + dx, cy + dy));
    }

    private Extent? Polygon(JsonObject geometry)
    {
        var parts = geometry["parts"] is JsonArray several ? several.ToList() : [geometry["rings"]];
        if (parts.Count == 0) return Wrong("A polygon has rings, or parts of rings.");
        Extent? all = null;
        foreach (var part in parts)
        {
            if (part is not JsonArray { Count: > 0 } rings) return Wrong("A polygon has rings: the first outer, the others holes.");
            var shells = new List<LinearRing>();
            foreach (var ring in rings)
            {
                if (Points(ring) is not { } points) return null;
                if (points.Count < 3) return Few(3);
                shells.Add(new LinearRing([.. points.Append(points[0])]));
            }

            var polygon = new Polygon(shells[0], [.. shells.Skip(1)]);
            if (polygon.Area <= 0) return Zero();
            var fault = new IsValidOp(polygon).ValidationError;
            if (fault is not null) Add("self_intersection", $"The outline crosses or touches itself near {fault.Coordinate.X:0.#}, {fault.Coordinate.Y:0.#}.");
            var extent = Of(polygon.EnvelopeInternal);
            all = all is { } a ? a.Union(extent) : extent;
        }

        return Inside(all!.Value);
    }

    private Extent? Line(JsonObject geometry)
    {
        if (Points(geometry["points"]) is not { } points) return null;
        if (points.Count < 2) return Few(2);
        var line = new LineString([.. points]);
        return line.Length <= 0 ? Zero() : Inside(Of(line.EnvelopeInternal));
    }

    private Extent? Pose(JsonObject geometry)
    {
        var points = new List<Coordinate>();
        foreach (var (name, value) in geometry)
        {
            if (value is not JsonArray { Count: 3 } triple || !TryNumber(triple[0], out var x) || !TryNumber(triple[1], out var y) || !TryNumber(triple[2], out var v) || v is not (0 or 1 or 2))
                return Wrong($"The keypoint {name} is [x, y, visibility 0–2].");
            triple[0] = Rounded(x);
            triple[1] = Rounded(y);
            // COCO: visibility 0 means not labeled, and its place says nothing.
            if (v > 0) points.Add(new Coordinate(x, y));
        }

        return points.Count == 0 ? Few(1) : Inside(Of(new LineString(points.Count == 1 ? [points[0], points[0]] : [.. points]).EnvelopeInternal));
    }

    private Extent? Mask(JsonObject geometry)
    {
        if (geometry["size"] is not JsonArray { Count: 2 } dimensions || !TryNumber(dimensions[0], out var h) || !TryNumber(dimensions[1], out var w) || geometry["counts"] is not JsonValue counts || !counts.TryGetValue(out string? _))
            return Wrong("A mask has size [h, w] and counts (COCO compressed RLE).");
        if (size.Width is { } width && size.Height is { } height && (w != width || h != height)) Add("outside_asset", $"The mask's size is {w}×{h}; the picture's is {width}×{height}.");
        return new Extent(0, 0, w, h);
    }

    private Extent? Cuboid(JsonObject geometry)
    {
        var good = Vector(geometry["center"], 3) && Vector(geometry["size"], 3) && Vector(geometry["rotation"], 4) && geometry["size"]!.AsArray().All(s => s!.GetValue<double>() > 0);
        return good ? null : Wrong("A cuboid has center [x y z], size [l w h] > 0 and rotation [qx qy qz qw].");
    }

    private Extent? Range(JsonObject geometry, string rule)
    {
        if (!TryNumber(geometry["start"], out var start) || !TryNumber(geometry["end"], out var end) || start < 0 || end <= start) return Wrong(rule);
        return new Extent(start, 0, end, 0);
    }

    private Extent? Track(JsonObject geometry)
    {
        if (geometry["keyframes"] is not JsonArray { Count: > 0 } frames) return Wrong("A track has keyframes.");
        var last = -1d;
        foreach (var frame in frames)
        {
            if (frame is not JsonObject key || !TryNumber(key["frame"], out var at) || at < 0 || at != Math.Floor(at) || at <= last || key["geometry"] is not JsonObject)
                return Wrong("Keyframes have whole frame numbers in rising order and a geometry.");
            last = at;
        }

        return null;
    }

    private double[]? Numbers(JsonObject geometry, params ReadOnlySpan<string> names)
    {
        var values = new double[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!TryNumber(geometry[names[i]], out values[i]))
            {
                Wrong($"{names[i]} is a finite number.");
                return null;
            }

            geometry[names[i]] = Rounded(values[i]);
            values[i] = Round(values[i]);
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
                Wrong("Points are a list of [x, y], finite numbers.");
                return null;
            }

            pair[0] = Rounded(x);
            pair[1] = Rounded(y);
            points.Add(new Coordinate(Round(x), Round(y)));
        }

        return points;
    }

    private static bool Vector(JsonNode? node, int length) => node is JsonArray list && list.Count == length && list.All(n => TryNumber(n, out _));

    private static bool TryNumber(JsonNode? node, out double number)
    {
        number = 0;
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out number) && double.IsFinite(number);
    }

    private static double Round(double value) => Math.Round(value, PixelDecimals, MidpointRounding.ToEven);

    private static JsonValue Rounded(double value) => JsonValue.Create(Round(value));

    private static Extent Of(Envelope e) => new(e.MinX, e.MinY, e.MaxX, e.MaxY);

    private Extent? Inside(Extent e)
    {
        if (size.Width is { } width && size.Height is { } height
            && (e.MinX < -Tolerance || e.MinY < -Tolerance || e.MaxX > width + Tolerance || e.MaxY > height + Tolerance))
            Add("outside_asset", $"The shape reaches from {e.MinX:0.#}, {e.MinY:0.#} to {e.MaxX:0.#}, {e.MaxY:0.#}; the picture is {width} × {height}.");
        return e;
    }

    private Extent? Wrong(string message)
    {
        Add("wrong_geometry", message);
        return null;
    }

    private Extent? Zero()
    {
        Add("zero_area", "The shape has no extent.");
        return null;
    }

    private Extent? Few(int least)
    {
        Add("too_few_points", $"At least {least} points are needed.");
        return null;
    }

    private void Add(string code, string message) => violations.Add(new Violation(path, objectId, code, message));
}
