using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Quality.Labels;

/// <summary>Size of a picture in pixels after orientation; null members while it is not known.</summary>
public readonly record struct AssetSize(int? Width, int? Height);

/// <summary>What a label's objects of one class amount to.</summary>
/// <param name="Tool">The class.</param>
/// <param name="Count">Number of objects.</param>
/// <param name="Extent">Bounding extent of all of them, or null when the kind has none.</param>
public sealed record ClassSummary(string Tool, int Count, Extent? Extent);

/// <summary>A label document that was checked.</summary>
/// <param name="Document">With pixel numbers rounded half to even at 3 decimals.</param>
/// <param name="Violations">Every broken rule; empty = may be submitted.</param>
/// <param name="Classes">Its classes.</param>
public sealed record CheckedLabel(JsonObject Document, IReadOnlyList<Violation> Violations, IReadOnlyList<ClassSummary> Classes);

/// <summary>Holds a label document (<c>hybrid.label/1</c>) against an ontology and its asset (label-model.md).</summary>
public sealed class LabelValidator
{
    /// <summary>The document's schema.</summary>
    public const string Schema = "hybrid.label/1";

    /// <summary>Objects in a document.</summary>
    public const int MaxObjects = 50_000;

    /// <summary>Keyframes in a document.</summary>
    public const int MaxKeyframes = 1_000_000;

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal) { "schema", "ontologyVersion", "answers", "objects", "relations" };
    private static readonly HashSet<string> ObjectMembers = new(StringComparer.Ordinal) { "id", "tool", "geometry", "answers", "origin", "geographic" };
    private static readonly HashSet<string> RelationMembers = new(StringComparer.Ordinal) { "id", "relation", "from", "to" };

    private readonly Ontology ontology;
    private readonly AssetSize size;
    private readonly List<Violation> violations = [];
    private readonly Dictionary<string, string> toolOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (int Count, Extent? Extent)> classes = new(StringComparer.Ordinal);

    private int keyframes;

    private LabelValidator(Ontology ontology, AssetSize size) => (this.ontology, this.size) = (ontology, size);

    /// <summary>Checks and normalizes a document.</summary>
    /// <param name="document">As received.</param>
    /// <param name="ontology">The ontology in force.</param>
    /// <param name="ontologyVersion">Its version, which the document must name.</param>
    /// <param name="size">The asset's size.</param>
    public static CheckedLabel Check(JsonElement document, Ontology ontology, int ontologyVersion, AssetSize size)
    {
        var validator = new LabelValidator(ontology, size);
        if (document.ValueKind != JsonValueKind.Object) validator.Add("", null, "wrong_shape", "A label is an object.");
        if (validator.violations.Count > 0 || !SoundJson.Check(document, validator.violations)) return new CheckedLabel([], validator.violations, []);

        var root = JsonNode.Parse(JsonMarshal.GetRawUtf8Value(document))!.AsObject();
        validator.CheckDocument(root, ontologyVersion);
        return new CheckedLabel(root, validator.violations, [.. validator.classes.Select(c => new ClassSummary(c.Key, c.Value.Count, c.Value.Extent))]);
    }

    private void CheckDocument(JsonObject root, int ontologyVersion)
    {
        CheckMembers(root, Members, "", null);
        if (Text(root["schema"]) != Schema) Add("schema", null, "schema", $"schema is \"{Schema}\".");
        if (root["ontologyVersion"] is not JsonValue v || !v.TryGetValue(out int version) || version != ontologyVersion)
            Add("ontologyVersion", null, "ontology_version", $"The ontology in force is version {ontologyVersion}.");
        new AnswerCheck(violations, "answers", null).Check(root["answers"], ontology.Questions);

        if (root["objects"] is JsonArray objects) CheckObjects(objects);
        else if (root["objects"] is not null) Add("objects", null, "wrong_shape", "objects is a list.");
        foreach (var tool in ontology.Tools.Values)
        {
            var count = classes.GetValueOrDefault(tool.Id).Count;
            if (count < tool.Min) Add("objects", null, "min_objects", $"At least {tool.Min} of {tool.Id} are needed; there are {count}.");
            if (count > tool.Max) Add("objects", null, "max_objects", $"At most {tool.Max} of {tool.Id} are allowed; there are {count}.");
        }

        if (root["relations"] is JsonArray relations) CheckRelations(relations);
        else if (root["relations"] is not null) Add("relations", null, "wrong_shape", "relations is a list.");
    }

    private void CheckObjects(JsonArray objects)
    {
        if (objects.Count > MaxObjects)
        {
            Add("objects", null, "too_many_objects", $"{objects.Count} objects; at most {MaxObjects} are allowed.");
            return;
        }

        for (var i = 0; i < objects.Count; i++)
        {
            var path = $"objects[{i}]";
            if (objects[i] is not JsonObject item)
            {
                Add(path, null, "wrong_shape", "An object has id, tool and geometry.");
                continue;
            }

            CheckObject(item, path);
        }

        if (keyframes > MaxKeyframes) Add("objects", null, "too_many_keyframes", $"{keyframes} keyframes; at most {MaxKeyframes} are allowed.");
    }

    private void CheckObject(JsonObject item, string path)
    {
        var id = Text(item["id"]);
        CheckMembers(item, ObjectMembers, path, id);
        CheckId(id, path);
        var tool = Text(item["tool"]) is { } t ? ontology.Tools.GetValueOrDefault(t) : null;
        if (id is not null && !toolOf.TryAdd(id, tool?.Id ?? "")) Add($"{path}.id", id, "duplicate_id", "Two objects have the same id.");
        if (tool is null)
        {
            Add($"{path}.tool", id, "unknown_tool", "The ontology has no such class.");
            return;
        }

        var geometry = new GeometryCheck(violations, $"{path}.geometry", id, size);
        var extent = geometry.Check(tool, item["geometry"]);
        keyframes += geometry.Keyframes;
        var (count, all) = classes.GetValueOrDefault(tool.Id);
        classes[tool.Id] = (count + 1, all is { } a && extent is { } e ? a.Union(e) : all ?? extent);
        new AnswerCheck(violations, $"{path}.answers", id).Check(item["answers"], tool.Questions);
        if (item["geographic"] is { } geographic) new GeographicCheck(violations, $"{path}.geographic", id).Check(geographic);
        if (item["origin"] is { } origin && !IsOrigin(origin)) Add($"{path}.origin", id, "wrong_origin", "origin has by (human, model, import or correction), and may have model, confidence (0–1) and edited.");
    }

    private static bool IsOrigin(JsonNode node) =>
        node is JsonObject origin && Text(origin["by"]) is "human" or "model" or "import" or "correction"
        && node.AsObject().All(m => m.Key switch
        {
            "by" => true,
            "model" => Text(m.Value) is { Length: > 0 and <= 200 },
            "confidence" => GeometryNumbers.TryNumber(m.Value, out var confidence) && confidence is >= 0 and <= 1,
            "edited" => m.Value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            _ => false,
        });

    private void CheckRelations(JsonArray relations)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < relations.Count; i++)
        {
            var path = $"relations[{i}]";
            if (relations[i] is not JsonObject item)
            {
                Add(path, null, "wrong_shape", "A relation has id, relation, from and to.");
                continue;
            }

            var id = Text(item["id"]);
            CheckMembers(item, RelationMembers, path, id);
            CheckId(id, path);
            if (id is not null && !ids.Add(id)) Add($"{path}.id", id, "duplicate_id", "Two relations have the same id.");
            var relation = Text(item["relation"]) is { } r ? ontology.Relations.GetValueOrDefault(r) : null;
            if (relation is null)
            {
                Add($"{path}.relation", id, "unknown_relation", "The ontology has no such relation.");
                continue;
            }

            CheckEnd(Text(item["from"]), relation.From, $"{path}.from", id);
            CheckEnd(Text(item["to"]), relation.To, $"{path}.to", id);
        }
    }

    private void CheckEnd(string? end, IReadOnlySet<string> allowed, string path, string? id)
    {
        if (end is null || !toolOf.TryGetValue(end, out var tool)) Add(path, id, "relation_end", "The relation leads to an object that is not there.");
        else if (allowed.Count > 0 && !allowed.Contains(tool)) Add(path, id, "relation_end", $"An object of class {tool} cannot stand at this end.");
    }

    private void CheckMembers(JsonObject item, HashSet<string> known, string path, string? id)
    {
        foreach (var unknown in item.Select(m => m.Key).Where(m => !known.Contains(m)).ToList())
            Add(path.Length == 0 ? unknown : $"{path}.{unknown}", id, "unknown_member", $"{unknown} is no member here.");
    }

    // UUIDv7 (RFC 9562), made by the client and kept through every version.
    private void CheckId(string? id, string path)
    {
        if (!Guid.TryParseExact(id, "D", out var guid) || guid.Version != 7) Add($"{path}.id", id, "bad_id", "An id is a UUIDv7, as xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx.");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private void Add(string path, string? id, string code, string message) => violations.Add(new Violation(path, id, code, message));
}
