using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Infrastructure.Mediation;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>JSON as SCIM has it: names of attributes are the same in any case (RFC 7643 § 2.1).</summary>
internal static class ScimJson
{
    /// <summary>No body is larger, in bytes: a group of 20,000 members is about half of it.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    private const int MaxDepth = 16;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ScimException">It is too large, too deep, or no object of JSON.</exception>
    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBody) throw TooLarge();
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        // A body of unknown length is read as far as the limit and no further.
        for (int read; (read = await request.Body.ReadAsync(block, ct)) > 0;)
        {
            if (buffer.Length + read > MaxBody) throw TooLarge();
            buffer.Write(block, 0, read);
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
            var read = JsonNode.Parse(buffer.ToArray(), new JsonNodeOptions { PropertyNameCaseInsensitive = false }, options) as JsonObject ?? throw ScimException.Syntax("The body is no object of JSON.");
            return HoldsNul(read) ? throw ScimException.Value("A text holds NUL.") : read;
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            throw ScimException.Syntax("The body is no valid JSON, or is nested too deeply.");
        }
    }

    /// <summary>A member, whatever the case of its name; JSON null is none.</summary>
    public static JsonNode? Find(JsonObject whole, string name) =>
        whole.TryGetPropertyValue(name, out var exact) ? exact : whole.FirstOrDefault(p => string.Equals(p.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A text, or null when it is absent or empty.</summary>
    /// <exception cref="ScimException"><c>invalidValue</c>.</exception>
    public static string? Text(JsonObject? whole, string name, int max)
    {
        var node = whole is null ? null : Find(whole, name);
        if (node is null) return null;
        if (node.GetValueKind() != JsonValueKind.String) throw ScimException.Value($"\"{name}\" is a text.");
        var text = node.GetValue<string>().Trim();
        if (text.Length > max) throw ScimException.Value($"\"{name}\" has at most {max} characters.");
        // The same rule as for every name that is shown (TextRules.IsName).
        if (text.Any(TextRules.TurnsOrControls)) throw ScimException.Value($"\"{name}\" holds control characters.");
        return text.Length == 0 ? null : text;
    }

    /// <summary>True or false; Entra ID sends texts.</summary>
    /// <exception cref="ScimException"><c>invalidValue</c>.</exception>
    public static bool? Flag(JsonObject whole, string name) => Find(whole, name) switch
    {
        null => null,
        var node when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => node.GetValue<bool>(),
        var node when node.GetValueKind() == JsonValueKind.String && bool.TryParse(node.GetValue<string>(), out var flag) => flag,
        _ => throw ScimException.Value($"\"{name}\" is true or false."),
    };

    /// <summary>What tells elements of a list apart: their value.</summary>
    public static string ValueOf(JsonNode? element) =>
        element is JsonObject whole && Find(whole, "value") is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : element?.ToJsonString() ?? "";

    /// <summary>A weak entity tag of a resource's content.</summary>
    public static string VersionOf(JsonObject resource) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resource.ToJsonString())).AsSpan(0, 12))}\"";

    private static bool HoldsNul(JsonNode? node) => node switch
    {
        JsonObject whole => whole.Any(p => p.Key.Contains('\0', StringComparison.Ordinal) || HoldsNul(p.Value)),
        JsonArray list => list.Any(HoldsNul),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Contains('\0', StringComparison.Ordinal),
        _ => false,
    };

    private static ScimException TooLarge() => new(413, ScimTypes.TooMany, $"The body is larger than {MaxBody} bytes.");
}
