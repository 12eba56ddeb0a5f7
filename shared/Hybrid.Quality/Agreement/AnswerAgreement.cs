using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Quality.Labels;

namespace Hybrid.Quality.Agreement;

/// <summary>Agreement of answers (workflow-and-quality.md § Quality measures).</summary>
/// <remarks>
/// Where the design is silent: ranking = share of pairs of options that both put in the same order; number and rating with both bounds =
/// 1 − distance / range, else equal or not; date = equal or not; text = as transcription. Nested answers weigh in with their question as
/// an object's answers do with the object: the mean of both.
/// </remarks>
internal static class AnswerAgreement
{
    /// <summary>Mean over the questions that either answers; null when neither answers any.</summary>
    public static double? Of(IReadOnlyList<Question> questions, JsonObject? first, JsonObject? second)
    {
        var values = Each(questions, first, second).Select(q => q.Value).ToList();
        return values.Count == 0 ? null : values.Average();
    }

    /// <summary>By question that either answers.</summary>
    public static IEnumerable<PartAgreement> Each(IReadOnlyList<Question> questions, JsonObject? first, JsonObject? second)
    {
        foreach (var question in questions)
        {
            var (a, b) = (Given(first, question), Given(second, question));
            if (a is null && b is null) continue;
            var own = a is null || b is null ? 0 : One(question, a, b);
            // An option's questions exist only while it is chosen, so answers to them are nested by definition.
            var nested = Of([.. question.Options.Values.Where(o => o.Questions.Count > 0).SelectMany(o => o.Questions)], first, second);
            yield return new PartAgreement(question.Id, nested is { } deeper ? (own + deeper) / 2 : own);
        }
    }

    /// <summary>1 − Levenshtein / max length, in code points; two empty texts are equal.</summary>
    internal static double Transcription(string a, string b)
    {
        if (a == b) return 1;
        var (one, other) = (a.EnumerateRunes().ToArray(), b.EnumerateRunes().ToArray());
        return 1 - ((double)Levenshtein<Rune>(one, other) / Math.Max(one.Length, other.Length));
    }

    // Levenshtein 1966, with two rows (Wagner and Fischer 1974); equal ends cost nothing and are cut off first.
    private static int Levenshtein<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : IEquatable<T>
    {
        var start = a.CommonPrefixLength(b);
        a = a[start..];
        b = b[start..];
        while (a.Length > 0 && b.Length > 0 && a[^1].Equals(b[^1]))
        {
            a = a[..^1];
            b = b[..^1];
        }

        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1].Equals(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static double One(Question question, JsonNode a, JsonNode b)
    {
        switch (question.Kind)
        {
            case "multiple":
                var (one, other) = (Options(a).ToHashSet(StringComparer.Ordinal), Options(b).ToHashSet(StringComparer.Ordinal));
                var shared = one.Count(other.Contains);
                return (double)shared / (one.Count + other.Count - shared);
            case "ranking":
                return Ranking(Options(a), Options(b));
            case "number" or "rating":
                var (x, y) = (a.GetValue<double>(), b.GetValue<double>());
                if (x == y) return 1;
                var (min, max) = question.Kind == "rating" ? (1, question.Max ?? 5) : (question.Min, question.Max);
                return max - min is { } range and > 0 ? Math.Clamp(1 - (Math.Abs(x - y) / range), 0, 1) : 0;
            case "transcription" or "text":
                return Transcription(a.GetValue<string>(), b.GetValue<string>());
            default:
                return JsonNode.DeepEquals(a, b) ? 1 : 0;
        }
    }

    private static double Ranking(List<string> a, List<string> b)
    {
        var all = a.Union(b, StringComparer.Ordinal).ToList();
        if (all.Count < 2) return a.SequenceEqual(b) ? 1 : 0;
        var (same, pairs) = (0, 0);
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = i + 1; j < all.Count; j++, pairs++)
            {
                if (Place(a, all[i]).CompareTo(Place(a, all[j])) == Place(b, all[i]).CompareTo(Place(b, all[j]))) same++;
            }
        }

        return (double)same / pairs;

        // What is not ranked comes last.
        static int Place(List<string> ranked, string option) => ranked.IndexOf(option) is var at and >= 0 ? at : int.MaxValue;
    }

    private static List<string> Options(JsonNode node) => [.. node.AsArray().Select(o => o!.GetValue<string>())];

    private static JsonNode? Given(JsonObject? answers, Question question) => answers?[question.Id] switch
    {
        null or JsonArray { Count: 0 } => null,
        JsonValue value when value.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text) => null,
        var node => node,
    };
}
