namespace Hybrid.ControlPlane.Features.Imports;

/// <summary>Codes of a store that has a bad minute: it is asked again, where everything else is told to a person at once.</summary>
internal static class PassingTrouble
{
    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal) { "storage.slow", "storage.busy", "storage.interrupted", "storage.unreachable", "storage.resting", "agent.busy" };

    /// <summary>Whether it may be over by itself.</summary>
    public static bool Is(string? code) => code is not null && Codes.Contains(code);

    /// <summary>Whether the agent said so without asking the store, so that it says nothing about an object.</summary>
    public static bool IsNotAsked(string? code) => code is "storage.resting" or "agent.busy";
}
