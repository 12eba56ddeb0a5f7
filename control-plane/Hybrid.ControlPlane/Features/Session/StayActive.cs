using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>Somebody pressed a key, clicked or touched the page: the session goes on. Nothing else that a page does counts.</summary>
public static class StayActive
{
    internal static void Map(IEndpointRouteBuilder session) => session.MapPost("/active", Endpoint).WithName(nameof(StayActive)).WithSummary("Says that somebody is at the page.")
        .RequireSession("belongs to the session itself").ChangesNothing("only when somebody was last at the page");

    private static async Task<NoContent> Endpoint(ICurrentUser user, ControlPlaneDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct);
        await db.Sessions.Where(s => s.Id == user.SessionId).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastActiveAt, now), ct);
        await scope.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
