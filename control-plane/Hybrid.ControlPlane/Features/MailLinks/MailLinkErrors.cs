using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.MailLinks;

/// <summary>Refusals of links.</summary>
internal static class MailLinkErrors
{
    public static readonly Error Dead = new(
        ErrorKind.NotFound, "link.dead", "This link does not work any more.", "Nothing was changed. It was used, is too old, or a newer one was sent. Ask for a new one.");

    public static readonly Error AccountExists = new(
        ErrorKind.Conflict, "link.account_exists", "There is an account with this address already.", "Nothing was changed. Sign in to it, then join.");

    public static readonly Error OtherPerson = new(
        ErrorKind.Conflict, "link.other_person", "This invitation is for another account.", "Nothing was changed. Sign out, and sign in with the address that the mail went to.");
}
