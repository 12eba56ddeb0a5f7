using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Profile;

/// <summary>Shows one's own account: its second factor and where it is signed in.</summary>
public static class ViewProfile
{
    internal static void Map(IEndpointRouteBuilder profile) => profile.MapGet("", Endpoint).WithName(nameof(ViewProfile)).WithSummary("Your own account.").Sends<Query>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(), ct)).ToHttp();

    /// <summary>One's own.</summary>
    [Act(Acts.OrganizationUse)]
    [WithoutMfa]
    public sealed record Query : IQuery<Response>;

    /// <summary>The account.</summary>
    public sealed record Response(string Name, string Email, bool HasAuthenticator, int RecoveryCodesLeft, bool MfaRequired, string? Language, IReadOnlyList<SessionItem> Sessions, IReadOnlyList<PasskeyItem> Passkeys);

    /// <summary>A passkey; Synced says that its device keeps it in other places too.</summary>
    public sealed record PasskeyItem(Guid Id, string Name, bool Synced, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    /// <summary>A signed-in browser; Current is this one.</summary>
    public sealed record SessionItem(Guid Id, bool Current, string UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt, DateTimeOffset ExpiresAt);

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            if (user.Key is not null) return RequestErrors.NotFound;
            var now = clock.GetUtcNow();
            var person = await db.Users.AsNoTracking().SingleAsync(p => p.Id == user.PersonId, ct);
            var idle = await db.Organizations.Where(o => o.Id == user.OrganizationId).Select(o => o.IdleMinutes).SingleAsync(ct);
            var since = now.AddMinutes(-idle);
            var sessions = await db.Sessions.AsNoTracking().Where(s => s.PersonId == user.PersonId && s.ExpiresAt > now && s.LastActiveAt > since).OrderByDescending(s => s.LastActiveAt).Take(100).ToListAsync(ct);
            var passkeys = await db.Passkeys.AsNoTracking().Where(k => k.PersonId == person.Id).OrderBy(k => k.CreatedAt).Select(k => new PasskeyItem(k.Id, k.Name, k.BackedUp, k.CreatedAt, k.LastUsedAt)).ToListAsync(ct);
            return new Response(
                person.DisplayName, person.Email ?? "", person.AuthenticatorSeed is not null, await db.RecoveryCodes.CountAsync(c => c.PersonId == person.Id && c.UsedAt == null, ct),
                user.OrganizationRole >= user.MfaFrom, person.Language, [.. sessions.Select(s => new SessionItem(s.Id, s.Id == user.SessionId, s.UserAgent, s.CreatedAt, s.LastActiveAt, s.ExpiresAt))], passkeys);
        }
    }
}
