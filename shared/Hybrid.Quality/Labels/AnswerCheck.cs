using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Quality.Labels;

/// <summary>Holds answers against questions: nested ones exist only while their option is chosen.</summary>
internal sealed class AnswerCheck(List<Violation> violations, string path, string? objectId)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public void Check(JsonNode? answers, IReadOnlyList<Question> questions)
    {
        if (answers is not null and not JsonObject)
        {
            Add(path, "wrong_shape", "answers is an object.");
            return;
        }

        var given = answers as JsonObject ?? [];
        Ask(given, questions);
        foreach (var unknown in given.Select(a => a.Key).Where(a => !asked.Contains(a)).ToList())
            Add($"{path}.{unknown}", "unknown_question", "There is no such question here, or its option is not chosen.");
    }

    private void Ask(JsonObject given, IReadOnlyList<Question> questions)
    {
        foreach (var question in questions)
        {
            asked.Add(question.Id);
            var answer = given[question.Id];
            var at = $"{path}.{question.Id}";
            if (IsEmpty(answer))
            {
                if (question.Required) Add(at, "required_answer", $"\"{question.Text}\" needs an answer.");
                continue;
            }

            switch (question.Kind)
            {
                case "single" or "dropdown":
                    Choose(given, question, answer!, at, 1);
                    break;
                case "multiple" or "ranking":
                    Choose(given, question, answer!, at, int.MaxValue);
                    break;
                case "number":
                    if (!TryNumber(answer!, out var number)) Add(at, "wrong_answer", "The answer is a number.");
                    else if (number < question.Min || number > question.Max) Add(at, "out_of_range", $"The number is {Bounds(question)}.");
                    else if (question.Step is { } step && !IsOnStep(number - (question.Min ?? 0), step)) Add(at, "off_step", $"The number goes in steps of {step}.");
                    break;
                case "rating":
                    var best = question.Max ?? 5;
                    if (!TryNumber(answer!, out var rating) || rating != Math.Floor(rating)) Add(at, "wrong_answer", "The answer is a whole number.");
                    else if (rating < 1 || rating > best) Add(at, "out_of_range", $"The rating lies between 1 and {best}.");
                    break;
                case "date":
                    if (!DateOnly.TryParseExact(Text(answer!), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) Add(at, "wrong_answer", "The answer is a date, YYYY-MM-DD.");
                    break;
                default:
                    if (Text(answer!) is not { Length: <= 100_000 }) Add(at, "wrong_answer", "The answer is a text of at most 100,000 characters.");
                    break;
            }
        }
    }

    private void Choose(JsonObject given, Question question, JsonNode answer, string at, int most)
    {
        if (answer is not JsonArray chosen || chosen.Any(c => Text(c) is null))
        {
            Add(at, "wrong_answer", "The answer is a list of option ids.");
            return;
        }

        var ids = chosen.Select(c => Text(c)!).ToList();
        if (ids.Count > most) Add(at, "too_many_options", "One option is chosen at most.");
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count) Add(at, "duplicate_option", "An option is chosen twice.");
        foreach (var id in ids)
        {
            if (question.Options.TryGetValue(id, out var option)) Ask(given, option.Questions);
            else Add(at, "unknown_option", $"{id} is no option of this question.");
        }
    }

    private static string Bounds(Question question) =>
        question is { Min: { } min, Max: { } max } ? $"between {min} and {max}" : question.Min is { } least ? $"at least {least}" : $"at most {question.Max}";

    // 0.3 is three steps of 0.1, although 0.3 / 0.1 is not 3 in binary.
    private static bool IsOnStep(double distance, double step) => Math.Abs((distance / step) - Math.Round(distance / step)) < 1e-6;

    private static bool IsEmpty(JsonNode? answer) => answer is null || answer is JsonArray { Count: 0 } || (Text(answer) is { } text && string.IsNullOrWhiteSpace(text));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool TryNumber(JsonNode answer, out double number)
    {
        number = 0;
        return answer.GetValueKind() == JsonValueKind.Number && answer.AsValue().TryGetValue(out number) && double.IsFinite(number);
    }

    private void Add(string at, string code, string message) => violations.Add(new Violation(at, objectId, code, message));
}
