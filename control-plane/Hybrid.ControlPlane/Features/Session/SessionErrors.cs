using Hybrid.ControlPlane.Domain.Results;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Refusals of signing in.</summary>
internal static class SessionErrors
{
    public static readonly Error Refused = new(
        ErrorKind.Unauthenticated, "session.refused", "E-mail address and password do not match an account.",
        "Check both and try again. After some wrong tries there is a pause before the next.");

    public static readonly Error FactorNeeded = new(
        ErrorKind.Forbidden, "session.factor_needed", "The second factor is still to come.", "Give the code of your authenticator app, or a recovery code.");

    public static readonly Error FactorRefused = new(
        ErrorKind.Unauthenticated, "session.factor_refused", "The code is wrong or was used already.", "Wait for the next code of your app, or use a recovery code. After some wrong tries there is a pause before the next.");

    public static readonly Error PasskeyRefused = new(
        ErrorKind.Unauthenticated, "session.passkey_refused", "The passkey was not accepted.", "Try again, or sign in another way. A passkey that was removed from your account has to be deleted on its device too.");

    public static readonly Error OwnProofNeeded = new(
        ErrorKind.Forbidden, "session.own_proof", "An organization's identity provider signed you in, which is no proof for others.", "Nothing was changed. Sign out, and sign in by your password or a passkey.");

    public static Error Proof(Hybrid.Security.SecurityRefusal refusal) => new(ErrorKind.Forbidden, refusal.Code, "This browser's proof was refused.", refusal.Detail);
}
