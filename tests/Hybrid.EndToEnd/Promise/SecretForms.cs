using System.Text;

namespace Hybrid.EndToEnd.Promise;

/// <summary>Every form in which a secret could have been written down.</summary>
internal static class SecretForms
{
    private const int Window = 24;

    /// <summary>
    /// Raw, base64 and base64url at their three alignments, hex, percent-encoding (once and twice), each text also as JSON writes it and in
    /// UTF-16. A long secret is looked for by its first and its last 24 bytes, so that a part of it is found as well.
    /// </summary>
    public static IEnumerable<(string Form, byte[] Bytes)> Of(byte[] secret)
    {
        foreach (var part in secret.Length <= Window ? [secret] : new[] { secret[..Window], secret[^Window..] })
        {
            yield return ("raw", part);
            yield return ("raw UTF-16", Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(part)));
            if (part.Any(b => b > 127)) yield return ("raw UTF-8", Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(part)));
            foreach (var (form, text) in Texts(part).DistinctBy(t => t.Text))
            {
                yield return (form, Encoding.ASCII.GetBytes(text));
                yield return (form + " UTF-16", Encoding.Unicode.GetBytes(text));
            }
        }
    }

    private static IEnumerable<(string Form, string Text)> Texts(byte[] part)
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Base64At(part, shift);
            yield return ($"base64+{shift}", text);
            yield return ($"base64url+{shift}", text.Replace('+', '-').Replace('/', '_'));
            yield return ($"base64+{shift} JSON", text.Replace("+", "\\u002B", StringComparison.Ordinal));
            yield return ($"base64+{shift} percent", text.Replace("+", "%2B", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal));
        }

        yield return ("hex", Convert.ToHexStringLower(part));
        yield return ("HEX", Convert.ToHexString(part));
        foreach (var format in new[] { "X2", "x2" })
        {
            var all = string.Concat(part.Select(b => "%" + b.ToString(format, null)));
            var needed = string.Concat(part.Select(b => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' ? $"{(char)b}" : "%" + b.ToString(format, null)));
            yield return ("percent " + format, all);
            yield return ("percent where needed " + format, needed);
            yield return ("percent twice " + format, needed.Replace("%", "%25", StringComparison.Ordinal));
        }
    }

    // The characters that the part alone decides, when it stands `shift` bytes into what was encoded.
    private static string Base64At(byte[] part, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. part]);
        var from = (shift * 8 + 5) / 6;
        var to = (shift + part.Length) * 8 / 6;
        return text[from..to];
    }
}
