using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.Benchmarks.Measuring;
using Hybrid.Quality.Agreement;
using Hybrid.Quality.Labels;
using Hybrid.Quality.Matching;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace Hybrid.Benchmarks.Quality;

/// <summary>Matching 1,000 objects with 1,000, and agreement of two labels with 1,000 polygons each against the bare overlays that it cannot do without.</summary>
internal sealed class QualityArea : IArea
{
    private const int Objects = 1_000;
    private const int Rounds = 11;

    private static readonly GeometryFactory Plane = new();

    public string Name => "quality";

    public string Summary => "Hungarian matching 1,000 × 1,000; agreement of 1,000 polygons against bare overlays";

    public Task RunAsync(CancellationToken ct)
    {
        var random = new Random(1);
        // Each object overlaps nine of the other side, in one connected component; and the worst case, where everything overlaps everything.
        var neighbours = Enumerable.Range(0, Objects).SelectMany(i => Enumerable.Range(i - 4, 9).Where(j => j is >= 0 and < Objects).Select(j => new Candidate(i, j, random.NextDouble()))).ToList();
        var all = Enumerable.Range(0, Objects).SelectMany(i => Enumerable.Range(0, Objects).Select(j => new Candidate(i, j, random.NextDouble()))).ToList();
        Report.Table("quality: matching 1,000 × 1,000", ["pairs that overlap", "ms, median"], [
            [Report.Number(neighbours.Count), Report.Against(Time(() => Assignment.Greatest(Objects, Objects, neighbours)), 100, atLeast: false, " ms")],
            [$"{Report.Number(all.Count)} (all)", Report.Against(Time(() => Assignment.Greatest(Objects, Objects, all)), 100, atLeast: false, " ms")],
        ]);

        var (first, second) = (Stars(random, 0), Stars(random, 1.5));
        var ontology = new Ontology(new Dictionary<string, Tool> { ["t"] = new("t", "polygon", 0, null, [], false, new HashSet<string>()) }, [], new Dictionary<string, Relation>());
        var (one, other) = (Document(first), Document(second));
        var pairs = first.SelectMany(a => second.Where(b => a.EnvelopeInternal.Intersects(b.EnvelopeInternal)).Select(b => (a, b))).ToList();
        var floor = Time(() => pairs.Sum(p => OverlayNGRobust.Overlay(p.a, p.b, SpatialFunction.Intersection).Area));
        var ours = Time(() => LabelComparison.Compare(one, other, ontology, new AssetSize(4000, 4000)));
        Report.Table("quality: agreement of two labels with 1,000 polygons of 40 corners", ["contender", "ms, median", "ours against it"], [
            [$"bare intersections of the {pairs.Count} pairs whose extents meet", Report.Number(floor), $"{Report.Number(ours / floor)}× its time"],
            ["LabelComparison.Compare", Report.Number(ours), "–"],
        ]);
        return Task.CompletedTask;
    }

    private static double Time<T>(Func<T> work)
    {
        for (var warm = 0; warm < 5; warm++) work();
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Median.Of(times);
    }

    // On a grid close enough that neighbours overlap, as cells in tissue do.
    private static List<Polygon> Stars(Random random, double by) => [.. Enumerable.Range(0, Objects).Select(i =>
    {
        var (x, y) = ((i % 40 * 90) + 100 + by, (i / 40 * 90) + 100 + by);
        var corners = Enumerable.Range(0, 40).Select(c => (Turn: Math.Tau * c / 40, Radius: 40 + (random.NextDouble() * 12))).Select(c => new Coordinate(x + (c.Radius * Math.Cos(c.Turn)), y + (c.Radius * Math.Sin(c.Turn)))).ToList();
        return Plane.CreatePolygon([.. corners, corners[0].Copy()]);
    })];

    private static JsonObject Document(List<Polygon> polygons)
    {
        var objects = polygons.Select((p, i) =>
        {
            var ring = string.Join(',', p.Coordinates.SkipLast(1).Select(c => string.Create(CultureInfo.InvariantCulture, $"[{c.X:0.###},{c.Y:0.###}]")));
            return $$$"""{"id":"0195a000-0000-7000-8000-{{{i:x12}}}","tool":"t","geometry":{"rings":[[{{{ring}}}]]}}""";
        });
        return JsonNode.Parse($$"""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":[{{string.Join(',', objects)}}]}""")!.AsObject();
    }
}
