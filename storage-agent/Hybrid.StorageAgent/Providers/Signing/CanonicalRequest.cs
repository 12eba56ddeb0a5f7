using System.Text;

namespace Hybrid.StorageAgent.Providers.Signing;

/// <summary>
/// The canonical request of AWS Signature Version 4 and of Google's V4, which is its twin: method, path, query, headers, payload.
/// Paths are encoded once and never normalized, as S3 and Cloud Storage want it: a key may hold what elsewhere is a dot segment.
/// </summary>
internal static class CanonicalRequest
{
    /// <summary>The payload of a URL that anybody may use without a body.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Writes the text whose hash is signed. Path and query stand in it as they stand in the URL.</summary>
    /// <param name="text">Where it is written, from its present end on.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path, not yet encoded, beginning with a slash.</param>
    /// <param name="query">Parameters.</param>
    /// <param name="headers">Headers that are signed.</param>
    /// <param name="names">Their names.</param>
    /// <param name="payload">Hash of the body, or <see cref="UnsignedPayload"/>.</param>
    /// <returns>Where path and query stand.</returns>
    public static (Range Path, Range Query) Write(CanonicalText text, string method, string path, CanonicalQuery query, CanonicalHeaders headers, string names, string payload)
    {
        text.Plain(method);
        text.Plain("\n");
        var pathAt = text.Length;
        text.Encoded(path, slash: true);
        var pathEnd = text.Length;
        text.Plain("\n");
        var queryAt = text.Length;
        query.Write(text);
        var queryEnd = text.Length;
        text.Plain("\n");
        headers.Write(text);
        text.Plain("\n");
        text.Plain(names);
        text.Plain("\n");
        text.Plain(payload);
        return (pathAt..pathEnd, queryAt..queryEnd);
    }

    /// <summary>Percent-encoding: everything but RFC 3986's unreserved characters, in UTF-8, upper-case hex.</summary>
    /// <param name="text">Not yet encoded.</param>
    /// <param name="slash">Whether a slash stays as it is.</param>
    public static string Encode(string text, bool slash)
    {
        if (CanonicalText.IsClean(text, slash)) return text;
        var encoded = new CanonicalText();
        encoded.Encoded(text, slash);
        return Encoding.ASCII.GetString(encoded.Written);
    }
}
