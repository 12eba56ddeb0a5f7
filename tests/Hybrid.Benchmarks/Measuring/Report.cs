using System.Globalization;

namespace Hybrid.Benchmarks.Measuring;

/// <summary>Prints figures as Markdown, ready to be pasted into RESULTS.md.</summary>
internal static class Report
{
    public static void Table(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Console.WriteLine($"\n### {title}\n");
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var row in rows) Console.WriteLine($"| {string.Join(" | ", row)} |");
        Console.WriteLine();
    }

    /// <summary>A figure against its target; the text says whether it is met.</summary>
    public static string Against(double value, double target, bool atLeast, string unit = "×") =>
        $"{Number(value)}{unit} (target {(atLeast ? "≥" : "≤")} {Number(target)}{unit}: {((atLeast ? value >= target : value <= target) ? "met" : "**missed**")})";

    public static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture);
}
