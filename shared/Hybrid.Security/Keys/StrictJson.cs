using System.Text.Json;

namespace Hybrid.Security.Keys;

/// <summary>How tokens' JSON is read: no duplicate members (RFC 8725 § 2.4), no comments, shallow.</summary>
internal static class StrictJson
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>False when a string holds bytes that are not UTF-8 or a lone surrogate: the parser takes them, but reading them throws.</summary>
    public static bool HasOnlyText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(m => m.Name.Length >= 0 && HasOnlyText(m.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(HasOnlyText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
