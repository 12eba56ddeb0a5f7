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

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal) { "schema", "ontologyVersion", "answers", "objects", "relations" };

    private readonly Ontology ontology;
    private readonly AssetSize size;
    private readonly List<Violation> violations = [];
    private readonly Dictionary<string, string> toolOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, Extent? Extent)> classes = new(StringComparer.Ordinal);

    private LabelValidator(Ontology ontology, AssetSize size) => (this.ontology, this.size) = (ontology, size);

    /// <summary>Checks and normalizes a document.</summary>
    /// <param name="document">As received.</param>
    /// <param name="ontology">The ontology in force.</param>
    /// <param name="ontologyVersion">Its version, which the document must name.</param>
    /// <param name="size">The asset's size.</param>
    public static CheckedLabel Check(JsonElement document, Ontology ontology, int ontologyVersion, AssetSize size)
    {
        var validator = new LabelValidator(ontology, size);
        if (document.ValueKind != JsonValueKind.Object || JsonNode.Parse(document.GetRawText(), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = true }) is not JsonObject root)
        {
            validator.Add("", null, "wrong_shape", "A label is an object.");
            return new CheckedLabel([], validator.violations, []);
        }

        validator.CheckDocument(root, ontologyVersion);
        return new CheckedLabel(root, validator.violations, [.. validator.classes.Select(c => new ClassSummary(c.Key, c.Value.Count, c.Value.Extent))]);
    }

    private void CheckDocument(JsonObject root, int ontologyVersion)
    {
        foreach (var unknown in root.Where(m => !Members.Contains(m.Key)).Select(m => m.Key).ToList()) Add(unknown, null, "unknown_member", $"{unknown} is no member of a label.");
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
    }

    private void CheckObject(JsonObject item, string path)
    {
        var id = Text(item["id"]);
        if (id is null || !Guid.TryParse(id, out _)) Add($"{path}.id", id, "bad_id", "An object's id is a UUID.");
        var tool = Text(item["tool"]) is { } t ? ontology.Tools.GetValueOrDefault(t) : null;
        if (id is not null && !toolOf.TryAdd(id, tool?.Id ?? "")) Add($"{path}.id", id, "duplicate_id", "Two objects have the same id.");
        if (tool is null)
        {
            Add($"{path}.tool", id, "unknown_tool", "The ontology has no such class.");
            return;
        }

        var extent = new GeometryCheck(violations, $"{path}.geometry", id, size).Check(tool.Kind, item["geometry"]);
        var (count, all) = classes.GetValueOrDefault(tool.Id);
        classes[tool.Id] = (count + 1, all is { } a && extent is { } e ? a.Union(e) : all ?? extent);
        new AnswerCheck(violations, $"{path}.answers", id).Check(item["answers"], tool.Questions);
    }

    private void CheckRelations(JsonArray relations)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < relations.Count; i++)
        {
            var path = $"relations[{i}]";
            var item = relations[i] as JsonObject;
            var id = Text(item?["id"]);
            if (id is null || !ids.Add(id)) Add($"{path}.id", id, "duplicate_id", "A relation has an id of its own.");
            var relation = Text(item?["relation"]) is { } r ? ontology.Relations.GetValueOrDefault(r) : null;
            if (relation is null)
            {
                Add($"{path}.relation", id, "unknown_relation", "The ontology has no such relation.");
                continue;
            }

            CheckEnd(Text(item?["from"]), relation.From, $"{path}.from", id);
            CheckEnd(Text(item?["to"]), relation.To, $"{path}.to", id);
        }
    }

    private void CheckEnd(string? end, IReadOnlySet<string> allowed, string path, string? id)
    {
        if (end is null || !toolOf.TryGetValue(end, out var tool)) Add(path, id, "relation_end", "The relation leads to an object that is not there.");
        else if (allowed.Count > 0 && !allowed.Contains(tool)) Add(path, id, "relation_end", $"An object of class {tool} cannot stand at this end.");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private void Add(string path, string? id, string code, string message) => violations.Add(new Violation(path, id, code, message));
}
