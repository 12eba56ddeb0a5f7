using System.Globalization;
using System.Text;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>Names in the log are other people's texts: on a terminal or in a table they do nothing but stand there.</summary>
internal static class PlainText
{
    // What a spreadsheet takes for the beginning of a formula, in both widths.
    private const string Formula = "=+-@|%\t\r\n＝＋－＠";

    /// <summary>For a terminal: control characters, direction marks and what cannot be seen become \u{…}, so that no text moves a cursor, hides or turns another.</summary>
    public static string Terminal(string? text)
    {
        if (text is null) return "-";
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSeen(rune)) plain.Append(rune);
            else plain.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return plain.ToString();
    }

    /// <summary>For a table cell (RFC 4180), always quoted; what would be a formula begins with an apostrophe instead.</summary>
    public static string Cell(string? text)
    {
        var plain = text ?? "";
        if (plain.Length > 0 && Formula.Contains(plain.TrimStart(' ') is [var first, ..] ? first : ' ', StringComparison.Ordinal)) plain = "'" + plain;
        return $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsSeen(Rune rune) => rune.Value == ' ' || (rune.Value != '\\' && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator));
}
