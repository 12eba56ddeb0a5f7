using System.Globalization;
using System.Text.Json;

namespace Hybrid.Benchmarks.Work;

/// <summary>An ontology and a label as a person makes them: eight boxes with an answer each and two polygons of twenty points.</summary>
internal static class Documents
{
    public const string Ontology = """
        {"questions":[],"relations":[],"tools":[
        {"id":"boat","kind":"box","name":"Boat","questions":[{"id":"kind","kind":"single","text":"Kind","required":true,"options":[{"id":"sail","text":"Sail"},{"id":"motor","text":"Motor"}]}]},
        {"id":"shore","kind":"polygon","name":"Shore"}]}
        """;

    public static readonly JsonElement Label = JsonSerializer.SerializeToElement(new
    {
        schema = "hybrid.label/1",
        ontologyVersion = 1,
        answers = new { },
        objects = Enumerable.Range(0, 8).Select(Box).Concat(Enumerable.Range(0, 2).Select(Polygon)).ToArray(),
        relations = Array.Empty<object>(),
    });

    private static object Box(int i) => new
    {
        id = Guid.CreateVersion7(), tool = "boat", geometry = new { x = 10.125 + (300 * i), y = 20.5 + (70 * i), w = 140.25, h = 55.75 }, answers = new { kind = new[] { "sail" } },
    };

    private static object Polygon(int i) => new
    {
        id = Guid.CreateVersion7(), tool = "shore", answers = new { },
        geometry = new { rings = new[] { Enumerable.Range(0, 20).Select(p => new[] { Around(Math.Cos, p, 1000 + (1500 * i)), Around(Math.Sin, p, 1500) }).ToArray() } },
    };

    private static double Around(Func<double, double> turn, int point, double centre) =>
        double.Parse((centre + (400 * turn(point * Math.Tau / 20))).ToString("F2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
