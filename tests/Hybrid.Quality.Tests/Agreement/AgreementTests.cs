using System.Text.Json.Nodes;
using CsCheck;
using Hybrid.Quality.Agreement;
using Hybrid.Quality.Labels;
using Hybrid.Quality.Tests.Labels;

namespace Hybrid.Quality.Tests.Agreement;

public sealed class AgreementTests
{
    private const string Box = """{"x":0,"y":0,"w":10,"h":10}""";
    private const string Quarter = """{"x":0,"y":0,"w":10,"h":7.5}""";
    private const string Far = """{"x":50,"y":50,"w":10,"h":10}""";

    [Fact]
    public void Objects_ByHand()
    {
        var boxes = Given.Tool("box");

        Assert.Equal(0.75, Value(boxes, Objects(Box), Objects(Quarter)), 12);
        // Two against one: 2 · 0.75 / 3.
        Assert.Equal(0.5, Value(boxes, Objects(Box, Far), Objects(Quarter)), 12);
        Assert.Equal(0, Value(boxes, Objects(Box), Objects(Far)));
        Assert.Equal(0, Value(boxes, Objects(Box), ""));
        Assert.Equal(1, Value(boxes, "", ""));
        // 0.4 lies under the threshold of 0.5, and above one of 0.4.
        const string less = """{"x":0,"y":0,"w":10,"h":4}""";
        Assert.Equal(0, Value(boxes, Objects(Box), Objects(less)));
        Assert.Equal(0.4, Value(boxes, Objects(Box), Objects(less), new AgreementSettings(Threshold: 0.4)), 12);
    }

    [Fact]
    public void Breakdown_NamesPairsAndLoners()
    {
        var tool = Assert.Single(Compare(Given.Tool("box"), Objects(Box, Far), Objects(Quarter)).Tools);

        Assert.Equal(("t", 2, 1), (tool.Tool, tool.First, tool.Second));
        Assert.Equal(new MatchedPair(Id(0), Id(0), 0.75, null, true), Assert.Single(tool.Pairs));
        Assert.Equal([Id(1)], tool.OnlyFirst);
        Assert.Empty(tool.OnlySecond);
    }

