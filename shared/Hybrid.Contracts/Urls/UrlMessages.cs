namespace Hybrid.Contracts.Urls;

/// <summary>What a browser asks an agent for; the same body on both roads. At most 256 KiB.</summary>
/// <param name="Grant">The grant (JWS).</param>
/// <param name="Proof">A DPoP proof for this very request (JWS).</param>
/// <param name="Objects">1–50 objects, each of which the grant must name by its digest.</param>
public sealed record UrlRequest(string Grant, string Proof, IReadOnlyList<ObjectReference> Objects);

/// <summary>The sealed answer's content. Travels only inside a JWS inside a JWE.</summary>
/// <param name="Jti">The proof's <c>jti</c>: binds the answer to the request.</param>
/// <param name="Ath">SHA-256 of the grant, base64url.</param>
/// <param name="Iat">When it was made, seconds since 1970.</param>
/// <param name="Objects">One entry for each requested object, in their order.</param>
/// <param name="Refusal">Why the whole request was refused; then there are no objects. Sealed, because a relay could make up one that is not.</param>
public sealed record UrlAnswer(string Jti, string Ath, long Iat, IReadOnlyList<UrlAnswerObject> Objects, UrlRefusal? Refusal = null);

/// <summary>Either a URL with its secret, or a refusal.</summary>
/// <param name="Object">The object.</param>
/// <param name="Url">Works only together with <paramref name="Header"/>.</param>
/// <param name="Header">Value of the <c>Content-Language</c> request header: the split secret.</param>
/// <param name="ExpiresAt">When the URL lapses.</param>
/// <param name="ContentType">The pinned content type.</param>
/// <param name="Size">Bytes, when known.</param>
/// <param name="Etag">Entity tag, when known.</param>
/// <param name="Refusal">Why there is no URL.</param>
public sealed record UrlAnswerObject(
    ObjectReference Object, string? Url, string? Header, DateTimeOffset? ExpiresAt, string? ContentType, long? Size, string? Etag, UrlRefusal? Refusal);

/// <summary>Why an object was refused; tells no more than the caller needs.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">What to do.</param>
public sealed record UrlRefusal(string Code, string Detail);

/// <summary>Limits of one request.</summary>
public static class UrlLimits
{
    /// <summary>Objects in one request.</summary>
    public const int Objects = 50;

    /// <summary>Bytes of the request's body and of the sealed answer.</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>Digests in one grant.</summary>
    public const int GrantObjects = 200;
}
