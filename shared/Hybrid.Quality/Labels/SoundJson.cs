using System.Text.Json;

namespace Hybrid.Quality.Labels;

/// <summary>
/// What no document may hold, whatever its members mean: numbers beyond a double, strings that are no Unicode, a member named twice.
/// Canonical JSON (RFC 8785) has no form for them, so that a digest could not be made.
/// </summary>
internal sealed class SoundJson(List<Violation> violations)
{
    /// <summary>Lists what is unsound; true when nothing is.</summary>
    public static bool Check(JsonElement document, List<Violation> violations)
    {
        var before = violations.Count;
        new SoundJson(violations).Walk(document, "");
        return violations.Count == before;
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
