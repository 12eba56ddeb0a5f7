using System.Text;
using Hybrid.Cli.Connection;

namespace Hybrid.Cli.People;

/// <summary>A list of people as the API takes it.</summary>
/// <param name="Format"><c>csv</c> or <c>xlsx</c>.</param>
/// <param name="Content">The text, or the workbook in base64.</param>
internal sealed record PeopleList(string Format, string Content)
{
    /// <summary>Most characters that the API takes.</summary>
    public const int MostCharacters = 8_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; what it holds is told by its first bytes, not by its name.</summary>
    public static async Task<PeopleList> ReadAsync(FileInfo file, CancellationToken ct)
    {
        byte[] bytes;
        try
        {
            if (file.Length > MostCharacters) throw new Failure("The file is larger than a list of 10,000 lines can be. Split it and send the parts one after the other.");
            bytes = await File.ReadAllBytesAsync(file.FullName, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"The list cannot be read: {e.Message}");
        }

        if (bytes is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            var text = Convert.ToBase64String(bytes);
            return text.Length <= MostCharacters ? new PeopleList("xlsx", text) : throw new Failure("The workbook is larger than 6 MB. Copy the cells into a new one, or save the list as CSV.");
        }

        try
        {
            var text = Strict.GetString(bytes).TrimStart('\uFEFF');
            return string.IsNullOrWhiteSpace(text) ? throw new Failure("The list has no lines. Each line needs an e-mail address.") : new PeopleList("csv", text);
        }
        catch (DecoderFallbackException)
        {
            throw new Failure("The list is neither CSV in UTF-8 nor an .xlsx workbook. Save it as one of these.");
        }
    }
}
