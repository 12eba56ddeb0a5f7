using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Gives the second factor of a session that waits for it.</summary>
public static class GiveFactor
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/factor", Endpoint).WithName(nameof(GiveFactor)).WithSummary("Gives the second factor.")
        .RequireSession("belongs to the session that waits for it").Audits(AuditActs.SessionFactorGiven, AuditActs.SessionFactorRefused, AuditActs.PasskeyCountedBack).RequireRateLimiting(SessionRoutes.Limiter);

    /// <summary>Six digits of the authenticator app, or a recovery code; or the answer of a passkey.</summary>
    public sealed record Body(string? Code, PasskeyAnswer? Passkey = null);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Endpoint(Body body, SessionProof proof, SecondFactor factor, CancellationToken ct) =>
        body.Passkey is { } passkey
            ? await proof.GiveByPasskeyAsync(passkey, session => (session.AwaitsFactor, session.MfaLevel) = (false, 2), _ => true, AuditActs.SessionFactorGiven, ct)
            : await proof.GiveAsync(
                async (_, person) => await factor.TakeAsync(person, body.Code, ct), session => (session.AwaitsFactor, session.MfaLevel) = (false, 2),
                AuditActs.SessionFactorGiven, _ => SessionErrors.FactorRefused, ct);
}
