using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Asks for a passkey of the session's person: as the second factor, or as a fresh proof.</summary>
public static class AskForOwnPasskey
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/passkey/own-options", Endpoint).WithName(nameof(AskForOwnPasskey)).WithSummary("What a browser asks its authenticators to prove that it is you.")
        .RequireSession("belongs to the session itself").ChangesNothing("the question goes to the browser and back, sealed").RequireRateLimiting(SessionRoutes.Limiter);

    private static async Task<Ok<PasskeyQuestion>> Endpoint(ICurrentUser user, ControlPlaneDb db, PasskeyCeremonies passkeys, CancellationToken ct) =>
        TypedResults.Ok(await passkeys.AskAsync(await db.Users.SingleAsync(p => p.Id == user.PersonId, ct), user.SessionId));
}
