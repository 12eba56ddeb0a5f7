using System.Globalization;
using System.IO.Compression;
using ClosedXML.Excel;
using CsvHelper;
using CsvHelper.Configuration;
using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>How a list of people comes.</summary>
public enum SheetFormat
{
    /// <summary>Text with commas, semicolons or tabs between columns: a CSV file, or what is copied from a spreadsheet.</summary>
    Csv = 0,

    /// <summary>A workbook of Office Open XML, in base64; its first sheet counts.</summary>
    Xlsx = 1,
}

/// <summary>One line of such a list.</summary>
/// <param name="Number">Its number in what was sent, from 1.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Name">Name; needed for people who are new.</param>
/// <param name="Project">Name or id of a project, or empty.</param>
/// <param name="Role">Role there, or empty.</param>
/// <param name="Team">Name of a team, or empty.</param>
public sealed record PeopleLine(int Number, string Email, string Name, string Project, string Role, string Team);

/// <summary>
/// Reads lists of people. Strangers' files are treated as such: their size, what they unpack to and the number of lines are capped before they are
/// opened, formulas are never computed (the value that the file remembers counts), and what is too long for a field is cut off at its cap and so refused.
/// </summary>
internal static class PeopleSheet
{
    /// <summary>Most lines of one list.</summary>
    public const int MostLines = 10_000;

    /// <summary>Most characters of what is sent.</summary>
    public const int MostCharacters = 8_000_000;

    private const long MostUnpacked = 100_000_000;
    private const long MostRatio = 200;
    private const int MostParts = 1_000;
    private const int MostFieldLength = 300;

    private static readonly string[] Delimiters = ["\t", ";", ","];

    private static readonly Dictionary<string, int> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["email"] = 0, ["e-mail"] = 0, ["mail"] = 0, ["name"] = 1, ["project"] = 2, ["role"] = 3, ["team"] = 4,
    };

    private static readonly Error TooMany = new(ErrorKind.Invalid, "sheet.too_many_lines", $"The list has more than {MostLines:N0} lines.", "Nothing was changed. Split it and send the parts one after the other.");
    private static readonly Error Empty = new(ErrorKind.Invalid, "sheet.empty", "The list has no lines.", "Nothing was changed. Each line needs an e-mail address.");
    private static readonly Error Unreadable = new(ErrorKind.Invalid, "sheet.unreadable", "The list could not be read.", "Nothing was changed. Save it as CSV (UTF-8) or as .xlsx and send it again.");
    private static readonly Error Swollen = new(ErrorKind.Invalid, "sheet.swollen", "The workbook unpacks to more than a list of people needs.", "Nothing was changed. Copy the cells into a new workbook, or save the list as CSV.");

    /// <summary>The lines, or why they cannot be read.</summary>
    public static Result<IReadOnlyList<PeopleLine>> Read(SheetFormat format, string content)
    {
        var rows = format == SheetFormat.Csv ? FromCsv(content) : FromWorkbook(content);
        if (!rows.IsSuccess) return rows.Refusal!;
        if (rows.Value.Count == 0) return Empty;
        var order = OrderOf(rows.Value[0].Cells);
        var lines = rows.Value.Skip(order is null ? 0 : 1).Select(r => Line(r.Number, r.Cells, order ?? [0, 1, 2, 3, 4])).ToList();
        if (lines.Count > MostLines) return TooMany;
        return lines.Count == 0 ? Empty : lines;
    }

    // A head is a first row that names the column of addresses; without one the columns come in their order.
    private static int[]? OrderOf(IReadOnlyList<string> first)
    {
        var order = new[] { -1, -1, -1, -1, -1 };
        for (var at = 0; at < first.Count; at++)
        {
            if (Columns.TryGetValue(first[at].Trim().TrimStart('\uFEFF'), out var column) && order[column] < 0) order[column] = at;
        }

        return order[0] < 0 ? null : order;
    }

    private static PeopleLine Line(int number, IReadOnlyList<string> cells, int[] order)
    {
        string Cell(int column) => order[column] >= 0 && order[column] < cells.Count ? Cut(cells[order[column]].Trim()) : "";
        return new PeopleLine(number, Cell(0).TrimStart('\uFEFF'), Cell(1), Cell(2), Cell(3), Cell(4));
    }

    private static string Cut(string text) => text.Length <= MostFieldLength ? text : text[..MostFieldLength];

    private static Result<List<Row>> FromCsv(string content)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, BadDataFound = null, MissingFieldFound = null, Delimiter = DelimiterOf(content), MaxFieldSize = 100_000 };
        var rows = new List<Row>();
        try
        {
            using var csv = new CsvParser(new StringReader(content), configuration);
            while (csv.Read())
            {
                if (csv.Record is not { } cells || cells.All(string.IsNullOrWhiteSpace)) continue;
                rows.Add(new Row(csv.RawRow, cells));
                if (rows.Count > MostLines + 1) return TooMany;
            }
        }
        catch (CsvHelperException)
        {
            return Unreadable;
        }

        return rows;
    }

    private static string DelimiterOf(string content)
    {
        var end = content.IndexOfAny(['\r', '\n']);
        var first = end < 0 ? content : content[..end];
        return Delimiters.MaxBy(d => first.Count(c => c == d[0]))!;
    }

    private static Result<List<Row>> FromWorkbook(string content)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(content);
        }
        catch (FormatException)
        {
            return Unreadable;
        }

        try
        {
            using (var zip = new ZipArchive(new MemoryStream(bytes, writable: false)))
            {
                if (zip.Entries.Count > MostParts || zip.Entries.Sum(e => Math.Max(0, e.Length)) > MostUnpacked) return Swollen;
                if (zip.Entries.Any(e => e.Length < 0 || e.Length > 1_000_000 && e.Length / Math.Max(1, e.CompressedLength) > MostRatio)) return Swollen;
                // What a part says of its own size may be a lie: counting is what counts.
                if (Unpacked(zip) > MostUnpacked) return Swollen;
            }

            using var workbook = new XLWorkbook(new MemoryStream(bytes, writable: false), XLEventTracking.Disabled);
            var sheet = workbook.Worksheets.First();
            var rows = new List<Row>();
            foreach (var row in sheet.RowsUsed())
            {
                // Five columns, and some room for others beside them.
                var cells = Enumerable.Range(1, 20).Select(at => Text(row.Cell(at))).ToList();
                if (cells.All(string.IsNullOrWhiteSpace)) continue;
                rows.Add(new Row(row.RowNumber(), cells));
                if (rows.Count > MostLines + 1) return TooMany;
            }

            return rows;
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // ClosedXML fails in as many ways as a broken file can be broken.
            return Unreadable;
        }
    }

    private static long Unpacked(ZipArchive zip)
    {
        var buffer = new byte[64 * 1024];
        long total = 0;
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            for (var read = stream.Read(buffer); read > 0 && total <= MostUnpacked; read = stream.Read(buffer)) total += read;
        }

        return total;
    }

    // Asking a cell with a formula for its value would compute it.
    private static string Text(IXLCell cell) => cell.HasFormula ? cell.CachedValue?.ToString() ?? "" : cell.Value?.ToString() ?? "";

    private sealed record Row(int Number, IReadOnlyList<string> Cells);
}
