using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hybrid.Quality.Labels;

/// <summary>Reads an ontology and lists every rule that it breaks (label-model.md § Ontology).</summary>
public sealed partial class OntologyReader
{
    /// <summary>Kinds of tools.</summary>
    public static readonly IReadOnlySet<string> ToolKinds = new HashSet<string>(StringComparer.Ordinal)
    {
        "box", "rotated-box", "ellipse", "polygon", "polyline", "point", "pose", "mask", "cuboid", "span", "region", "page-box",
    };

    /// <summary>Kinds of questions.</summary>
    public static readonly IReadOnlySet<string> QuestionKinds = new HashSet<string>(StringComparer.Ordinal)
    {
        "single", "multiple", "dropdown", "text", "number", "date", "ranking", "rating", "transcription",
    };

    private const int MaxTools = 1_000;
    private const int MaxOptions = 10_000;
    private const int MaxDepth = 20;

    // On video each of these may be a track.
    private static readonly HashSet<string> Spatial = new(StringComparer.Ordinal) { "box", "rotated-box", "ellipse", "polygon", "polyline", "point", "pose", "mask" };
    private static readonly HashSet<string> Choosing = new(StringComparer.Ordinal) { "single", "multiple", "dropdown", "ranking" };

    private readonly List<Violation> violations = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private int options;

    private OntologyReader()
    {
    }

    /// <summary>The ontology, and every violation; the ontology is meaningful only without any.</summary>
    public static (Ontology Ontology, IReadOnlyList<Violation> Violations) Read(JsonElement document)
    {
        var reader = new OntologyReader();
        var ontology = SoundJson.Check(document, reader.violations) ? reader.ReadDocument(document) : new Ontology(new Dictionary<string, Tool>(), [], new Dictionary<string, Relation>());
        return (ontology, reader.violations);
    }

