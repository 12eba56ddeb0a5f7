namespace Hybrid.Cli;

/// <summary>What the program ends with, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Everything was done, or would be.</summary>
    public const int Done = 0;

    /// <summary>Some lines were refused, or would be; the others were done.</summary>
    public const int SomeRefused = 1;

    /// <summary>Nothing can be said to be done: wrong arguments, no key, no answer, or a refusal of the whole.</summary>
    public const int Failed = 2;
}
