using System.Text.Json;
using Hybrid.Quality.Reliability;
using Hybrid.Testing;

namespace Hybrid.Quality.Tests.Reliability;

public sealed class VectorTests
{
    [Fact]
    public void Alpha_OfEveryVector() => Assert.All(Read("krippendorff"), vector =>
    {
        var raters = vector.GetProperty("data").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble()).ToList()).ToList();
        var units = Enumerable.Range(0, raters[0].Count).Select(u => (IReadOnlyList<double>)[.. raters.Select(r => r[u]).OfType<double>()]).ToList();
        foreach (var (name, distance) in new[] { ("nominal", Distance.Nominal), ("ordinal", Distance.Ordinal), ("interval", Distance.Interval) })
            Assert.Equal(vector.GetProperty("alpha").GetProperty(name).GetDouble(), Alpha.Krippendorff(units, distance).Value!.Value, vector.GetProperty("decimals").GetInt32());
    });

    [Fact]
    public void Fleiss_OfEveryVector() => Assert.All(Read("fleiss"), vector =>
        Assert.Equal(
            vector.GetProperty("kappa").GetDouble(),
            Kappa.Fleiss([.. vector.GetProperty("table").EnumerateArray().Select(r => (IReadOnlyList<int>)[.. r.EnumerateArray().Select(c => c.GetInt32())])]).Value!.Value,
            vector.GetProperty("decimals").GetInt32()));

    private static List<JsonElement> Read(string member) =>
        [.. JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.Vector("agreement/agreement.json"))).RootElement.GetProperty(member).EnumerateArray()];
}
