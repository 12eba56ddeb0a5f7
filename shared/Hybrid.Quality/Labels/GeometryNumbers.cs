using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Quality.Labels;

/// <summary>Numbers of geometries: read, and rounded half to even, so that the same work gives the same digest on every machine.</summary>
internal static class GeometryNumbers
{
    /// <summary>Decimals of pixels, points, metres and milliseconds.</summary>
    public const int PixelDecimals = 3;

    /// <summary>Decimals of degrees.</summary>
    public const int DegreeDecimals = 7;

    /// <summary>Greatest magnitude of a coordinate: far beyond any asset, far below where a double loses its third decimal.</summary>
    public const double Greatest = 1e9;

    public static bool TryNumber(JsonNode? node, out double number)
    {
        number = 0;
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out number) && Math.Abs(number) <= Greatest;
    }

    public static bool TryWhole(JsonNode? node, out double number) => TryNumber(node, out number) && number == Math.Floor(number);

    // Adding zero makes a negative zero a zero.
    public static double Round(double value) => Math.Round(value, PixelDecimals, MidpointRounding.ToEven) + 0.0;

    public static double RoundDegrees(double value) => Math.Round(value, DegreeDecimals, MidpointRounding.ToEven) + 0.0;
}
