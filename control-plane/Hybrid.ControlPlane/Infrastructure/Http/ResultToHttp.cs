using Hybrid.ControlPlane.Domain.Results;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>The one mapping from refusals to RFC 9457 problems; type and trace id are added to every problem alike, in ServiceDefaults.</summary>
internal static class ResultToHttp
{
    /// <summary>200 with the value, or the problem.</summary>
    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result) =>
        result.Refusal is { } refusal ? ToProblem(refusal) : TypedResults.Ok(result.Value);

    /// <summary>204, or the problem.</summary>
    public static Results<NoContent, ProblemHttpResult> ToHttp(this Result<Done> result) =>
        result.Refusal is { } refusal ? ToProblem(refusal) : TypedResults.NoContent();

    /// <summary>The problem of a refusal.</summary>
    public static ProblemHttpResult ToProblem(Error error)
    {
        var problem = new ProblemDetails { Status = Status(error.Kind), Title = error.Title, Detail = error.Detail };
        problem.Extensions["code"] = error.Code;
        if (error.Fields is not null) problem.Extensions["errors"] = error.Fields;
        foreach (var (key, value) in error.Extensions ?? new Dictionary<string, object?>()) problem.Extensions[key] = value;
        return TypedResults.Problem(problem);
    }

    private static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Stale => StatusCodes.Status412PreconditionFailed,
        ErrorKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.MediaType => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Limited => StatusCodes.Status429TooManyRequests,
        ErrorKind.Provider => StatusCodes.Status502BadGateway,
        ErrorKind.AgentUnreachable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No status for this kind of refusal."),
    };
}
