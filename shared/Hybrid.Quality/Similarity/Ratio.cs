namespace Hybrid.Quality.Similarity;

/// <summary>Jaccard's ratio from an intersection and two measures.</summary>
internal static class Ratio
{
    // Rounding may leave an intersection a hair above what it lies in.
    public static double Of(double intersection, double a, double b) =>
        a + b - intersection is var union && union > 0 ? Math.Clamp(intersection / union, 0, 1) : 0;
}
