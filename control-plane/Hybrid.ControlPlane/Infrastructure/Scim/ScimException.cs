using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>Keywords of RFC 7644 § 3.12, table 9.</summary>
internal static class ScimTypes
{
    public const string InvalidFilter = "invalidFilter";
    public const string TooMany = "tooMany";
    public const string Uniqueness = "uniqueness";
    public const string Mutability = "mutability";
    public const string InvalidSyntax = "invalidSyntax";
    public const string InvalidPath = "invalidPath";
    public const string NoTarget = "noTarget";
    public const string InvalidValue = "invalidValue";
}

/// <summary>A request that is not well-formed SCIM: raised where it is read, and answered in SCIM's own shape.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">One of <see cref="ScimTypes"/>.</param>
/// <param name="message">What is wrong, without any content of the request beyond names of attributes.</param>
internal sealed class ScimException(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>The bare reason, of a filter.</summary>
    public string Because { get; private init; } = message;

    public static ScimException Filter(string because) => new(400, ScimTypes.InvalidFilter, $"The filter is not valid: {because}.") { Because = because };

    public static ScimException Value(string message) => new(400, ScimTypes.InvalidValue, message);

    public static ScimException Syntax(string message) => new(400, ScimTypes.InvalidSyntax, message);

    /// <summary>The same as a refusal of a handler.</summary>
    public ScimRefusal ToRefusal() => new(Status switch { 409 => ErrorKind.Conflict, 413 => ErrorKind.TooLarge, _ => ErrorKind.Invalid }, Type, Message);
}

/// <summary>A refusal with SCIM's keyword.</summary>
/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Type">One of <see cref="ScimTypes"/>, or null where the standard has none.</param>
/// <param name="Message">What happened and what to do.</param>
internal sealed record ScimRefusal(ErrorKind Kind, string? Type, string Message) : Error(Kind, "scim." + (Type ?? "refused"), Message, Message);
