using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Hybrid.Quality.Labels;
using Hybrid.Security;

namespace Hybrid.Quality.Tests.Labels;

/// <summary>What holds for every label, by properties.</summary>
public sealed class LabelPropertyTests
{
    private static readonly Ontology Shapes = Given.Ontology(
        """{"tools":[{"id":"box","kind":"box","name":"B"},{"id":"turned","kind":"rotated-box","name":"R"},{"id":"area","kind":"polygon","name":"P"},{"id":"dot","kind":"point","name":"D"}]}""");

    private static readonly AssetSize Wide = new(4000, 4000);

    private static readonly Gen<double> Inner = Gen.Double[1000, 2000];
    private static readonly Gen<double> Side = Gen.Double[0.01, 500];

    // A star around a centre: radii by rising angle never cross.
    private static readonly Gen<string> Star = Gen.Select(Inner, Inner, Gen.Double[5, 500].Array[3, 40]).Select((x, y, radii) =>
        $$"""{"rings":[[{{string.Join(',', radii.Select((r, i) => Invariant($"[{x + (r * Math.Cos(2 * Math.PI * i / radii.Length))},{y + (r * Math.Sin(2 * Math.PI * i / radii.Length))}]")))}}]]}""");

    private static readonly Gen<(string Tool, string Geometry)> Shape = Gen.OneOf(
        Gen.Select(Inner, Inner, Side, Side).Select((x, y, w, h) => ("box", Invariant($$"""{"x":{{x}},"y":{{y}},"w":{{w}},"h":{{h}}}"""))),
        Gen.Select(Inner, Inner, Side, Side, Gen.Double[0, 359.9]).Select((x, y, w, h, a) => ("turned", Invariant($$"""{"cx":{{x}},"cy":{{y}},"w":{{w}},"h":{{h}},"angle":{{a}}}"""))),
        Star.Select(g => ("area", g)),
        Gen.Select(Inner, Inner).Select((x, y) => ("dot", Invariant($$"""{"x":{{x}},"y":{{y}}}"""))));

    private static readonly Gen<string> Label = Shape.Array[0, 12].Select(shapes =>
        Given.Document($"\"objects\":[{string.Join(',', shapes.Select((s, i) => $$"""{"id":"0195a000-0000-7000-8000-{{i:x12}}","tool":"{{s.Tool}}","geometry":{{s.Geometry}}}"""))}]"));

    [Fact]
    public void Normalizing_Twice_IsNormalizingOnce_AndStaysValid() => Label.Sample(text =>
    {
        var once = Check(text);
        Assert.Empty(once.Violations);

        var twice = LabelValidator.Check(once.Document.Element(), Shapes, 1, Wide);

        Assert.Empty(twice.Violations);
        Assert.Equal(once.Document.ToJsonString(), twice.Document.ToJsonString());
        Assert.Equal(once.Classes, twice.Classes);
    });

    [Fact]
    public void RoundTripThroughCanonicalJson_KeepsTheDigest() => Label.Sample(text =>
    {
        var canonical = CanonicalJson.Serialize(Check(text).Document);

        var again = LabelValidator.Check(JsonDocument.Parse(canonical).RootElement, Shapes, 1, Wide);

        Assert.Empty(again.Violations);
        Assert.Equal(SHA256.HashData(canonical), CanonicalJson.Digest(again.Document.Element()));
    });

    [Fact]
    public void OrderOfMembersAndBlanks_DoNotChangeTheDigest() => Label.Sample(text =>
    {
        var turned = new JsonObject(JsonNode.Parse(text)!.AsObject().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));

        Assert.Equal(Digest(text), Digest(turned.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
    });

    [Fact]
    public void Moving_KeepsValidity_UntilTheEdge() => Gen.Select(Shape, Gen.Int[-400, 1400], Gen.Int[-400, 1400]).Sample((shape, dx, dy) =>
    {
        var here = Only(shape.Tool, shape.Geometry);
        var moved = Only(shape.Tool, Move(shape.Geometry, dx, dy));

        Assert.Empty(here.Violations);
        Assert.Empty(moved.Violations);
        var (a, b) = (here.Classes[0].Extent!.Value, moved.Classes[0].Extent!.Value);
        Assert.Equal(a.MinX + dx, b.MinX, 0.01);
        Assert.Equal(a.MaxY + dy, b.MaxY, 0.01);
        Assert.Equal(["outside_asset"], Only(shape.Tool, Move(shape.Geometry, 8000, 0)).Codes());
    });

    [Fact]
    public void Rounding_IsAtMostHalfAThousandthAway() => Gen.Select(Inner, Inner).Sample((x, y) =>
    {
        var kept = Only("dot", Invariant($$"""{"x":{{x}},"y":{{y}}}""")).Document["objects"]![0]!["geometry"]!["x"]!.GetValue<double>();

        Assert.InRange(Math.Abs(kept - x), 0, 0.0005000001);
        Assert.True(CanonicalJson.Number(kept).Split('.') is [_] or [_, { Length: <= 3 }]);
    });

    [Fact]
    public void Digest_IsTheOneOfTheCanonicalText()
    {
        const string text = """{"ontologyVersion":1,"schema":"hybrid.label/1","objects":[{"tool":"box","id":"0195a000-0000-7000-8000-000000000001","geometry":{"h":50,"w":100.0,"y":20.12345,"x":1e1}}]}""";

        // sha256sum of {"objects":[{"geometry":{"h":50,"w":100,"x":10,"y":20.123},"id":"0195a000-…-000000000001","tool":"box"}],"ontologyVersion":1,"schema":"hybrid.label/1"}
        Assert.Equal("d3bfa22fe5f4012c9c9591d1da50fc9218ebff74fe62e1e55007dc077fbb695a", Convert.ToHexStringLower(Digest(text)));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static CheckedLabel Check(string text) => LabelValidator.Check(JsonElement.Parse(text), Shapes, 1, Wide);

    private static CheckedLabel Only(string tool, string geometry) => Check(Given.Document($$"""{"objects":[{"id":"{{Given.Id1}}","tool":"{{tool}}","geometry":{{geometry}}}]}"""[1..^1]));

    private static byte[] Digest(string text) => CanonicalJson.Digest(Check(text).Document.Element());

    private static string Move(string geometry, int dx, int dy)
    {
        var node = JsonNode.Parse(geometry)!;
        foreach (var (name, by) in new[] { ("x", dx), ("y", dy), ("cx", dx), ("cy", dy) })
        {
            if (node[name] is { } value) node[name] = value.GetValue<double>() + by;
        }

        foreach (var point in node["rings"]?.AsArray().SelectMany(r => r!.AsArray()) ?? [])
        {
            point![0] = point[0]!.GetValue<double>() + dx;
            point[1] = point[1]!.GetValue<double>() + dy;
        }

        return node.ToJsonString();
    }
}
