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

    /// <summary>Percent-encoding: everything but RFC 3986's unreserved characters, in UTF-8, upper-case hex.</summary>
    /// <param name="text">Not yet encoded.</param>
    /// <param name="slash">Whether a slash stays as it is.</param>
    public static string Encode(string text, bool slash)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (CanonicalText.IsClean(text, slash)) return text;
        var encoded = new CanonicalText();
        encoded.Encoded(text, slash);
        return Encoding.ASCII.GetString(encoded.Written);
    }
}
