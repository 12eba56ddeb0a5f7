using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hybrid.Quality.Labels;

/// <summary>
/// What no document may hold, whatever its members mean: numbers beyond a double, strings that are no Unicode, a member named twice.
/// Canonical JSON (RFC 8785) has no form for them, so that a digest could not be made.
/// </summary>
internal sealed class SoundJson(List<Violation> violations)
{
    // As deep as the element was parsed at most.
    private const int MaxDepth = 256;
    private const int MostMembers = 64;

    /// <summary>Lists what is unsound; true when nothing is.</summary>
    public static bool Check(JsonElement document, List<Violation> violations)
    {
        // Nearly every document is sound, and that is seen in one pass; where something is wrong, a slower one says where.
        if (document.ValueKind == JsonValueKind.Undefined || IsSound(JsonMarshal.GetRawUtf8Value(document))) return true;
        var before = violations.Count;
        new SoundJson(violations).Walk(document, "");
        return violations.Count == before;
    }

    private static bool IsSound(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        // The names of each object that is open: the last ones are of the innermost.
        var names = new List<string>();
        var begins = new Stack<int>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    begins.Push(names.Count);
                    break;
                case JsonTokenType.EndObject:
                    var begin = begins.Pop();
                    names.RemoveRange(begin, names.Count - begin);
                    break;
                case JsonTokenType.PropertyName:
                    if (TryText(ref reader) is not { } name || !IsNew(names, begins.Peek(), name)) return false;
                    names.Add(name);
                    break;
                case JsonTokenType.String when reader.ValueIsEscaped && TryText(ref reader) is null:
                    return false;
                case JsonTokenType.Number when !reader.TryGetDouble(out var number) || !double.IsFinite(number):
                    return false;
            }
        }

        return true;
    }

    // Objects of a label have a handful of members; one of very many is left to the pass that keeps a set.
    private static bool IsNew(List<string> names, int begin, string name) =>
        names.Count - begin < MostMembers && !CollectionsMarshal.AsSpan(names)[begin..].Contains(name);

    private static string? TryText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Walk(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (TryText(() => member.Name) is not { } name)
                    {
                        Add(path, "bad_text", "A member's name holds half of a surrogate pair.");
                        continue;
                    }

                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    if (!names.Add(name)) Add(at, "duplicate_member", $"{name} stands twice.");
                    Walk(member.Value, at);
                }

                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in element.EnumerateArray()) Walk(item, $"{path}[{i++}]");
                break;
            case JsonValueKind.Number when !element.TryGetDouble(out var number) || !double.IsFinite(number):
                Add(path, "not_finite", "A number is finite, at most about 1.8e308.");
                break;
            case JsonValueKind.String when TryText(() => element.GetString()!) is null:
                Add(path, "bad_text", "A text holds half of a surrogate pair.");
                break;
        }
    }

    // System.Text.Json decodes escapes when it is asked, and throws for what is no Unicode.
    private static string? TryText(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Add(string path, string code, string message) => violations.Add(new Violation(path, null, code, message));
}
