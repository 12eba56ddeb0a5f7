using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Urls;

/// <summary>Names one object of one connection; on the wire the array <c>[connection, key, version or null]</c>.</summary>
/// <param name="Connection">Name of the connection in the agent's own file.</param>
/// <param name="Key">Object key (or its opaque name).</param>
/// <param name="Version">Object version, where the store keeps versions.</param>
[JsonConverter(typeof(ObjectReferenceConverter))]
public sealed record ObjectReference(string Connection, string Key, string? Version);

/// <summary>Writes and reads the array form; anything else is refused.</summary>
public sealed class ObjectReferenceConverter : JsonConverter<ObjectReference>
{
    /// <inheritdoc/>
    public override ObjectReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("An object reference is an array [connection, key, version].");
        var connection = Next(ref reader, nullable: false)!;
        var key = Next(ref reader, nullable: false)!;
        var version = Next(ref reader, nullable: true);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw new JsonException("An object reference has exactly three members.");
        return new ObjectReference(connection, key, version);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ObjectReference value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        writer.WriteStringValue(value.Connection);
        writer.WriteStringValue(value.Key);
        writer.WriteStringValue(value.Version);
        writer.WriteEndArray();
    }

    private static string? Next(ref Utf8JsonReader reader, bool nullable)
    {
        if (!reader.Read() || !(reader.TokenType == JsonTokenType.String || (nullable && reader.TokenType == JsonTokenType.Null)))
            throw new JsonException("An object reference holds strings; only the version may be null.");
        return reader.GetString();
    }
}
