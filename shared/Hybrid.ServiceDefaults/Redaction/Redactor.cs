using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>
/// Takes secrets and e-mail addresses out of text (security.md § 6): plain, percent-encoded or JSON-escaped up to three times over,
/// and in base64 or base64url of at least <see cref="Base64Runs.Shortest"/> characters. Hand-written scans without backtracking: the
/// time is linear in the text's length, whoever wrote it.
/// </summary>
public static class Redactor
{
    /// <summary>How many layers of percent and JSON escapes are undone.</summary>
    private const int Layers = 3;

    // Control characters move a terminal's cursor or forge lines, and bidirectional overrides make a line read as another (T10).
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Where(c => (c < 0x20 && c is not ('\t' or '\n' or '\r')) || c >= 0x7F).Select(c => (char)c), .. "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"]);

    /// <summary>The text with a marker in the place of each secret; the same instance when there is none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Redact(string? text)
    {
        if (string.IsNullOrEmpty(text)) return text;
        var found = Find(text);
        return Printable(found.Count == 0 ? text : Replace(text, found));
    }

    /// <summary>A named value: where the name itself says that the value is secret, nothing of it stays.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Redact(string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrEmpty(value)) return value;
        if (name is "QueryString") return SecretKinds.Marker(SecretKinds.Query);
        return SecretNames.KindOf(SecretNames.LastWord(name), '=') is { } kind ? SecretKinds.Marker(kind.Kind) : Redact(value);
    }

    private static List<Found> Find(string text)
    {
        var found = new List<Found>();
        SecretScanner.Scan(text, found);
        Base64Runs.Scan(text, found);
        var layer = new Layer(text.AsMemory(), null);
        for (var i = 0; i < Layers && layer.Decode() is { } inner; i++)
        {
            layer = inner;
            var deeper = new List<Found>();
            SecretScanner.Scan(layer.Text.Span, deeper);
            Base64Runs.Scan(layer.Text.Span, deeper);
            found.AddRange(deeper.Select(layer.ToOriginal));
        }

        return found;
    }

    private static string Replace(string text, List<Found> found)
    {
        found.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        var clean = new StringBuilder(text.Length);
        var at = 0;
        for (var i = 0; i < found.Count;)
        {
            // What overlaps is one secret; a name says more than "it stood in a query".
            var (start, end, kind) = found[i];
            for (i++; i < found.Count && found[i].Start < end; i++)
            {
                end = Math.Max(end, found[i].End);
                if (kind == SecretKinds.Query) kind = found[i].Kind;
            }

            clean.Append(text, at, start - at).Append(SecretKinds.MarkerStart).Append(kind).Append(']');
            at = end;
        }

        return clean.Append(text, at, text.Length - at).ToString();
    }

    private static string Printable(string text) => text.AsSpan().ContainsAny(Unprintable)
        ? string.Create(text.Length, text, static (clean, original) =>
        {
            for (var i = 0; i < clean.Length; i++) clean[i] = Unprintable.Contains(original[i]) ? '\uFFFD' : original[i];
        })
        : text;
}

/// <summary>A secret's place.</summary>
/// <param name="Start">First character.</param>
/// <param name="End">Behind the last character.</param>
/// <param name="Kind">One of <see cref="SecretKinds"/>.</param>
internal readonly record struct Found(int Start, int End, string Kind);
