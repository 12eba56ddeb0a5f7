using System.Text.Json;
using System.Text.Json.Nodes;
using static Hybrid.Quality.Labels.GeometryNumbers;

namespace Hybrid.Quality.Labels;

/// <summary>Tracks: keyframes in rising order, each with a geometry of the tool's kind.</summary>
internal sealed partial class GeometryCheck
{
    private Extent? Track(Tool tool, JsonObject geometry)
    {
        if (!Only(geometry, "keyframes")) return null;
        if (geometry["keyframes"] is not JsonArray { Count: > 0 } frames) return Wrong("A track has keyframes.");
        Keyframes = frames.Count;
        Extent? all = null;
        var last = -1d;
        for (var i = 0; i < frames.Count; i++)
        {
            var at = $"{path}.keyframes[{i}]";
            if (frames[i] is not JsonObject key || key.Any(m => m.Key is not ("frame" or "geometry" or "mode" or "occluded" or "outside")) || !TryWhole(key["frame"], out var frame) || frame < 0 || frame <= last
                || !Flag(key["occluded"]) || !Flag(key["outside"]) || key["mode"] is not JsonValue mode || !mode.TryGetValue(out string? text) || text is not ("linear" or "hold"))
            {
                violations.Add(new Violation(at, objectId, "wrong_geometry", "Keyframes have frame (whole numbers in rising order from 0), geometry, mode (linear or hold), occluded and outside."));
                return null;
            }

            last = frame;
            if (key["geometry"] is not JsonObject still)
            {
                violations.Add(new Violation($"{at}.geometry", objectId, "wrong_geometry", "The geometry is an object."));
                continue;
            }

            var extent = new GeometryCheck(violations, $"{at}.geometry", objectId, size).Still(tool, still);
            all = all is { } a && extent is { } e ? a.Union(e) : all ?? extent;
        }

        return all;
    }

    private static bool Flag(JsonNode? node) => node is null || node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;
}
