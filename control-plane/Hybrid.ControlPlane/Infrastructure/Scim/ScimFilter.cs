using System.Text.Json;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>A filter as RFC 7644 § 3.4.2.2 writes it, read and bounded; what it may ask about says <see cref="ScimQuery{T}"/>.</summary>
internal abstract record ScimFilter
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 2000;

    /// <summary>Most comparisons of one filter.</summary>
    public const int MaxComparisons = 50;

    /// <summary>Deepest nesting of parentheses, brackets and negations.</summary>
    public const int MaxNesting = 10;

    /// <summary>Both hold.</summary>
    public sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter;

    /// <summary>One of them holds.</summary>
    public sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter;

    /// <summary>It does not hold.</summary>
    public sealed record Not(ScimFilter Inner) : ScimFilter;

    /// <summary>The attribute has a value.</summary>
    public sealed record Present(ScimPath Path) : ScimFilter;

    /// <summary>The attribute compares so with a value.</summary>
    /// <param name="Path">The attribute.</param>
    /// <param name="Operator">Lower case: eq, ne, co, sw, ew, gt, ge, lt, le.</param>
    /// <param name="Value">A string, number, boolean or null of JSON.</param>
    public sealed record Compare(ScimPath Path, string Operator, JsonElement Value) : ScimFilter;

    /// <summary>One element of a multi-valued attribute fits the inner filter.</summary>
    public sealed record Element(ScimPath Path, ScimFilter Inner) : ScimFilter;

    /// <summary>Reads a filter.</summary>
    /// <exception cref="ScimException"><c>invalidFilter</c>.</exception>
    public static ScimFilter Parse(string text)
    {
        if (text.Length > MaxLength) throw ScimException.Filter($"it is longer than {MaxLength} characters");
        var reader = new ScimReader(text);
        var filter = reader.Filter(0);
        reader.End();
        return filter;
    }
}

/// <summary>The path of an attribute: <c>[schema:]name[.sub]</c>, names to be compared whatever the case.</summary>
/// <param name="Schema">URN in front, or null.</param>
/// <param name="Name">Attribute.</param>
/// <param name="Sub">Part of it, or null.</param>
internal sealed record ScimPath(string? Schema, string Name, string? Sub)
{
    public override string ToString() => (Schema is null ? "" : Schema + ":") + Name + (Sub is null ? "" : "." + Sub);
}

/// <summary>The path of a PATCH operation (RFC 7644 § 3.5.2): an attribute, or a part of those elements of it that fit a filter.</summary>
/// <param name="Attribute">The attribute; its own part when there is no filter.</param>
/// <param name="Elements">Which elements, or null.</param>
/// <param name="Sub">Part of those elements, or null.</param>
internal sealed record ScimTarget(ScimPath Attribute, ScimFilter? Elements, string? Sub)
{
    /// <summary>Reads a path.</summary>
    /// <exception cref="ScimException"><c>invalidPath</c>.</exception>
    public static ScimTarget Parse(string text)
    {
        try
        {
            if (text.Length > ScimFilter.MaxLength) throw ScimException.Filter("it is too long");
            var reader = new ScimReader(text);
            var target = reader.Target();
            reader.End();
            return target;
        }
        catch (ScimException failed) when (failed.Type == ScimTypes.InvalidFilter)
        {
            throw new ScimException(400, ScimTypes.InvalidPath, $"The path is not valid: {failed.Because}.");
        }
    }
}

/// <summary>Reads the grammar of filters and paths, strictly and in one pass.</summary>
internal sealed class ScimReader(string text)
{
    private static readonly HashSet<string> Operators = new(StringComparer.OrdinalIgnoreCase) { "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le" };

    private int at;
    private int comparisons;

    /// <summary>Nothing may follow.</summary>
    public void End()
    {
        Blanks();
        if (at < text.Length) throw Wrong("something follows that does not belong to it");
    }

    /// <summary>A whole filter: "or" binds weaker than "and".</summary>
    public ScimFilter Filter(int nesting)
    {
        var left = Conjunction(nesting);
        while (Word("or")) left = new ScimFilter.Or(left, Conjunction(nesting));
        return left;
    }

