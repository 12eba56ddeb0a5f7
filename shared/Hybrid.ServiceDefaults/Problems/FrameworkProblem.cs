using Hybrid.Contracts;
using Microsoft.AspNetCore.Http;

namespace Hybrid.ServiceDefaults.Problems;

/// <summary>Code, title and remedy of a status that came without a problem of its own.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Title">What happened, one sentence.</param>
/// <param name="Detail">What is safe and what to do.</param>
internal sealed record FrameworkProblem(string Code, string Title, string Detail)
{
    private static readonly FrameworkProblem Refused = new(
        ErrorCodes.RequestRefused, "The request was refused.", "Nothing was changed. Compare it with the API's description (openapi.json).");

    private static readonly FrameworkProblem Unavailable = new(
        ErrorCodes.ServerUnavailable, "The server cannot answer for now.", "Try again in a minute. If it stays so, tell an administrator and name the trace id.");

    private static readonly Dictionary<int, FrameworkProblem> ByStatus = new()
    {
        [StatusCodes.Status400BadRequest] = new(ErrorCodes.RequestMalformed, "The request cannot be read.", "Nothing was changed. Its body must be well-formed JSON with the members, and its query and path the values, that the API's description names. Correct it and send it again."),
        [StatusCodes.Status401Unauthorized] = new(ErrorCodes.CredentialsMissing, "The request carries no valid credentials.", "Nothing was changed. Sign in, or renew the agent's assertion, and send it again."),
        [StatusCodes.Status403Forbidden] = new(ErrorCodes.RequestForbidden, "This is not for you.", "Nothing was changed. Ask an administrator if you expected otherwise."),
        [StatusCodes.Status404NotFound] = new(ErrorCodes.NotFound, "Nothing is here.", "Check the address. What was here may have been removed, or you may have no role here."),
        [StatusCodes.Status405MethodNotAllowed] = new(ErrorCodes.MethodNotAllowed, "The address does not take this method.", "Nothing was changed. The Allow header, where there is one, and the API's description name the methods."),
        [StatusCodes.Status413PayloadTooLarge] = new(ErrorCodes.BodyTooLarge, "The request is too large.", "Nothing was changed. Send less at once."),
        [StatusCodes.Status415UnsupportedMediaType] = new(ErrorCodes.ContentTypeUnsupported, "The body's content type is not supported here.", "Nothing was changed. Send JSON with Content-Type: application/json."),
        [StatusCodes.Status429TooManyRequests] = new(ErrorCodes.RequestLimited, "Too many requests at once.", "Nothing was changed. Wait a few seconds and try again."),
        [StatusCodes.Status500InternalServerError] = new(ErrorCodes.ServerError, "Something went wrong on the server.", "What you sent may not have been kept: look before you repeat it. If it stays so, tell an administrator and name the trace id."),
    };

    /// <summary>The problem of a status.</summary>
    public static FrameworkProblem Of(int status) => ByStatus.GetValueOrDefault(status) ?? (status >= 500 ? Unavailable : Refused);
}
