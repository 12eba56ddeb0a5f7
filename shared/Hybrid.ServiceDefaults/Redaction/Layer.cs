using System.Globalization;

namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>A text with one more layer of escapes undone, and where each of its characters came from.</summary>
/// <param name="Text">The text.</param>
/// <param name="Origins">For each character, and for the end, its place in the first text; null for the first text itself.</param>
internal sealed record Layer(ReadOnlyMemory<char> Text, int[]? Origins)
{
    /// <summary>Undoes <c>%XX</c>, JSON's <c>\uXXXX</c>, <c>\/</c>, <c>\"</c>, <c>\\</c>, and <c>&amp;amp;</c>; null when there is nothing to undo.</summary>
    public Layer? Decode()
    {
        var text = Text.Span;
        if (!HasEscape(text)) return null;
        var decoded = new char[text.Length];
        var origins = new int[text.Length + 1];
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            var (value, width) = Next(text[i..]);
            origins[length] = Origin(i);
            decoded[length++] = value;
            i += width;
        }

        origins[length] = Origin(text.Length);
        return new Layer(decoded.AsMemory(0, length), origins);
    }

    /// <summary>The place in the first text.</summary>
    public Found ToOriginal(Found found) => new(Origins![found.Start], Origins[found.End], found.Kind);

    // Before anything is allocated: most lines have none.
    private static bool HasEscape(ReadOnlySpan<char> text)
    {
        for (var at = 0; text[at..].IndexOfAny('%', '\\', '&') is var next and >= 0; at++)
        {
            at += next;
            if (Next(text[at..]).Width > 1) return true;
        }

        return false;
    }

    private int Origin(int at) => Origins is null ? at : Origins[at];

    // Bytes become characters one by one: names and shapes of secrets are ASCII, and what is not is only passed over.
    private static (char Value, int Width) Next(ReadOnlySpan<char> text) => text switch
    {
        ['%', var a, var b, ..] when char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) => (Hex(text.Slice(1, 2)), 3),
        ['\\', 'u' or 'U', var a, var b, var c, var d, ..] when char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) && char.IsAsciiHexDigit(c) && char.IsAsciiHexDigit(d) => (Hex(text.Slice(2, 4)), 6),
        ['\\', ('/' or '"' or '\\') and var escaped, ..] => (escaped, 2),
        ['&', 'a', 'm', 'p', ';', ..] => ('&', 5),
        _ => (text[0], 1),
    };

    private static char Hex(ReadOnlySpan<char> digits) => (char)int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
