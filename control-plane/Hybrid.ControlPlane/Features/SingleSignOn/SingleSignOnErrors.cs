using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Refusals of single sign-on.</summary>
internal static class SingleSignOnErrors
{
    public static readonly Error NoProvider = new(
        ErrorKind.NotFound, "sso.no_provider", "There is no identity provider for this.", "Sign in with your password, or ask an owner of your organization.");

    public static readonly Error State = new(
        ErrorKind.Forbidden, "sso.state_mismatch", "This sign-in was not begun in this browser, or too long ago.", "Nothing was changed. Begin again from the sign-in page.");

    public static readonly Error Refused = new(
        ErrorKind.Unauthenticated, "sso.refused", "The identity provider did not confirm who you are.", "Nothing was changed. Begin again; if it stays so, ask an owner of your organization.");

    public static readonly Error AccountExists = new(
        ErrorKind.Conflict, "sso.account_exists", "An account with this e-mail address exists and is not linked.", "Sign in with your password first and link the identity provider in your profile.");

    public static readonly Error NotAdmitted = new(
        ErrorKind.Forbidden, "sso.not_admitted", "You have no account here.", "Ask an owner of your organization to add you.");

    public static readonly Error TooManyGroups = new(
        ErrorKind.Forbidden, "sso.too_many_groups", "The identity provider left your groups out, because they are too many.",
        "Nothing was changed. Ask an owner of your organization to have Entra ID send only the groups assigned to the application (Token configuration, Groups assigned to the application).");

    public static readonly Error AlreadyLinked = new(
        ErrorKind.Conflict, "sso.already_linked", "This identity belongs to another account.", "Nothing was changed. Sign in with it, or choose another one at the identity provider.");

    public static readonly Error Required = new(
        ErrorKind.Forbidden, "sso.required", "Your organization asks for single sign-on.", "Enter your e-mail address and continue with your organization's identity provider.");

    public static readonly Error SecretMissing = new(
        ErrorKind.Invalid, "sso.secret_missing", "The client secret is missing.", "Nothing was changed. Give the secret; it is needed at first, and again whenever issuer or client id change.");

    public static readonly Error BreakGlass = new(
        ErrorKind.Unprocessable, "sso.break_glass", "Enforced single sign-on needs an owner who can still come in.", "Nothing was changed. Name at least one owner, and owners alone, who keep their password.");

    public static readonly Error UnknownProject = new(
        ErrorKind.Unprocessable, "sso.project_unknown", "A rule names a project that is not here.", "Nothing was changed. Correct the rule.");

    public static readonly Error UnknownTeam = new(
        ErrorKind.Unprocessable, "sso.team_unknown", "A rule names a team that is not here, or one that SCIM fills.", "Nothing was changed. Correct the rule.");

    public static readonly Error DomainTaken = new(
        ErrorKind.Conflict, "sso.domain_taken", "Another organization has proven this domain.", "Nothing was changed. Ask the operator of this installation.");

    /// <summary>Settings that name a provider which does not answer as one: the mistake may be in them.</summary>
    public static Error NoSuchProvider(ProviderFailedException failed) => Provider(failed) with { Kind = ErrorKind.Unprocessable };

    public static Error Provider(ProviderFailedException failed) => new(
        ErrorKind.Provider, "sso.provider_failed", "The identity provider cannot be used.", $"Nothing was changed: {failed.Message}.");
}
