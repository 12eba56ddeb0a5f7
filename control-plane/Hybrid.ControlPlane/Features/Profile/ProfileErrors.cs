using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Refusals about one's own account.</summary>
internal static class ProfileErrors
{
    public static readonly Error NothingBegun = new(
        ErrorKind.Conflict, "authenticator.not_begun", "No authenticator is being set up.", "Nothing was changed. Begin again and scan the new code.");

    public static readonly Error WrongCode = new(
        ErrorKind.Unprocessable, "authenticator.wrong_code", "The code does not fit.", "Nothing was changed. Check that the clock of the device is right and give the code that the app shows now.");

    public static readonly Error NoAuthenticator = new(ErrorKind.Conflict, "authenticator.none", "There is no authenticator on this account.", "Nothing was changed. Set one up first.");

    public static readonly Error StillRequired = new(
        ErrorKind.Conflict, "authenticator.required", "Your organization requires a second factor of you.", "Nothing was changed. Set up a new authenticator instead; it takes the place of this one.");

    public static readonly Error WrongPassword = new(ErrorKind.Unprocessable, "password.wrong", "The present password is wrong.", "Nothing was changed. Type it again.");
}
