namespace Hybrid.Contracts;

/// <summary>Codes of refusals that either host can give before a use case is reached. Permanent: never renamed, never reused.</summary>
public static class ErrorCodes
{
    /// <summary>400: the request's body, query or route values are not what the route reads.</summary>
    public const string RequestMalformed = "request.malformed";

    /// <summary>401: no credentials, or credentials that are not valid.</summary>
    public const string CredentialsMissing = "credentials.missing";

    /// <summary>403: the route is not for this caller.</summary>
    public const string RequestForbidden = "request.forbidden";

    /// <summary>404: nothing is at this address, or nothing that this caller may see.</summary>
    public const string NotFound = "not_found";

    /// <summary>405: the address is right, the method is not.</summary>
    public const string MethodNotAllowed = "method.not_allowed";

    /// <summary>413: the body is larger than the route takes.</summary>
    public const string BodyTooLarge = "body.too_large";

    /// <summary>415: the body's content type is not the one that the route reads.</summary>
    public const string ContentTypeUnsupported = "content_type.unsupported";

    /// <summary>429: too many requests at once.</summary>
    public const string RequestLimited = "request.limited";

    /// <summary>Any other refusal of the framework (4xx).</summary>
    public const string RequestRefused = "request.refused";

    /// <summary>500: a fault of the host itself.</summary>
    public const string ServerError = "server.error";

    /// <summary>Any other failure of the host (5xx): it cannot serve for now.</summary>
    public const string ServerUnavailable = "server.unavailable";
}
