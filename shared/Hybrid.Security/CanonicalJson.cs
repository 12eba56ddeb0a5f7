using System.Text;
using System.Text.Json.Nodes;

namespace Hybrid.Security;

/// <summary>Canonical JSON: members ordered by name in UTF-16 code units, no white space (RFC 8785 § 3.2).</summary>
public static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    public static byte[] Serialize(JsonNode node) => Encoding.UTF8.GetBytes(Ordered(node)?.ToJsonString() ?? "null");

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
