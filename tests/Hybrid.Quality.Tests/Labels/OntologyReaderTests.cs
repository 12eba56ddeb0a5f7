using System.Text.Json;
using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

public sealed class OntologyReaderTests
{
    private const string Whole = """
        {"tools":[{"id":"lesion","kind":"polygon","name":"Lesion","color":"#E4572E","key":"1","min":0,"max":null,
          "questions":[{"id":"grade","kind":"single","text":"Grade","required":true,"options":[{"id":"low","text":"Low"},{"id":"high","text":"High","questions":[{"id":"why","kind":"text","text":"Why"}]}]}]},
          {"id":"drug","kind":"span","name":"Drug"},{"id":"car","kind":"box","name":"Car","track":true},{"id":"body","kind":"pose","name":"Body","keypoints":["nose","tail"]}],
         "questions":[{"id":"count","kind":"number","text":"How many","min":0,"max":10,"step":0.5},{"id":"stars","kind":"rating","text":"Stars","max":7}],
         "relations":[{"id":"treats","name":"treats","from":["drug"],"to":["lesion"],"directed":true}]}
        """;

    [Fact]
    public void Read_TakesOverWhatTheModelSays()
    {
        var ontology = Given.Ontology(Whole);

        Assert.Equal(["lesion", "drug", "car", "body"], ontology.Tools.Keys);
        Assert.Equal((0, null, false), (ontology.Tools["lesion"].Min, ontology.Tools["lesion"].Max, ontology.Tools["lesion"].Track));
        Assert.True(ontology.Tools["car"].Track);
        Assert.Equal(["nose", "tail"], ontology.Tools["body"].Keypoints);
        var grade = Assert.Single(ontology.Tools["lesion"].Questions);
        Assert.Equal((true, "why"), (grade.Required, Assert.Single(grade.Options["high"].Questions).Id));
        Assert.Equal((0d, 10d, 0.5), (ontology.Questions[0].Min, ontology.Questions[0].Max, ontology.Questions[0].Step));
        Assert.Equal(["lesion"], ontology.Relations["treats"].To);
    }

