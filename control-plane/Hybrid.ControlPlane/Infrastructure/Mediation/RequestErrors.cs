using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Infrastructure.Mediation;

/// <summary>Refusals that any request can meet.</summary>
internal static class RequestErrors
{
    /// <summary>Missing, foreign, or not visible: one answer for all three.</summary>
    public static readonly Error NotFound = new(
        ErrorKind.NotFound, "not_found", "Nothing is here.", "It may have been removed, or you may have no role here. Ask a project admin if you expected it.");

    public static readonly Error Forbidden = new(
        ErrorKind.Forbidden, "role.insufficient", "Your role does not allow this.", "Nothing was changed. Ask a project admin or an organization admin.");

    public static readonly Error Archived = new(
        ErrorKind.Conflict, "project.archived", "The project is archived.", "Nothing was changed; your draft is kept. A project admin can restore it.");

    public static readonly Error SignedOut = new(
        ErrorKind.Unauthenticated, "session.none", "You are signed out.", "What you typed stays in this browser. Sign in again to go on.");

    public static readonly Error Changed = new(
        ErrorKind.Conflict, "version.conflict", "Somebody else changed this at the same moment.", "Nothing of yours was written. Load it again and repeat the change.");

    public static readonly Error StepUp = new(
        ErrorKind.Forbidden, "session.step_up", "This wants a fresh proof that it is you.", "Nothing was changed. Give your password or your code once more; it is good for five minutes.");

    public static readonly Error MfaRequired = new(
        ErrorKind.Forbidden, "session.mfa_required", "A second factor is required here.", "Set up an authenticator app in your profile, or sign in with it.");

    public static Error Invalid(IReadOnlyDictionary<string, string[]> fields) => new(
        ErrorKind.Invalid, "request.invalid", "Some fields are not valid.", "Nothing was changed. Correct the fields that are named and send it again.") { Fields = fields };
}
