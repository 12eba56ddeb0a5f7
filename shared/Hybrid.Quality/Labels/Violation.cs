namespace Hybrid.Quality.Labels;

/// <summary>One broken rule; all are listed, never the first alone.</summary>
/// <param name="Path">Where, as a JSON path, e.g. <c>objects[2].geometry</c>.</param>
/// <param name="ObjectId">The object, when it belongs to one.</param>
/// <param name="Code">Stable code, e.g. <c>outside_asset</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record Violation(string Path, string? ObjectId, string Code, string Message);
