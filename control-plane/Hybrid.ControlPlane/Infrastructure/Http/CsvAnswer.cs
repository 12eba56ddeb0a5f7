using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Hybrid.ControlPlane.Domain.Results;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>A table as a file (RFC 4180) that no spreadsheet takes for formulas: a cell that begins like one is preceded by an apostrophe.</summary>
internal static class CsvAnswer
{
    // OWASP, CSV Injection: what spreadsheets may run.
    private static readonly CsvConfiguration Safe = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, InjectionCharacters = ['=', '+', '-', '@', '\t', '\r'], NewLine = "\r\n" };

    /// <summary>The file's text: a head, and a row for each.</summary>
    public static string Write(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, Safe))
        {
            foreach (var name in head) csv.WriteField(name);
            csv.NextRecord();
            foreach (var row in rows)
            {
                foreach (var cell in row) csv.WriteField(cell);
                csv.NextRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>An instant as every spreadsheet reads it.</summary>
    public static string? At(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The answer: a file to save, never shown in the browser.</summary>
    public static Results<FileContentHttpResult, ProblemHttpResult> ToCsv(this Result<string> result, string name) =>
        result.Refusal is { } refusal ? ResultToHttp.ToProblem(refusal) : TypedResults.File(System.Text.Encoding.UTF8.GetBytes(result.Value), "text/csv; charset=utf-8", name);
}
