using System.Text.Json.Nodes;
using Hybrid.Testing;

namespace Hybrid.Attacks;

/// <summary>A place in a request that takes a caller's text.</summary>
/// <param name="In"><c>path</c>, <c>query</c> or <c>body</c>.</param>
/// <param name="Name">Its name.</param>
internal sealed record Place(string In, string Name);

/// <summary>One operation of the committed OpenAPI document, whose every parameter can be filled.</summary>
internal sealed record Operation(HttpMethod Method, string Path, IReadOnlyList<Place> Places, JsonObject? Body)
{
    public bool Changes => Method != HttpMethod.Get;

    /// <summary>The address and body with one place taken by a payload, the others by what fits.</summary>
    public (string Path, JsonObject? Body) With(Place? place, string payload, Func<string, string> fitting)
    {
        var path = Path;
        foreach (var one in Places.Where(p => p.In == "path")) path = path.Replace($"{{{one.Name}}}", Uri.EscapeDataString(one == place ? payload : fitting(one.Name)), StringComparison.Ordinal);
        if (place?.In == "query") path += $"?{place.Name}={Uri.EscapeDataString(payload)}";
        var body = (JsonObject?)Body?.DeepClone();
        if (place?.In == "body") body![place.Name] = payload;
        return (path, body);
    }

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The control plane's committed OpenAPI document; a test of its own keeps it as the build's.</summary>
internal static class ApiDocument
{
    public static IReadOnlyList<Operation> Operations { get; } = Read();

    private static List<Operation> Read()
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane", "Hybrid.ControlPlane", "openapi.json")))!;
        var operations = new List<Operation>();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var places = (operation!["parameters"]?.AsArray() ?? []).Select(p => new Place((string)p!["in"]!, (string)p["name"]!)).Where(p => p.In is "path" or "query").ToList();
                var schema = Resolve(document, operation["requestBody"]?["content"]?["application/json"]?["schema"]);
                JsonObject? body = null;
                if (schema is not null)
                {
                    body = (JsonObject)Sample(document, schema, 0)!;
                    places.AddRange(body.Select(p => new Place("body", p.Key)));
                }

                operations.Add(new Operation(new HttpMethod(method.ToUpperInvariant()), path, places, body));
            }
        }

        return operations;
    }

    private static JsonNode? Resolve(JsonNode document, JsonNode? schema)
    {
        if (schema?["oneOf"] is JsonArray choices) schema = choices.FirstOrDefault(c => (string?)c?["type"] != "null");
        if ((string?)schema?["$ref"] is not { } reference) return schema;
        return reference.Split('/').Skip(1).Aggregate(document, (node, part) => node[part]!);
    }

    /// <summary>A value that the schema takes, so that a payload beside it is looked at and not refused for its neighbours.</summary>
    private static JsonNode? Sample(JsonNode document, JsonNode? unresolved, int depth)
    {
        var schema = Resolve(document, unresolved);
        if (schema is null || depth > 4) return null;
        if (schema["enum"] is JsonArray { Count: > 0 } values) return values[0]?.DeepClone();
        var type = schema["type"] is JsonArray several ? (string?)several.FirstOrDefault(t => (string?)t is not ("null" or "string")) ?? "string" : (string?)schema["type"];
        return type switch
        {
            "object" => new JsonObject((schema["properties"]?.AsObject() ?? []).Select(p => KeyValuePair.Create(p.Key, Sample(document, p.Value, depth + 1)))),
            "array" => new JsonArray(Sample(document, schema["items"], depth + 1)),
            "integer" or "number" => 1,
            "boolean" => false,
            "string" when (string?)schema["format"] == "uuid" => Guid.NewGuid().ToString(),
            "string" when (string?)schema["format"] == "date-time" => "2030-01-01T00:00:00Z",
            "string" => "sample",
            _ => null,
        };
    }
}
