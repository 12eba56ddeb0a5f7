namespace Hybrid.Cli.Connection;

/// <summary>Why a command cannot go on, in a sentence with its remedy.</summary>
/// <param name="sentence">What a person reads.</param>
/// <param name="passing">The same again may succeed: nobody answered, or the server was not ready.</param>
internal sealed class Failure(string sentence, bool passing = false) : Exception(sentence)
{
    /// <summary>The same again may succeed.</summary>
    public bool Passing { get; } = passing;
}
