using System.Text.Json.Nodes;
using Hybrid.Quality.Labels;
using Hybrid.Quality.Matching;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Hybrid.Quality.Agreement;

/// <summary>Agreement of two labels of one asset (workflow-and-quality.md § Quality measures).</summary>
public static class LabelComparison
{
    // Among pairs that are equally alike, those whose answers agree are matched; far too little to outweigh a third decimal of similarity.
    private const double TieBreak = 1e-9;

    /// <summary>Compares two documents that <see cref="LabelValidator"/> passed, under the ontology that they were made under.</summary>
    /// <param name="first">The one, or the truth.</param>
    /// <param name="second">The other.</param>
    /// <param name="ontology">In force for both.</param>
    /// <param name="size">The asset's size, which scales points and polylines.</param>
    /// <param name="settings">The project's; null = defaults.</param>
    public static LabelAgreement Compare(JsonObject first, JsonObject second, Ontology ontology, AssetSize size, AgreementSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(ontology);
        settings ??= new AgreementSettings();
        var (ours, theirs) = (ByTool(first), ByTool(second));
        var partner = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var tools = new List<ToolAgreement>();
        foreach (var tool in ontology.Tools.Values)
        {
            var (a, b) = (ours.GetValueOrDefault(tool.Id, []), theirs.GetValueOrDefault(tool.Id, []));
            if (a.Count + b.Count == 0) continue;
            var agreement = Match(tool, a, b, size, settings);
            tools.Add(agreement);
            foreach (var pair in agreement.Pairs.Where(p => p.Counts)) partner[pair.First] = pair.Second;
        }

        var questions = AnswerAgreement.Each(ontology.Questions, first["answers"] as JsonObject, second["answers"] as JsonObject).ToList();
        var relations = Relations(first, second, ontology, partner);
        var values = tools.Select(t => t.Value).OfType<double>().Concat(questions.Select(q => q.Value)).Concat(relations.Select(r => r.Value)).ToList();
        double? mean = values.Count > 0 ? values.Average() : tools.Count == 0 ? 1 : null;
        return new LabelAgreement(mean, tools, questions, relations);
    }

    private static ToolAgreement Match(Tool tool, List<Item> a, List<Item> b, AssetSize size, AgreementSettings settings)
    {
        var ours = a.ConvertAll(i => Drawn.Read(tool, i.Geometry, size));
        var theirs = b.ConvertAll(i => Drawn.Read(tool, i.Geometry, size));
        var near = new STRtree<int>();
        for (var j = 0; j < theirs.Count; j++) near.Insert(Envelope(theirs[j].Reach), j);
        var candidates = new List<Candidate>();
        var found = new Dictionary<(int, int), (double Similarity, double? Answers)>();
        for (var i = 0; i < ours.Count && theirs.Count > 0; i++)
        {
            foreach (var j in near.Query(Envelope(ours[i].Reach)))
            {
                if (ours[i].To(theirs[j], settings) is not { } similarity) return new ToolAgreement(tool.Id, null, a.Count, b.Count, [], [], []);
                if (similarity <= 0) continue;
                var answers = AnswerAgreement.Of(tool.Questions, a[i].Answers, b[j].Answers);
                found[(i, j)] = (similarity, answers);
                candidates.Add(new Candidate(i, j, similarity + (TieBreak * (answers ?? 0))));
            }
        }

        var columnOf = Assignment.Greatest(a.Count, b.Count, candidates);
        var pairs = new List<MatchedPair>();
        for (var i = 0; i < columnOf.Length; i++)
        {
            if (columnOf[i] < 0) continue;
            var (similarity, answers) = found[(i, columnOf[i])];
            pairs.Add(new MatchedPair(a[i].Id, b[columnOf[i]].Id, similarity, answers, similarity >= settings.Threshold));
        }

        var counted = pairs.Where(p => p.Counts).ToList();
        var (matched, matchedToo) = (counted.Select(p => p.First).ToHashSet(StringComparer.Ordinal), counted.Select(p => p.Second).ToHashSet(StringComparer.Ordinal));
        return new ToolAgreement(
            tool.Id, 2 * counted.Sum(p => p.Value) / (a.Count + b.Count), a.Count, b.Count, pairs,
            [.. a.Select(i => i.Id).Where(id => !matched.Contains(id))], [.. b.Select(i => i.Id).Where(id => !matchedToo.Contains(id))]);
    }

    private static List<PartAgreement> Relations(JsonObject first, JsonObject second, Ontology ontology, Dictionary<string, string> partner)
    {
        // An end without partner keeps an id that no object of the second label has.
        var ours = Ends(first).Select(e => (e.Relation, From: partner.GetValueOrDefault(e.From, "first:" + e.From), To: partner.GetValueOrDefault(e.To, "first:" + e.To))).ToLookup(e => e.Relation, StringComparer.Ordinal);
        var theirs = Ends(second).ToLookup(e => e.Relation, StringComparer.Ordinal);
        var result = new List<PartAgreement>();
        foreach (var relation in ontology.Relations.Keys)
        {
            var (a, b) = (ours[relation].ToHashSet(), theirs[relation].ToHashSet());
            if (a.Count + b.Count > 0) result.Add(new PartAgreement(relation, 2.0 * a.Count(b.Contains) / (a.Count + b.Count)));
        }

        return result;
    }

    private static IEnumerable<(string Relation, string From, string To)> Ends(JsonObject label) =>
        (label["relations"] as JsonArray ?? []).Select(r => (r!["relation"]!.GetValue<string>(), Lower(r["from"]), Lower(r["to"])));

    private static string Lower(JsonNode? id) => id!.GetValue<string>().ToLowerInvariant();

    // By id, so that the order of objects in a document changes nothing, ties included.
    private static Dictionary<string, List<Item>> ByTool(JsonObject label) =>
        (label["objects"] as JsonArray ?? []).Select(o => new Item(Lower(o!["id"]), o["tool"]!.GetValue<string>(), o["geometry"]!.AsObject(), o["answers"] as JsonObject))
        .OrderBy(i => i.Id, StringComparer.Ordinal).GroupBy(i => i.Tool, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

    private static Envelope Envelope(Extent e) => new(e.MinX, e.MaxX, e.MinY, e.MaxY);

    private sealed record Item(string Id, string Tool, JsonObject Geometry, JsonObject? Answers);
}
