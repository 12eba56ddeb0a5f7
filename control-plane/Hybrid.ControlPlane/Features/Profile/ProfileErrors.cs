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

    public static readonly Error PasskeyUnfit = new(
        ErrorKind.Unprocessable, "passkey.unfit", "The passkey could not be added.", "Nothing was changed. Begin again; it must be made in this browser within five minutes, on a device that asks for your finger, face or PIN.");

    public static readonly Error PasskeyKnown = new(ErrorKind.Conflict, "passkey.known", "This passkey is in use already.", "Nothing was changed. Choose another device.");

    public static readonly Error TooManyPasskeys = new(ErrorKind.Conflict, "passkey.too_many", "You have as many passkeys as an account can have.", "Nothing was changed. Remove one that you do not use.");

    public static readonly Error PasskeyRequired = new(
        ErrorKind.Conflict, "passkey.required", "Your organization requires a second factor of you, and this passkey is your only one.", "Nothing was changed. Add another passkey or an authenticator app first.");

    public static readonly Error OwnProofNeeded = new(
        ErrorKind.Forbidden, "passkey.own_proof", "An organization's identity provider signed you in, and a passkey would open your other organizations too.", "Nothing was changed. Sign in by your password or a passkey to add one.");

    public static readonly Error LastFactor = new(
        ErrorKind.Conflict, "passkey.last", "This passkey is your last second factor, or your last way in.", "Nothing was removed. Send it again with confirmed=true if you mean it.");

    public static readonly Error WrongPassword = new(ErrorKind.Unprocessable, "password.wrong", "The present password is wrong.", "Nothing was changed. Type it again.");
}