    [GeneratedRegex(@"\A[a-z0-9_-]{1,64}\z")]
    private static partial Regex Slug();

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsTrue(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private double? Number(JsonElement element, string name, string path)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)) return number;
        Add($"{path}.{name}", "wrong_shape", $"{name} is a number.");
        return null;
    }

    private Ontology ReadDocument(JsonElement document)
    {
        var tools = new Dictionary<string, Tool>(StringComparer.Ordinal);
        var relations = new Dictionary<string, Relation>(StringComparer.Ordinal);
        if (document.ValueKind != JsonValueKind.Object)
        {
            Add("", "wrong_shape", "An ontology is an object with tools, questions and relations.");
            return new Ontology(tools, [], relations);
        }

        foreach (var (item, path) in Items(document, "tools", ""))
        {
            if (ReadTool(item, path) is { } tool) tools.TryAdd(tool.Id, tool);
        }

        if (tools.Count > MaxTools) Add("tools", "too_many", $"{tools.Count} tools; at most {MaxTools} are allowed.");
        var questions = ReadQuestions(document, "", 0);
        foreach (var (item, path) in Items(document, "relations", ""))
        {
            if (Id(item, path) is { } id) relations.TryAdd(id, new Relation(id, Ends(item, "from", path, tools), Ends(item, "to", path, tools)));
        }

        if (tools.Count == 0 && questions.Count == 0) Add("", "empty", "An ontology needs at least one tool or question.");
        if (options > MaxOptions) Add("", "too_many", $"{options} options; at most {MaxOptions} are allowed.");
        return new Ontology(tools, questions, relations);
    }

    private Tool? ReadTool(JsonElement item, string path)
    {
        var id = Id(item, path);
        var kind = Text(item, "kind");
        if (kind is null || !ToolKinds.Contains(kind)) Add($"{path}.kind", "unknown_kind", $"The kind of a tool is one of: {string.Join(", ", ToolKinds)}.");
        RequireName(item, "name", path);
        var (min, max) = (Number(item, "min", path) ?? 0, Number(item, "max", path));
        if (min is < 0 or > int.MaxValue || min != Math.Floor(min) || max < min || max > int.MaxValue || (max is { } m && m != Math.Floor(m))) Add($"{path}.min", "bad_range", "min and max are whole numbers, 0 ≤ min ≤ max.");
        var track = IsTrue(item, "track");
        if (track && kind is not null && !Spatial.Contains(kind)) Add($"{path}.track", "no_track", $"A {kind} cannot be a track.");
        var keypoints = Texts(item, "keypoints", path);
        return id is null ? null : new Tool(id, kind ?? "", (int)min, (int?)max, ReadQuestions(item, path, 0), track, keypoints);
    }

    private List<Question> ReadQuestions(JsonElement parent, string path, int depth)
    {
        var questions = new List<Question>();
        if (depth > MaxDepth)
        {
            Add(path, "too_deep", $"Questions are nested deeper than {MaxDepth}.");
            return questions;
        }

        foreach (var (item, at) in Items(parent, "questions", path))
        {
            var id = Id(item, at);
            var kind = Text(item, "kind");
            if (kind is null || !QuestionKinds.Contains(kind)) Add($"{at}.kind", "unknown_kind", $"The kind of a question is one of: {string.Join(", ", QuestionKinds)}.");
            RequireName(item, "text", at);
            var choices = new Dictionary<string, Option>(StringComparer.Ordinal);
            // Ids of options need to be unique only in their own question.
            foreach (var (choice, where) in Items(item, "options", at))
            {
                options++;
                var optionId = Text(choice, "id");
                if (optionId is null || !Slug().IsMatch(optionId)) Add($"{where}.id", "bad_id", "An id has 1–64 of: a–z, 0–9, hyphen, underscore.");
                else if (!choices.TryAdd(optionId, new Option(optionId, ReadQuestions(choice, where, depth + 1)))) Add($"{where}.id", "duplicate_id", $"The option {optionId} stands twice in this question.");
                RequireName(choice, "text", where);
            }

            if (kind is not null && Choosing.Contains(kind) && choices.Count == 0) Add($"{at}.options", "no_options", "A question that chooses needs options.");
            var (least, most, step) = (Number(item, "min", at), Number(item, "max", at), Number(item, "step", at));
            if (least > most || step <= 0 || (kind == "rating" && (most < 1 || (most is { } best && best != Math.Floor(best))))) Add($"{at}.min", "bad_range", "min ≤ max, step > 0; the max of a rating is a whole number from 1.");
            if (id is not null) questions.Add(new Question(id, kind ?? "", Text(item, "text") ?? id, IsTrue(item, "required"), choices, least, most, step));
        }

        return questions;
    }

    private HashSet<string> Texts(JsonElement item, string name, string path)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (entry, at) in Items(item, name, path))
        {
            if (entry.ValueKind != JsonValueKind.String) Add(at, "wrong_shape", $"{name} is a list of texts.");
            else texts.Add(entry.GetString()!);
        }

        return texts;
    }

    private HashSet<string> Ends(JsonElement item, string name, string path, Dictionary<string, Tool> tools)
    {
        var ends = Texts(item, name, path);
        foreach (var unknown in ends.Where(e => !tools.ContainsKey(e))) Add($"{path}.{name}", "unknown_tool", $"{unknown} is no tool of this ontology.");
        return ends;
    }

    private IEnumerable<(JsonElement Item, string Path)> Items(JsonElement parent, string name, string path)
    {
        var at = path.Length == 0 ? name : $"{path}.{name}";
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind == JsonValueKind.Array) return list.EnumerateArray().Select((item, i) => (item, $"{at}[{i}]"));
        Add(at, "wrong_shape", $"{name} is a list.");
        return [];
    }

    private string? Id(JsonElement item, string path)
    {
        var id = Text(item, "id");
        if (id is null || !Slug().IsMatch(id))
        {
            Add($"{path}.id", "bad_id", "An id has 1–64 of: a–z, 0–9, hyphen, underscore.");
            return null;
        }

        if (ids.Add(id)) return id;
        Add($"{path}.id", "duplicate_id", $"The id {id} stands twice in the ontology.");
        return null;
    }

    private void RequireName(JsonElement item, string member, string path)
    {
        if (Text(item, member) is not { Length: > 0 and <= 500 }) Add($"{path}.{member}", "no_name", $"{member} has 1–500 characters.");
    }

    private void Add(string path, string code, string message) => violations.Add(new Violation(path, null, code, message));
}