    [Theory]
    [InlineData("[]", "wrong_shape")]
    [InlineData("null", "wrong_shape")]
    [InlineData("\"tools\"", "wrong_shape")]
    [InlineData("{}", "empty")]
    [InlineData("""{"tools":{}}""", "wrong_shape", "empty")]
    [InlineData("""{"tools":[1]}""", "bad_id", "unknown_kind", "no_name", "empty")]
    [InlineData("""{"tools":["box"]}""", "bad_id", "unknown_kind", "no_name", "empty")]
    [InlineData("""{"tools":[null]}""", "bad_id", "unknown_kind", "no_name", "empty")]
    [InlineData("""{"questions":[7]}""", "bad_id", "unknown_kind", "no_name", "empty")]
    [InlineData("""{"tools":[{"id":"A","kind":"box","name":"A"}]}""", "bad_id", "empty")]
    [InlineData("""{"tools":[{"id":"a\n","kind":"box","name":"A"}]}""", "bad_id", "empty")]
    [InlineData("""{"tools":[{"id":"","kind":"box","name":"A"}]}""", "bad_id", "empty")]
    [InlineData("""{"tools":[{"id":"a","kind":"blob","name":"A"}]}""", "unknown_kind")]
    [InlineData("""{"tools":[{"id":"a","kind":"track","name":"A"}]}""", "unknown_kind")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":""}]}""", "no_name")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":-1}]}""", "bad_range")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":1.5}]}""", "bad_range")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":3,"max":2}]}""", "bad_range")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":1e12}]}""", "bad_range")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","max":1e12}]}""", "bad_range")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":"1"}]}""", "wrong_shape")]
    [InlineData("""{"tools":[{"id":"a","kind":"span","name":"A","track":true}]}""", "no_track")]
    [InlineData("""{"tools":[{"id":"a","kind":"pose","name":"A","keypoints":[1]}]}""", "wrong_shape")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A"},{"id":"a","kind":"box","name":"A"}]}""", "duplicate_id")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A"}],"questions":[{"id":"a","kind":"text","text":"?"}]}""", "duplicate_id")]
    [InlineData("""{"questions":[{"id":"q","kind":"single","text":"?"}]}""", "no_options")]
    [InlineData("""{"questions":[{"id":"q","kind":"single","text":"?","options":[{"id":"a","text":"A"},{"id":"a","text":"A"}]}]}""", "duplicate_id")]
    [InlineData("""{"questions":[{"id":"q","kind":"number","text":"?","min":2,"max":1}]}""", "bad_range")]
    [InlineData("""{"questions":[{"id":"q","kind":"number","text":"?","step":0}]}""", "bad_range")]
    [InlineData("""{"questions":[{"id":"q","kind":"rating","text":"?","max":0}]}""", "bad_range")]
    [InlineData("""{"questions":[{"id":"q","kind":"rating","text":"?","max":4.5}]}""", "bad_range")]
    [InlineData("""{"questions":[{"id":"q","kind":"text","text":"?"}],"relations":[{"id":"r","name":"r","from":["nobody"],"to":[]}]}""", "unknown_tool")]
    [InlineData("""{"questions":[{"id":"q","kind":"text","text":"?"}],"relations":[{"id":"r","name":"r","from":[3],"to":[]}]}""", "wrong_shape")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"A","min":1e400}]}""", "not_finite")]
    [InlineData("""{"tools":[{"id":"a","kind":"box","name":"\ud800"}]}""", "bad_text")]
    [InlineData("""{"tools":[],"\ud800":1}""", "bad_text")]
    [InlineData("""{"tools":[],"tools":[]}""", "duplicate_member")]
    public void Read_RefusesByName(string document, params string[] codes) => Assert.Equal(codes, Given.Reads(document));

    [Fact]
    public void Read_ListsEveryViolation() =>
        Assert.Equal(
            ["bad_id", "unknown_kind", "no_name", "bad_range", "bad_id", "no_options", "empty"],
            Given.Reads("""{"tools":[{"id":"Ä","kind":"blob","name":7,"min":2,"max":1}],"questions":[{"id":"","kind":"multiple","text":"?"}]}"""));

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void Tools_AreAThousandAtMost(int count, bool good) =>
        Assert.Equal(good ? [] : ["too_many"], Given.Reads($$"""{"tools":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"id":"t{{i}}","kind":"box","name":"T"}"""))}}]}"""));

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Options_AreTenThousandAtMost(int count, bool good) =>
        Assert.Equal(good ? [] : ["too_many"], Given.Reads($$"""{"questions":[{"id":"q","kind":"dropdown","text":"?","options":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"id":"o{{i}}","text":"O"}"""))}}]}]}"""));

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Nesting_HasABottom(int depth, bool good)
    {
        var inner = """{"id":"last","kind":"text","text":"?"}""";
        for (var i = 0; i < depth; i++) inner = $$"""{"id":"q{{i}}","kind":"single","text":"?","options":[{"id":"o","text":"O","questions":[{{inner}}]}]}""";

        Assert.Equal(good ? [] : ["too_deep"], Given.Reads($$"""{"questions":[{{inner}}]}"""));
    }

    [Fact]
    public void Ids_HaveSixtyFourCharactersAtMost()
    {
        Assert.Empty(Given.Reads($$"""{"tools":[{"id":"{{new string('a', 64)}}","kind":"box","name":"A"}]}"""));
        Assert.Contains("bad_id", Given.Reads($$"""{"tools":[{"id":"{{new string('a', 65)}}","kind":"box","name":"A"}]}"""));
    }

    [Fact]
    public void EveryKindOfTheModel_IsKnown()
    {
        Assert.Equal(["box", "cuboid", "ellipse", "mask", "page-box", "point", "polygon", "polyline", "pose", "region", "rotated-box", "span"], OntologyReader.ToolKinds.Order(StringComparer.Ordinal));
        Assert.Equal(["date", "dropdown", "multiple", "number", "ranking", "rating", "single", "text", "transcription"], OntologyReader.QuestionKinds.Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(Whole).ValueKind);
    }
}
