using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

/// <summary>Ontologies and labels as tests write them: JSON text, as it comes in.</summary>
internal static class Given
{
    public const string Id1 = "0195a000-0000-7000-8000-000000000001";
    public const string Id2 = "0195a000-0000-7000-8000-000000000002";
    public static readonly AssetSize Picture = new(100, 80);

    public static Ontology Ontology(string json)
    {
        var (ontology, violations) = OntologyReader.Read(JsonElement.Parse(json));
        Assert.Empty(violations);
        return ontology;
    }

    /// <summary>An ontology with one tool <c>t</c>.</summary>
    public static Ontology Tool(string kind, string more = "") => Ontology($$"""{"tools":[{"id":"t","kind":"{{kind}}","name":"T"{{more}}}]}""");

    /// <summary>An ontology with one question about the asset, <c>q</c>.</summary>
    public static Ontology Question(string kind, string more = "") => Ontology($$"""{"questions":[{"id":"q","kind":"{{kind}}","text":"Q"{{more}}}]}""");

    public static IReadOnlyList<string> Reads(string ontology) => [.. OntologyReader.Read(JsonDocument.Parse(ontology, new JsonDocumentOptions { MaxDepth = 512 }).RootElement).Violations.Select(v => v.Code)];

    public static string Document(string members) => $$"""{"schema":"hybrid.label/1","ontologyVersion":1{{(members.Length > 0 ? "," : "")}}{{members}}}""";

    public static string Object(string geometry, string id = Id1, string more = "") => $$"""{"id":"{{id}}","tool":"t","geometry":{{geometry}}{{more}}}""";

    public static CheckedLabel Check(Ontology ontology, string members, AssetSize? size = null) =>
        LabelValidator.Check(JsonElement.Parse(Document(members)), ontology, 1, size ?? Picture);

    public static IReadOnlyList<string> Codes(this CheckedLabel label) => [.. label.Violations.Select(v => v.Code)];

    /// <summary>The codes of one object of the kind with this geometry, in a picture of 100 × 80.</summary>
    public static IReadOnlyList<string> Draw(string kind, string geometry, AssetSize? size = null, string more = "") =>
        Check(Tool(kind, more), $"\"objects\":[{Object(geometry)}]", size).Codes();

    /// <summary>The geometry as it is kept.</summary>
    public static string Kept(string kind, string geometry, AssetSize? size = null)
    {
        var label = Check(Tool(kind), $"\"objects\":[{Object(geometry)}]", size);
        Assert.Empty(label.Violations);
        return label.Document["objects"]![0]!["geometry"]!.ToJsonString();
    }

    public static JsonElement Element(this JsonNode node) => JsonSerializer.SerializeToElement(node);
}
