using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace Hybrid.Quality.Similarity;

/// <summary>
/// Exact areas of polygons with holes, parts and self-touching rings, of rotated boxes and of ellipses. The overlay is NetTopologySuite's
/// OverlayNG with its robust fallbacks (snapping, then snap rounding), not our own.
/// </summary>
public static class AreaOverlap
{
    /// <summary>Corners of an ellipse's polygon, whose area is exactly the ellipse's.</summary>
    public const int EllipseCorners = 256;

    private static readonly GeometryFactory Plane = new();

    /// <summary>Intersection over union in [0, 1] of two areas made by this class.</summary>
    public static double IoU(NetTopologySuite.Geometries.Geometry a, NetTopologySuite.Geometries.Geometry b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!a.EnvelopeInternal.Intersects(b.EnvelopeInternal)) return 0;
        if (a.EqualsExact(b)) return 1;
        return Ratio.Of(OverlayNGRobust.Overlay(a, b, SpatialFunction.Intersection).Area, a.Area, b.Area);
    }

    /// <summary>A polygon of parts; of each part the first ring is the outline and the others are holes. Rings close by themselves.</summary>
    /// <remarks>An outline that crosses or touches itself encloses what lies inside any of its loops (GeometryFixer).</remarks>
    public static NetTopologySuite.Geometries.Geometry Polygon(IEnumerable<IReadOnlyList<IReadOnlyList<(double X, double Y)>>> parts)
    {
        var polygons = parts.Select(rings => Plane.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)])).ToArray();
        NetTopologySuite.Geometries.Geometry whole = polygons.Length == 1 ? polygons[0] : Plane.CreateMultiPolygon(polygons);
        return whole.IsValid ? whole : GeometryFixer.Fix(whole);
    }

    /// <summary>A box turned about its centre, degrees clockwise as seen with y down.</summary>
    public static NetTopologySuite.Geometries.Geometry RotatedBox(double cx, double cy, double w, double h, double angle)
    {
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        return Polygon([[[Turn(-w / 2, -h / 2), Turn(w / 2, -h / 2), Turn(w / 2, h / 2), Turn(-w / 2, h / 2)]]]);

        (double X, double Y) Turn(double dx, double dy) => (cx + (dx * cos) - (dy * sin), cy + (dx * sin) + (dy * cos));
    }

    /// <summary>An ellipse in its turned box, as a polygon of equal area with <see cref="EllipseCorners"/> corners.</summary>
    public static NetTopologySuite.Geometries.Geometry Ellipse(double cx, double cy, double w, double h, double angle)
    {
        const double step = 2 * Math.PI / EllipseCorners;
        var scale = Math.Sqrt(step / Math.Sin(step)) / 2;
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var corners = new (double X, double Y)[EllipseCorners];
        for (var i = 0; i < EllipseCorners; i++)
        {
            var (y, x) = Math.SinCos(i * step);
            var (dx, dy) = (x * w * scale, y * h * scale);
            corners[i] = (cx + (dx * cos) - (dy * sin), cy + (dx * sin) + (dy * cos));
        }

        return Polygon([[corners]]);
    }

    private static LinearRing Ring(IReadOnlyList<(double X, double Y)> points)
    {
        var corners = points.Select(p => new Coordinate(p.X, p.Y)).ToList();
        if (!corners[0].Equals2D(corners[^1])) corners.Add(corners[0].Copy());
        return Plane.CreateLinearRing([.. corners]);
    }
}
