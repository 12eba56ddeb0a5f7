using System.Collections;
using System.Globalization;
using System.Reflection;
using FluentValidation;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>What texts may hold: names show as they read, and nothing that a database or a terminal stumbles over comes in.</summary>
internal static class TextRules
{
    private const int MaxNesting = 4;

    /// <summary>
    /// A name to show: not empty, at most <paramref name="max"/> characters, without control characters and without those that turn the
    /// direction of what stands beside it. Letters of any script are fine.
    /// </summary>
    public static IRuleBuilderOptions<T, string> IsName<T>(this IRuleBuilder<T, string> rule, int max) =>
        rule.NotEmpty().MaximumLength(max).Must(n => n is null || !n.Any(TurnsOrControls)).WithMessage("A name has no control characters and none that turn the direction of text.");

    /// <summary>A longer text: lines and tabs are fine, other control characters are not.</summary>
    public static IRuleBuilderOptions<T, string?> IsProse<T>(this IRuleBuilder<T, string?> rule, int max) =>
        rule.MaximumLength(max).Must(t => t is null || !t.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))).WithMessage("Control characters other than line breaks and tabs are not allowed.");

    /// <summary>Fields of a request that hold NUL, which PostgreSQL cannot keep (and no key, name or answer means).</summary>
    public static IEnumerable<string> WithNul(object request) => WithNul(request, "", 0);

    private static IEnumerable<string> WithNul(object? value, string path, int nesting)
    {
        if (value is null || nesting > MaxNesting) return [];
        if (value is string text) return text.Contains('\0', StringComparison.Ordinal) ? [path] : [];
        if (value is IEnumerable list) return list.Cast<object?>().SelectMany(item => WithNul(item, path, nesting + 1)).Distinct(StringComparer.Ordinal);
        var type = value.GetType();
        if (type.Namespace?.StartsWith("Hybrid.", StringComparison.Ordinal) != true || type.IsEnum) return [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)
            .SelectMany(p => WithNul(p.GetValue(value), path.Length == 0 ? p.Name : $"{path}.{p.Name}", nesting + 1));
    }

    // Embeddings, overrides and isolates (UAX #9); marks of direction (Cf) that only order their neighbours are harmless.
    internal static bool TurnsOrControls(char c) =>
        char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
