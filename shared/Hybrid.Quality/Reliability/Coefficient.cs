namespace Hybrid.Quality.Reliability;

/// <summary>A coefficient of agreement beyond chance.</summary>
/// <param name="Value">At most 1; 0 = as by chance. Null when chance alone agrees fully (one category) or nothing can be compared.</param>
/// <param name="N">Units that it rests on.</param>
public readonly record struct Coefficient(double? Value, int N);
