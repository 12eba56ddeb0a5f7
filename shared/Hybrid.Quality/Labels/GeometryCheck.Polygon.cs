using System.Text.Json.Nodes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace Hybrid.Quality.Labels;

/// <summary>Polygons: rings and parts of rings, each valid, and parts that do not overlap.</summary>
internal sealed partial class GeometryCheck
{
    private Extent? Polygon(JsonObject geometry)
    {
        var several = geometry.ContainsKey("parts");
        if (!Only(geometry, several ? "parts" : "rings")) return null;
        List<JsonNode?> parts = several ? [.. geometry["parts"] as JsonArray ?? []] : [geometry["rings"]];
        if (parts.Count == 0) return Wrong("A polygon has rings, or parts of rings.");
        var polygons = new List<Polygon>();
        var sound = true;
        foreach (var part in parts)
        {
            if (part is not JsonArray { Count: > 0 } rings) return Wrong("A polygon has rings: the first outer, the others holes.");
            if (Area(rings) is not { } polygon) return null;
            sound &= IsValid(polygon);
            polygons.Add(polygon);
        }

        var whole = new MultiPolygon([.. polygons]);
        if (sound && polygons.Count > 1 && new IsValidOp(whole).ValidationError is { } fault)
            Add("parts_overlap", $"Two parts overlap near {fault.Coordinate.X:0.#}, {fault.Coordinate.Y:0.#}.");
        return Inside(Of(whole.EnvelopeInternal));
    }

    private Polygon? Area(JsonArray rings)
    {
        var closed = new List<LinearRing>();
        foreach (var ring in rings)
        {
            if (Points(ring) is not { } points) return null;
            // Rings are closed by themselves: a repeated first corner is dropped, so that both ways to write it give one digest.
            if (points.Count > 1 && points[0].Equals2D(points[^1]))
            {
                ring!.AsArray().RemoveAt(points.Count - 1);
                points.RemoveAt(points.Count - 1);
            }

            if (points.Count < 3)
            {
                Few(3);
                return null;
            }

            closed.Add(new LinearRing([.. points.Append(points[0])]));
        }

        var polygon = new Polygon(closed[0], [.. closed.Skip(1)]);
        if (closed.All(HasExtent)) return polygon;
        Zero();
        return null;
    }

    // The area with its sign can be nothing where an outline crosses itself: only then the hull decides.
    private static bool HasExtent(LinearRing ring) => NetTopologySuite.Algorithm.Area.OfRing(ring.CoordinateSequence) > 0 || ring.ConvexHull().Area > 0;

    private bool IsValid(Polygon polygon)
    {
        if (new IsValidOp(polygon).ValidationError is not { } fault) return true;
        var near = $"near {fault.Coordinate.X:0.#}, {fault.Coordinate.Y:0.#}";
        var (code, message) = fault.ErrorType switch
        {
            TopologyValidationErrors.HoleOutsideShell => ("hole_outside", $"A hole lies outside its outline {near}."),
            TopologyValidationErrors.NestedHoles => ("nested_holes", $"A hole lies in another hole {near}."),
            _ => ("self_intersection", $"The outline crosses or touches itself {near}."),
        };
        Add(code, message);
        return false;
    }
}
