using System.Text.Json.Nodes;
using static Hybrid.Quality.Labels.GeometryNumbers;

namespace Hybrid.Quality.Labels;

/// <summary>Checks a GeoJSON geometry (RFC 7946) beside a pixel geometry, rounding degrees in place.</summary>
internal sealed class GeographicCheck(List<Violation> violations, string path, string? objectId)
{
    private const int MaxNesting = 8;

    public void Check(JsonNode? node)
    {
        if (!IsGeometry(node, 0)) violations.Add(new Violation(path, objectId, "wrong_geometry", "geographic is a GeoJSON geometry: longitude in [-180, 180], latitude in [-90, 90], closed rings."));
    }

    private static bool IsGeometry(JsonNode? node, int nesting)
    {
        if (node is not JsonObject geometry || nesting > MaxNesting || geometry["type"] is not JsonValue type || !type.TryGetValue(out string? kind)) return false;
        if (kind == "GeometryCollection") return geometry.Count == 2 && geometry["geometries"] is JsonArray { Count: > 0 } all && all.All(g => IsGeometry(g, nesting + 1));
        var coordinates = geometry["coordinates"];
        return geometry.Count == 2 && kind switch
        {
            "Point" => IsPosition(coordinates),
            "MultiPoint" => Each(coordinates, 1, IsPosition),
            "LineString" => IsLine(coordinates),
            "MultiLineString" => Each(coordinates, 1, IsLine),
            "Polygon" => IsPolygon(coordinates),
            "MultiPolygon" => Each(coordinates, 1, IsPolygon),
            _ => false,
        };
    }

    private static bool IsLine(JsonNode? node) => Each(node, 2, IsPosition);

    private static bool IsPolygon(JsonNode? node) => Each(node, 1, ring => Each(ring, 4, IsPosition) && JsonNode.DeepEquals(ring![0], ring.AsArray()[^1]));

    private static bool Each(JsonNode? node, int least, Func<JsonNode?, bool> good) => node is JsonArray list && list.Count >= least && list.ToList().TrueForAll(n => good(n));

    private static bool IsPosition(JsonNode? node)
    {
        if (node is not JsonArray { Count: 2 } pair || !TryNumber(pair[0], out var longitude) || !TryNumber(pair[1], out var latitude)) return false;
        pair[0] = RoundDegrees(longitude);
        pair[1] = RoundDegrees(latitude);
        return longitude is >= -180 and <= 180 && latitude is >= -90 and <= 90;
    }
}
