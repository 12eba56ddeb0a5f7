namespace Hybrid.ControlPlane.Persistence;

/// <summary>Languages that the product speaks (ISO 639-1); each has a catalogue of that name in the workspace.</summary>
public static class Languages
{
    /// <summary>Longest code that a column holds.</summary>
    public const int MaxLength = 8;

    /// <summary>The codes; the first is spoken to whom none of them suits.</summary>
    public static IReadOnlyList<string> All { get; } = ["en", "de", "fr"];
}
