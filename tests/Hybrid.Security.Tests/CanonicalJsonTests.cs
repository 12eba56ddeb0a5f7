using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Testing;

namespace Hybrid.Security.Tests;

public class CanonicalJsonTests
{
    [Theory]
    [InlineData("arrays")]
    [InlineData("french")]
    [InlineData("structures")]
    [InlineData("values")]
    public void Serialize_WhenPublishedExample_GivesItsBytes(string name)
    {
        using var input = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector($"jcs/input/{name}.json")));

        var bytes = CanonicalJson.Serialize(input.RootElement);

        Assert.Equal(File.ReadAllText(ReferenceFiles.Vector($"jcs/output/{name}.json")).TrimEnd('\n'), Encoding.UTF8.GetString(bytes));
        var hex = File.ReadAllText(ReferenceFiles.Vector($"jcs/outhex/{name}.txt"));
        Assert.Equal(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))), Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Number_WhenPublishedSample_IsWrittenAsEcmaScriptDoes()
    {
        foreach (var line in File.ReadLines(ReferenceFiles.Vector("jcs/es6-numbers-1000.txt")))
        {
            if (line.Split(',') is not [var bits, var expected]) continue;
            var value = BitConverter.Int64BitsToDouble(long.Parse(bits.PadLeft(16, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            Assert.Equal(expected, CanonicalJson.Number(value));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Number_WhenNotFinite_IsRefused(double value) => Assert.Throws<ArgumentException>(() => CanonicalJson.Number(value));

    [Fact]
    public void Serialize_WhenMembersAreInAnotherOrder_GivesTheSameBytes() => Assert.Equal(
        CanonicalJson.Serialize(JsonNode.Parse("""{"b":[1.0,2],"a":{"y":null,"x":true}}""")),
        CanonicalJson.Serialize(JsonNode.Parse("""{"a":{"x":true,"y":null},"b":[1,2e0]}""")));
}
