namespace Hybrid.ControlPlane.Domain.Results;

/// <summary>What kind of refusal this is; decides the HTTP status in one mapper.</summary>
public enum ErrorKind
{
    /// <summary>The request's shape or content is wrong (400).</summary>
    Invalid,

    /// <summary>The person is known, but their role does not allow the act (403).</summary>
    Forbidden,

    /// <summary>Missing, or not visible to this person: the two cannot be told apart (404).</summary>
    NotFound,

    /// <summary>The state or version moved on (409).</summary>
    Conflict,

    /// <summary>The precondition (<c>If-Match</c>) names an older version (412).</summary>
    Stale,

    /// <summary>Well-formed, but the content breaks a rule of the project (422).</summary>
    Unprocessable,

    /// <summary>Not signed in, or the credentials were refused (401).</summary>
    Unauthenticated,

    /// <summary>The body is larger than the limit (413).</summary>
    TooLarge,

    /// <summary>The body is of a type that is not taken (415).</summary>
    MediaType,

    /// <summary>Too many requests (429).</summary>
    Limited,

    /// <summary>The storage agent is not reachable (503).</summary>
    AgentUnreachable,

    /// <summary>The storage provider refused or failed (502).</summary>
    Provider,
}

/// <summary>A refusal that is expected: a stable code, what happened, and what to do.</summary>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Code">Stable, never renamed; listed in <c>Hybrid.Contracts.ErrorCodes</c>.</param>
/// <param name="Title">What happened, one sentence.</param>
/// <param name="Detail">What is safe and what to do.</param>
public record Error(ErrorKind Kind, string Code, string Title, string Detail)
{
    /// <summary>Messages by field (camel case), for shape errors.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>Further members of the problem document, e.g. <c>violations</c>.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }
}
