using System.Globalization;
using System.Text;

namespace Hybrid.StorageAgent.Providers.Signing;

/// <summary>
/// The canonical request of AWS Signature Version 4 and of Google's V4, which is its twin: method, path, query, headers, payload.
/// Paths are encoded once and never normalized, as S3 and Cloud Storage want it: a key may hold what elsewhere is a dot segment.
/// </summary>
public static class CanonicalRequest
{
    /// <summary>The payload of a URL that anybody may use without a body.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>Headers as they are signed: names in lower case and ordinal order, equal names joined by commas, white space collapsed.</summary>
    /// <returns>Names joined by semicolons, and one line each.</returns>
    public static (string Names, string Lines) Headers(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var sorted = headers.GroupBy(h => h.Key.ToLowerInvariant(), h => Collapse(h.Value), StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Value: string.Join(',', g))).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var lines = new StringBuilder();
        foreach (var (name, value) in sorted) lines.Append(name).Append(':').Append(value).Append('\n');
        return (string.Join(';', sorted.Select(h => h.Name)), lines.ToString());
    }

    /// <summary>Parameters encoded and in the order of their encoded names, then values.</summary>
    public static string Query(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&', parameters
        .Select(p => (Name: Encode(p.Key, slash: false), Value: Encode(p.Value, slash: false)))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}"));

    /// <summary>The whole text whose hash is signed.</summary>
    public static string Text(string method, string encodedPath, string query, (string Names, string Lines) headers, string payload) =>
        $"{method}\n{encodedPath}\n{query}\n{headers.Lines}\n{headers.Names}\n{payload}";

    /// <summary>Percent-encoding: everything but RFC 3986's unreserved characters, in UTF-8, upper-case hex.</summary>
    /// <param name="text">Not yet encoded.</param>
    /// <param name="slash">Whether a slash stays as it is.</param>
    public static string Encode(string text, bool slash)
    {
        var clean = true;
        foreach (var c in text) clean &= Unreserved.Contains(c, StringComparison.Ordinal) || (slash && c == '/');
        if (clean) return text;
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b < 128 && (Unreserved.Contains((char)b, StringComparison.Ordinal) || (slash && b == '/'))) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    private static string Collapse(string value)
    {
        value = value.Trim();
        if (!value.Contains("  ", StringComparison.Ordinal) && !value.Contains('\t', StringComparison.Ordinal)) return value;
        return string.Join(' ', value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}