    [Theory]
    [InlineData("rotated-box", """{"cx":30,"cy":30,"w":10,"h":10,"angle":0}""", """{"cx":30,"cy":31.25,"w":10,"h":7.5,"angle":0}""", 0.75)]
    [InlineData("ellipse", """{"cx":30,"cy":30,"w":10,"h":10,"angle":0}""", """{"cx":30,"cy":30,"w":10,"h":7.5,"angle":0}""", 0.75)]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,10],[0,10]]]}""", """{"rings":[[[0,0],[10,0],[10,10],[0,10]],[[2,2],[7,2],[7,7],[2,7]]]}""", 0.75)]
    [InlineData("polygon", """{"rings":[[[0,0],[10,0],[10,10],[0,10]]]}""", """{"parts":[[[[0,0],[10,0],[10,5],[0,5]]],[[[0,6],[10,6],[10,9],[0,9]]]]}""", 0.8)]
    [InlineData("cuboid", """{"center":[0,0,0],"size":[1,1,1],"rotation":[0,0,0,1]}""", """{"center":[0.125,0,0],"size":[0.75,1,1],"rotation":[0,0,0,1]}""", 0.75)]
    [InlineData("span", """{"start":0,"end":8}""", """{"start":0,"end":6}""", 0.75)]
    [InlineData("region", """{"start":1000,"end":9000}""", """{"start":1000,"end":7000}""", 0.75)]
    [InlineData("region", """{"start":1000,"end":9000,"channel":0}""", """{"start":1000,"end":9000,"channel":1}""", 0)]
    [InlineData("page-box", """{"page":1,"x":0,"y":0,"w":10,"h":10}""", """{"page":1,"x":0,"y":0,"w":10,"h":7.5}""", 0.75)]
    [InlineData("page-box", """{"page":1,"x":0,"y":0,"w":10,"h":10}""", """{"page":2,"x":0,"y":0,"w":10,"h":10}""", 0)]
    // s² = 0.01 · 100 · 80 = 80, k = 0.1: exp(−0.25 / (2 · 80 · 0.01)).
    [InlineData("point", """{"x":10,"y":10}""", """{"x":10,"y":10.5}""", 0.8553453273074225)]
    [InlineData("polyline", """{"points":[[10,10],[60,10]]}""", """{"points":[[60,10.5],[30,10.5],[10,10.5]]}""", 0.8553453273074225)]
    // s² = 100 in both: exp(−1 / (2 · 100 · 0.01)) for one keypoint, 1 for the other.
    [InlineData("pose", """{"a":[0,0,2],"b":[10,10,1]}""", """{"a":[0,0,2],"b":[10,10,1],"c":[0,0,0]}""", 1)]
    [InlineData("pose", """{"a":[10,10,2],"b":[20,20,1]}""", """{"a":[11,10,2],"b":[21,20,1]}""", 0.6065306597126334)]
    public void EveryKind_ByHand(string kind, string one, string other, double expected)
    {
        var ontology = Given.Tool(kind);

        Assert.Equal(expected, Value(ontology, Objects(one), Objects(other)), 3);
        Assert.Equal(expected, Value(ontology, Objects(other), Objects(one)), 3);
        Assert.Equal(1, Value(ontology, Objects(one), Objects(one)), 12);
    }

    [Fact]
    public void Masks_AreExactPixels()
    {
        string Mask(params long[] runs) => $$"""{"size":[80,100],"counts":"{{Masks.Encode(runs)}}"}""";

        Assert.Equal(0.75, Value(Given.Tool("mask"), Objects(Mask(0, 80, 7920)), Objects(Mask(20, 60, 7920))), 12);
    }

    [Fact]
    public void Tracks_AreComparedFrameByFrame()
    {
        var tracks = Given.Tool("box", ""","track":true""");
        string Track(int from, int to, int by, string more = "") =>
            $$"""{"keyframes":[{"frame":{{from}},"geometry":{"x":0,"y":0,"w":10,"h":10},"mode":"linear"}{{more}},{"frame":{{to}},"geometry":{"x":{{by}},"y":0,"w":10,"h":10},"mode":"linear"}]}""";

        Assert.Equal(1, Value(tracks, Objects(Track(0, 9, 9)), Objects(Track(0, 9, 9))));
        // A keyframe on the way changes nothing.
        Assert.Equal(1, Value(tracks, Objects(Track(0, 9, 9)), Objects(Track(0, 9, 9, """,{"frame":3,"geometry":{"x":3,"y":0,"w":10,"h":10},"mode":"linear"}"""))), 9);
        // Seen in 10 frames against 8 of them, in the same place.
        Assert.Equal(0.8, Value(tracks, Objects(Track(0, 9, 0)), Objects(Track(0, 7, 0))), 12);
        // Outside from frame 5 on: 5 frames of 10.
        const string leaving = """{"keyframes":[{"frame":0,"geometry":{"x":0,"y":0,"w":10,"h":10},"mode":"hold"},{"frame":5,"geometry":{"x":0,"y":0,"w":10,"h":10},"mode":"hold","outside":true}]}""";
        Assert.Equal(0.5, Value(tracks, Objects(Track(0, 9, 0)), Objects(leaving)), 12);
    }

    [Fact]
    public void NestedAnswers_WeighInAsTheMean()
    {
        var ontology = Given.Tool("box", ""","questions":[{"id":"g","kind":"single","text":"G","options":[{"id":"a","text":"A"},{"id":"b","text":"B"}]}]""");
        string With(string geometry, string answer) => $$$"""
            "objects":[{"id":"{{{Id(0)}}}","tool":"t","geometry":{{{geometry}}},"answers":{"g":["{{{answer}}}"]}}]
            """;

        Assert.Equal(0.875, Value(ontology, With(Box, "a"), With(Quarter, "a")), 12);
        Assert.Equal(0.375, Value(ontology, With(Box, "a"), With(Quarter, "b")), 12);
        Assert.Equal(0.75, Value(ontology, Objects(Box), Objects(Quarter)), 12);
    }

    [Theory]
    [InlineData("single", """["a"]""", """["a"]""", 1)]
    [InlineData("single", """["a"]""", """["b"]""", 0)]
    [InlineData("multiple", """["a","b"]""", """["b","c"]""", 1.0 / 3)]
    [InlineData("ranking", """["a","b","c"]""", """["a","c","b"]""", 2.0 / 3)]
    [InlineData("transcription", "\"kitten\"", "\"sitting\"", 1 - (3.0 / 7))]
    [InlineData("transcription", "\"a😀\"", "\"a\"", 0.5)]
    [InlineData("text", "\"abc\"", "\"abc\"", 1)]
    [InlineData("rating", "1", "3", 0.5)]
    [InlineData("number", "1", "3", 0)]
    [InlineData("date", "\"2026-01-01\"", "\"2026-01-02\"", 0)]
    public void Answers_ByHand(string kind, string one, string other, double expected)
    {
        var ontology = Given.Question(kind, kind is "single" or "multiple" or "ranking" ? ""","options":[{"id":"a","text":"A"},{"id":"b","text":"B"},{"id":"c","text":"C"}]""" : "");
        string Answer(string value) => $$"""
            "answers":{"q":{{value}}}
            """;

        Assert.Equal(expected, Value(ontology, Answer(one), Answer(other)), 12);
        Assert.Equal(expected, Value(ontology, Answer(other), Answer(one)), 12);
        Assert.Equal(0, Value(ontology, Answer(one), ""));
    }

    [Fact]
    public void Relations_AreF1_AfterSpansAreMatched()
    {
        var ontology = Given.Ontology("""{"tools":[{"id":"t","kind":"span","name":"T"}],"relations":[{"id":"r","name":"R","from":["t"],"to":["t"]}]}""");
        string Related(int offset, params (int From, int To)[] ends) => $$"""
            "objects":[{{string.Join(',', Enumerable.Range(0, 3).Select(i => Given.Object($$"""{"start":{{i * 10}},"end":{{(i * 10) + 8}}}""", Id(i + offset))))}}],
            "relations":[{{string.Join(',', ends.Select((e, i) => $$"""{"id":"{{Id(i + 100)}}","relation":"r","from":"{{Id(e.From + offset)}}","to":"{{Id(e.To + offset)}}"}"""))}}]
            """;

        var same = Compare(ontology, Related(0, (0, 1), (1, 2)), Related(50, (1, 2), (0, 1)));
        var half = Compare(ontology, Related(0, (0, 1), (1, 2)), Related(50, (0, 1), (2, 1)));

        Assert.Equal((1, 1), (same.Value, Assert.Single(same.Relations).Value));
        Assert.Equal(0.5, Assert.Single(half.Relations).Value);
        // Spans 1, relations 0.5.
        Assert.Equal(0.75, half.Value);
    }

    [Fact]
    public void ClassesAndQuestions_WeighAlike_AndOtherClassesAreNotMatched()
    {
        var ontology = Given.Ontology("""{"tools":[{"id":"t","kind":"box","name":"T"},{"id":"u","kind":"box","name":"U"},{"id":"unused","kind":"box","name":"X"}],"questions":[{"id":"q","kind":"transcription","text":"Q"}]}""");
        string Label(string tool, string text) => $$"""
            "answers":{"q":"{{text}}"},"objects":[{"id":"{{Id(0)}}","tool":"{{tool}}","geometry":{{Box}}}]
            """;

        Assert.Equal(1.0 / 3, Value(ontology, Label("t", "a"), Label("u", "a")), 12);
        Assert.Equal(0.5, Value(ontology, Label("t", "a"), Label("t", "b")), 12);
    }

    [Fact]
    public void Keypoints_OnAnAssetOfUnknownSize_AreNotMeasured()
    {
        var agreement = LabelComparison.Compare(Document(Objects("""{"x":1,"y":1}""")), Document(Objects("""{"x":1,"y":1}""")), Given.Tool("point"), default);

        Assert.Null(agreement.Value);
        Assert.Null(Assert.Single(agreement.Tools).Value);
    }

    [Fact]
    public void Agreement_IsSymmetric_InRange_OneForItself_WhateverTheOrder_AndMovesAlong() => Gen.Select(Boxes, Boxes, Gen.Int[0, 1000]).Sample((a, b, by) =>
    {
        var ontology = Given.Tool("box");
        var value = Value(ontology, Objects(Texts(a)), Objects(Texts(b)));

        Assert.InRange(value, 0, 1);
        Assert.Equal(1, Value(ontology, Objects(Texts(a)), Objects(Texts(a))), 12);
        Assert.Equal(value, Value(ontology, Objects(Texts(b)), Objects(Texts(a))), 9);
        Assert.Equal(value, Value(ontology, Reversed(Objects(Texts(a))), Reversed(Objects(Texts(b)))), 15);
        Assert.Equal(value, Value(ontology, Objects(Texts(a, by)), Objects(Texts(b, by))), 9);
    }, iter: 300);

    [Fact]
    public void Consensus_ByHand()
    {
        var (asset, second, a, b, c) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        PairAgreement[] pairs = [new(asset, a, b, 0.9), new(asset, a, c, 0.6), new(asset, b, c, 0.6), new(second, a, b, 0.35)];

        Assert.Equal(0.7, ConsensusScore.OfAsset(asset, pairs).Value!.Value, 12);
        Assert.Equal(3, ConsensusScore.OfAsset(asset, pairs).N);
        // (0.75 + 0.35) / 2.
        Assert.Equal(0.55, ConsensusScore.OfLabeler(a, pairs).Value!.Value, 12);
        Assert.Equal(2, ConsensusScore.OfLabeler(a, pairs).N);
        Assert.Equal(new ConsensusScore(null, 0), ConsensusScore.OfAsset(Guid.Empty, pairs));
    }

    private static readonly Gen<(int X, int Y, int W, int H)[]> Boxes = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 60], Gen.Int[1, 30], Gen.Int[1, 30]).Array[0, 10];

    private static string[] Texts((int X, int Y, int W, int H)[] boxes, int by = 0) =>
        [.. boxes.Select(b => $$"""{"x":{{b.X + by}},"y":{{b.Y + by}},"w":{{b.W}},"h":{{b.H}}}""")];

    private static string Id(int i) => $"0195a000-0000-7000-8000-{i:x12}";

    private static string Objects(params string[] geometries) => $"\"objects\":[{string.Join(',', geometries.Select((g, i) => Given.Object(g, Id(i))))}]";

    private static string Reversed(string members)
    {
        var document = JsonNode.Parse($"{{{members}}}")!;
        return $"\"objects\":[{string.Join(',', document["objects"]!.AsArray().Reverse().Select(o => o!.ToJsonString()))}]";
    }

    private static JsonObject Document(string members) => JsonNode.Parse(Given.Document(members))!.AsObject();

    private static LabelAgreement Compare(Ontology ontology, string first, string second, AgreementSettings? settings = null) =>
        LabelComparison.Compare(Document(first), Document(second), ontology, Given.Picture, settings);

    private static double Value(Ontology ontology, string first, string second, AgreementSettings? settings = null) => Compare(ontology, first, second, settings).Value!.Value;
}