    /// <summary>A path of PATCH.</summary>
    public ScimTarget Target()
    {
        var path = Path();
        if (!Sign('[')) return new ScimTarget(path, null, null);
        if (path.Sub is not null) throw Wrong("a part of an attribute has no elements");
        var elements = Filter(1);
        Need(']');
        return new ScimTarget(path, elements, Sign('.') ? Name() : null);
    }

    private ScimFilter Conjunction(int nesting)
    {
        var left = Term(nesting);
        while (Word("and")) left = new ScimFilter.And(left, Term(nesting));
        return left;
    }

    private ScimFilter Term(int nesting)
    {
        if (nesting > ScimFilter.MaxNesting) throw Wrong($"it is nested deeper than {ScimFilter.MaxNesting}");
        if (Negation())
        {
            Need('(');
            var inner = Filter(nesting + 1);
            Need(')');
            return new ScimFilter.Not(inner);
        }

        if (Sign('('))
        {
            var inner = Filter(nesting + 1);
            Need(')');
            return inner;
        }

        if (++comparisons > ScimFilter.MaxComparisons) throw Wrong($"it has more than {ScimFilter.MaxComparisons} comparisons");
        var path = Path();
        if (text.Length > at && text[at] == '[')
        {
            at++;
            if (path.Sub is not null) throw Wrong("a part of an attribute has no elements");
            var inner = Filter(nesting + 1);
            Need(']');
            return new ScimFilter.Element(path, inner);
        }

        if (Word("pr")) return new ScimFilter.Present(path);
        Blanks();
        var from = at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        var comparison = text[from..at];
        if (!Operators.Contains(comparison)) throw Wrong("an operator is missing or unknown");
        if (at == text.Length || text[at] != ' ') throw Wrong("a blank is missing after an operator");
        return new ScimFilter.Compare(path, comparison.ToLowerInvariant(), Value());
    }

    // "not" is no reserved word: an attribute could have that name, so the parenthesis decides.
    private bool Negation()
    {
        Blanks();
        var from = at;
        if (!Word("not")) return false;
        Blanks();
        if (at < text.Length && text[at] == '(') return true;
        at = from;
        return false;
    }

    private JsonElement Value()
    {
        Blanks();
        var from = at;
        if (at < text.Length && text[at] == '"')
        {
            for (at++; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\') at++;
            }

            if (at >= text.Length) throw Wrong("a text is not closed");
            at++;
        }
        else
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '-' or '+')) at++;
        }

        try
        {
            // Escapes are JSON's (RFC 7644 § 3.4.2.2), and so is what reads them.
            var value = JsonElement.Parse(text[from..at]);
            // No database column holds NUL, so that nothing could be equal to it.
            if (value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('\0', StringComparison.Ordinal)) throw Wrong("a text holds NUL");
            return value;
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            throw Wrong("a value is not one of JSON");
        }
    }

    private ScimPath Path()
    {
        Blanks();
        string? schema = null;
        if (string.Compare(text, at, "urn:", 0, 4, StringComparison.OrdinalIgnoreCase) == 0)
        {
            var end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is ':' or '.' or '-' or '_')) end++;
            // The schema goes to the last colon; versions in it have points ("2.0").
            var colon = text.LastIndexOf(':', end - 1, end - at);
            if (colon <= at + 4 || colon + 1 >= text.Length || !char.IsAsciiLetter(text[colon + 1])) throw Wrong("a schema without an attribute");
            schema = text[at..colon];
            at = colon + 1;
        }

        var name = Name();
        return new ScimPath(schema, name, at < text.Length && text[at] == '.' && Sign('.') ? Name() : null);
    }

    private string Name()
    {
        var from = at;
        if (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '$')) at++;
        while (at > from && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_')) at++;
        return at > from ? text[from..at] : throw Wrong("the name of an attribute is missing");
    }

    private bool Word(string word)
    {
        var from = at;
        Blanks();
        var end = at + word.Length;
        if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0 && end <= text.Length && (end == text.Length || text[end] is ' ' or '(' or ')' or ']'))
        {
            at = end;
            return true;
        }

        at = from;
        return false;
    }

    private bool Sign(char sign)
    {
        Blanks();
        if (at >= text.Length || text[at] != sign) return false;
        at++;
        return true;
    }

    private void Need(char sign)
    {
        if (!Sign(sign)) throw Wrong($"\"{sign}\" is missing");
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] == ' ') at++;
    }

    private ScimException Wrong(string because) => ScimException.Filter($"{because}, at character {at + 1}");
}
