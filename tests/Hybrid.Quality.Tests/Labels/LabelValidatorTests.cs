using System.Text.Json;
using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

public sealed class LabelValidatorTests
{
    private const string Box = """{"x":1,"y":1,"w":5,"h":5}""";

    private static readonly Ontology Boxes = Given.Tool("box");
    private static readonly Ontology Related = Given.Ontology(
        """{"tools":[{"id":"drug","kind":"box","name":"D"},{"id":"illness","kind":"box","name":"I"}],"relations":[{"id":"treats","name":"treats","from":["drug"],"to":["illness"]},{"id":"near","name":"near"}]}""");

    [Fact]
    public void EveryViolation_IsListedWithItsPlaceAndItsObject()
    {
        var ontology = Given.Ontology("""{"tools":[{"id":"t","kind":"box","name":"T","min":3,"questions":[{"id":"grade","kind":"single","text":"Grade","required":true,"options":[{"id":"low","text":"Low"}]}]}],"questions":[{"id":"usable","kind":"text","text":"Usable","required":true}]}""");

        var label = Given.Check(ontology, $$"""
            "extra":1,"objects":[{{Given.Object("""{"x":90,"y":1,"w":50,"h":5}""")}},{{Given.Object("""{"x":1,"y":1,"w":0,"h":5}""", Given.Id2, ",\"answers\":{\"grade\":[\"high\"]}")}}]
            """);

        Assert.Equal(
            [
                ("extra", null, "unknown_member"), ("answers.usable", null, "required_answer"),
                ("objects[0].geometry", Given.Id1, "outside_asset"), ("objects[0].answers.grade", Given.Id1, "required_answer"),
                ("objects[1].geometry", Given.Id2, "zero_area"), ("objects[1].answers.grade", Given.Id2, "unknown_option"),
                ("objects", null, "min_objects"),
            ],
            label.Violations.Select(v => (v.Path, v.ObjectId, v.Code)));
        Assert.All(label.Violations, v => Assert.EndsWith(".", v.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"label\"")]
    [InlineData("7")]
    public void WhatIsNoObject_IsRefused(string document) =>
        Assert.Equal(["wrong_shape"], LabelValidator.Check(JsonElement.Parse(document), Boxes, 1, Given.Picture).Codes());

    [Fact]
    public void WhatIsNothing_IsRefused() => Assert.Equal(["wrong_shape"], LabelValidator.Check(default, Boxes, 1, Given.Picture).Codes());

    [Theory]
    [InlineData("""{"schema":"hybrid.label/2","ontologyVersion":1}""", "schema")]
    [InlineData("""{"ontologyVersion":1}""", "schema")]
    [InlineData("""{"schema":"hybrid.label/1"}""", "ontology_version")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":2}""", "ontology_version")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":"1"}""", "ontology_version")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1.5}""", "ontology_version")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1e400}""", "not_finite")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":{}}""", "wrong_shape")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":[7]}""", "wrong_shape")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":[null]}""", "wrong_shape")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"relations":7}""", "wrong_shape")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"relations":[7]}""", "wrong_shape")]
    [InlineData("""{"schema":"hybrid.label/1","schema":"hybrid.label/1","ontologyVersion":1}""", "duplicate_member")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"answers":{"q":"\udc00"}}""", "bad_text")]
    public void Document_HasItsShape(string document, string code) =>
        Assert.Equal([code], LabelValidator.Check(JsonElement.Parse(document), Boxes, 1, Given.Picture).Codes());

    [Theory]
    [InlineData("""{"tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "bad_id")]
    [InlineData("""{"id":7,"tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "bad_id")]
    [InlineData("""{"id":"one","tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "bad_id")]
    [InlineData("""{"id":"0195a000-0000-4000-8000-000000000001","tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "bad_id")]
    [InlineData("""{"id":"{0195a000-0000-7000-8000-000000000001}","tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "bad_id")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-000000000001","tool":"u","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "unknown_tool")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-000000000001","geometry":{"x":1,"y":1,"w":5,"h":5}}""", "unknown_tool")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-000000000001","tool":"t"}""", "wrong_geometry")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-000000000001","tool":"t","geometry":{"x":1,"y":1,"w":5,"h":5},"url":"https://x"}""", "unknown_member")]
    public void Object_HasItsShape(string item, string code) => Assert.Equal([code], Given.Check(Boxes, $"\"objects\":[{item}]").Codes());

    [Theory]
    [InlineData("""{"by":"human"}""", true)]
    [InlineData("""{"by":"model","model":"seg-2","confidence":0.83,"edited":true}""", true)]
    [InlineData("""{"by":"model","confidence":1.2}""", false)]
    [InlineData("""{"by":"model","edited":"yes"}""", false)]
    [InlineData("""{"by":"nobody"}""", false)]
    [InlineData("""{"by":"human","name":"Ana"}""", false)]
    [InlineData("{}", false)]
    [InlineData("7", false)]
    public void Origin_HasItsShape(string origin, bool good) =>
        Assert.Equal(good ? [] : ["wrong_origin"], Given.Check(Boxes, $"\"objects\":[{Given.Object(Box, more: $",\"origin\":{origin}")}]").Codes());

    [Fact]
    public void ObjectIds_AreUnique_InWhateverCase()
    {
        Assert.Equal(["duplicate_id"], Given.Check(Boxes, $"\"objects\":[{Given.Object(Box)},{Given.Object(Box)}]").Codes());
        Assert.Equal(["duplicate_id"], Given.Check(Boxes, $"\"objects\":[{Given.Object(Box)},{Given.Object(Box, Given.Id1.ToUpperInvariant())}]").Codes());
    }

    [Theory]
    [InlineData(0, "min_objects")]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, "max_objects")]
    public void Tool_HasAtLeastMinAndAtMostMaxObjects(int count, string? code) =>
        Assert.Equal(code is null ? [] : [code], Given.Check(Given.Tool("box", ",\"min\":1,\"max\":2"), $"\"objects\":[{Many(count)}]").Codes());

    [Theory]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"treats","from":"A","to":"B"}""")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"near","from":"B","to":"A"}""")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"treats","from":"B","to":"A"}""", "relation_end", "relation_end")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"treats","from":"A","to":"nobody"}""", "relation_end")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"treats","from":"A"}""", "relation_end")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"cures","from":"A","to":"B"}""", "unknown_relation")]
    [InlineData("""{"relation":"treats","from":"A","to":"B"}""", "bad_id")]
    [InlineData("""{"id":"r","relation":"treats","from":"A","to":"B"}""", "bad_id")]
    [InlineData("""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"treats","from":"A","to":"B","note":1}""", "unknown_member")]
    public void Relation_LeadsToObjectsThatFit(string relation, params string[] codes)
    {
        string Object(string id, string tool) => $$"""{"id":"{{id}}","tool":"{{tool}}","geometry":{{Box}}}""";
        var ends = relation.Replace("\"A\"", $"\"{Given.Id1}\"", StringComparison.Ordinal).Replace("\"B\"", $"\"{Given.Id2}\"", StringComparison.Ordinal);

        Assert.Equal(codes, Given.Check(Related, $"\"objects\":[{Object(Given.Id1, "drug")},{Object(Given.Id2, "illness")}],\"relations\":[{ends}]").Codes());
    }

    [Fact]
    public void RelationIds_AreUnique()
    {
        const string relation = $$"""{"id":"0195a000-0000-7000-8000-00000000000a","relation":"near","from":"{{Given.Id1}}","to":"{{Given.Id1}}"}""";

        Assert.Equal(["duplicate_id"], Given.Check(Related, $$"""{"objects":[{"id":"{{Given.Id1}}","tool":"drug","geometry":{{Box}}}],"relations":[{{relation}},{{relation}}]}"""[1..^1]).Codes());
    }

    [Fact]
    public void Objects_AreFiftyThousandAtMost()
    {
        Assert.Empty(Given.Check(Boxes, $"\"objects\":[{Many(50_000)}]").Codes());
        Assert.Equal(["too_many_objects"], Given.Check(Boxes, $"\"objects\":[{Many(50_001)}]").Codes());
    }

    [Fact]
    public void Keyframes_AreAMillionAtMost()
    {
        string Frames(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"frame":{{i}},"geometry":{"x":1,"y":1},"mode":"hold"}"""));
        var points = Given.Tool("point", ",\"track\":true");

        Assert.Equal(["too_many_keyframes"], Given.Check(points, $$"""{"objects":[{{Given.Object($$"""{"keyframes":[{{Frames(500_000)}}]}""")}},{{Given.Object($$"""{"keyframes":[{{Frames(500_001)}}]}""", Given.Id2)}}]}"""[1..^1]).Codes());
    }

    [Fact]
    public void Classes_CountObjectsAndCoverThem()
    {
        var label = Given.Check(Boxes, $$"""{"objects":[{{Given.Object(Box)}},{{Given.Object("""{"x":50,"y":40,"w":10.5,"h":20}""", Given.Id2)}}]}"""[1..^1]);

        Assert.Equal(new ClassSummary("t", 2, new Extent(1, 1, 60.5, 60)), Assert.Single(label.Classes));
    }

    private static string Many(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => Given.Object(Box, $"0195a000-0000-7000-8000-{i:x12}")));
}
