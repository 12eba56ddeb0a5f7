using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Tests.Labels;

public sealed class AnswerTests
{
    private const string Options = ",\"options\":[{\"id\":\"a\",\"text\":\"A\"},{\"id\":\"b\",\"text\":\"B\"},{\"id\":\"c\",\"text\":\"C\"}]";

    private static readonly Ontology Nested = Given.Question(
        "single",
        """,\"options\":[{"id":"yes","text":"Yes"},{"id":"no","text":"No","questions":[{"id":"why","kind":"multiple","text":"Why","required":true,"options":[{"id":"dark","text":"Dark"},{"id":"other","text":"Other","questions":[{"id":"say","kind":"text","text":"Say"}]}]}]}]"""
            .Replace("\\\"", "\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("single", Options, "[\"a\"]", null)]
    [InlineData("single", Options, "[\"a\",\"b\"]", "too_many_options")]
    [InlineData("single", Options, "[\"z\"]", "unknown_option")]
    [InlineData("single", Options, "\"a\"", "wrong_answer")]
    [InlineData("single", Options, "[1]", "wrong_answer")]
    [InlineData("single", Options, "{\"a\":true}", "wrong_answer")]
    [InlineData("dropdown", Options, "[\"b\"]", null)]
    [InlineData("dropdown", Options, "[\"a\",\"b\"]", "too_many_options")]
    [InlineData("multiple", Options, "[\"a\",\"b\"]", null)]
    [InlineData("multiple", Options, "[\"a\",\"a\"]", "duplicate_option")]
    [InlineData("ranking", Options, "[\"c\",\"a\",\"b\"]", null)]
    [InlineData("ranking", Options, "[\"c\",\"c\"]", "duplicate_option")]
    [InlineData("number", ",\"min\":1,\"max\":2", "1.5", null)]
    [InlineData("number", ",\"min\":1,\"max\":2", "0.9", "out_of_range")]
    [InlineData("number", ",\"min\":1", "0.9", "out_of_range")]
    [InlineData("number", ",\"max\":2", "2.1", "out_of_range")]
    [InlineData("number", "", "\"1\"", "wrong_answer")]
    [InlineData("number", ",\"step\":0.1", "0.3", null)]
    [InlineData("number", ",\"step\":0.1", "0.35", "off_step")]
    [InlineData("number", ",\"min\":1,\"step\":2", "4", "off_step")]
    [InlineData("number", ",\"min\":1,\"step\":2", "5", null)]
    [InlineData("rating", "", "5", null)]
    [InlineData("rating", "", "6", "out_of_range")]
    [InlineData("rating", "", "0", "out_of_range")]
    [InlineData("rating", "", "3.5", "wrong_answer")]
    [InlineData("rating", ",\"max\":7", "7", null)]
    [InlineData("date", "", "\"2024-02-29\"", null)]
    [InlineData("date", "", "\"2023-02-29\"", "wrong_answer")]
    [InlineData("date", "", "\"29.02.2024\"", "wrong_answer")]
    [InlineData("date", "", "20240229", "wrong_answer")]
    [InlineData("text", "", "\"any\"", null)]
    [InlineData("text", "", "[\"any\"]", "wrong_answer")]
    [InlineData("transcription", "", "\"any\"", null)]
    [InlineData("transcription", "", "7", "wrong_answer")]
    public void Answer_FitsItsKind(string kind, string more, string answer, string? code) =>
        Assert.Equal(code is null ? [] : [code], Given.Check(Given.Question(kind, more), $"\"answers\":{{\"q\":{answer}}}").Codes());

    [Theory]
    [InlineData("single", Options, "[]")]
    [InlineData("multiple", Options, "null")]
    [InlineData("text", "", "\"  \"")]
    [InlineData("text", "", "null")]
    [InlineData("number", "", "null")]
    public void Required_IsNotMetByNothing(string kind, string more, string answer) =>
        Assert.Equal(["required_answer"], Given.Check(Given.Question(kind, more + ",\"required\":true"), $"\"answers\":{{\"q\":{answer}}}").Codes());

    [Fact]
    public void Required_IsNotMetByAnAbsentMember()
    {
        Assert.Equal(["required_answer"], Given.Check(Given.Question("number", ",\"required\":true"), "\"answers\":{}").Codes());
        Assert.Equal(["required_answer"], Given.Check(Given.Question("number", ",\"required\":true"), "").Codes());
        Assert.Empty(Given.Check(Given.Question("number"), "").Codes());
    }

    [Theory]
    [InlineData("""{"q":["yes"]}""")]
    [InlineData("""{"q":["no"],"why":["dark"]}""")]
    [InlineData("""{"q":["no"],"why":["dark","other"],"say":"x"}""")]
    [InlineData("""{"q":["no"]}""", "required_answer")]
    [InlineData("""{"q":["yes"],"why":["dark"]}""", "unknown_question")]
    [InlineData("""{"why":["dark"]}""", "unknown_question")]
    [InlineData("""{"q":["no"],"why":["dark"],"say":"x"}""", "unknown_question")]
    [InlineData("""{"q":["yes"],"why":["dark"],"say":"x"}""", "unknown_question", "unknown_question")]
    [InlineData("""{"nobody":1}""", "unknown_question")]
    [InlineData("7", "wrong_shape")]
    [InlineData("[]", "wrong_shape")]
    public void Nested_ExistOnlyWhileTheirOptionIsChosen(string answers, params string[] codes) =>
        Assert.Equal(codes, Given.Check(Nested, $"\"answers\":{answers}").Codes());

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void Text_HasALimit(int length, bool good) =>
        Assert.Equal(good ? [] : ["wrong_answer"], Given.Check(Given.Question("text"), $"\"answers\":{{\"q\":\"{new string('x', length)}\"}}").Codes());
}
