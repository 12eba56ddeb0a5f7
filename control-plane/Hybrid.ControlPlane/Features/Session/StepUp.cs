using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Proves once more that it is the person: by code or passkey where the account has a second factor, else by password. Good for five minutes.</summary>
public static class StepUp
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/step-up", Endpoint).WithName(nameof(StepUp)).WithSummary("Proves once more that it is you.")
        .RequireSession("belongs to the session itself").Audits(AuditActs.SessionSteppedUp, AuditActs.SessionFactorRefused, AuditActs.PasskeyCountedBack).RequireRateLimiting(SessionRoutes.Limiter);

    /// <summary>The code of the authenticator app (or a recovery code), or the answer of a passkey; or the password of an account that has neither.</summary>
    public sealed record Body(string? Code, string? Password, PasskeyAnswer? Passkey = null);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, SessionProof proof, UserManager<Person> users, SecondFactor factor, CancellationToken ct) =>
        body.Passkey is { } passkey
            // What was a password's session has two factors from now on.
            ? await proof.GiveByPasskeyAsync(passkey, session => session.MfaLevel = 2, session => session.UnlockedAt is not null, AuditActs.SessionSteppedUp, ct)
            : await proof.GiveAsync(
                async (session, person) => session.UnlockedAt is not null && (person.TwoFactorEnabled
                    ? await factor.TakeAsync(person, body.Code, ct)
                    : body.Password is { Length: > 0 and <= PasswordRules.MaxLength } password && await users.CheckPasswordAsync(person, password)),
                _ => { },
                AuditActs.SessionSteppedUp, person => person.TwoFactorEnabled ? SessionErrors.FactorRefused : SessionErrors.Refused, ct);
}
