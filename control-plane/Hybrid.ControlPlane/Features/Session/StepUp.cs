using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Proves once more that it is the person: by code where the account has an authenticator, else by password. Good for five minutes.</summary>
public static class StepUp
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/step-up", Endpoint).WithName(nameof(StepUp)).WithSummary("Proves once more that it is you.")
        .RequireSession("belongs to the session itself").Audits(AuditActs.SessionSteppedUp, AuditActs.SessionFactorRefused).RequireRateLimiting(SessionRoutes.Limiter);

    /// <summary>The code of the authenticator app (or a recovery code), or the password of an account without one.</summary>
    public sealed record Body(string? Code, string? Password);

    private static Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, SessionProof proof, UserManager<Person> users, SecondFactor factor, CancellationToken ct) => proof.GiveAsync(
        async (session, person) => session.UnlockedAt is not null && (person.TwoFactorEnabled
            ? await factor.TakeAsync(person, body.Code, ct)
            : body.Password is { Length: > 0 and <= PasswordRules.MaxLength } password && await users.CheckPasswordAsync(person, password)),
        _ => { },
        AuditActs.SessionSteppedUp, person => person.TwoFactorEnabled ? SessionErrors.FactorRefused : SessionErrors.Refused, ct);
}
