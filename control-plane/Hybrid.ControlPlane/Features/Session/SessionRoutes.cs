using System.Threading.RateLimiting;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.SingleSignOn;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Hybrid.Security.Proofs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Session;

/// <summary>The session's own routes: the only ones that a locked session may call.</summary>
internal static class SessionRoutes
{
    public const string Limiter = "sign-in";

    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddScoped<SessionViews>();
        services.AddScoped<SessionProof>();
        services.AddScoped<OwnProofDoor>();
        services.AddSingleton(provider => new ReplayMemory(provider.GetRequiredService<TimeProvider>()));
        // Hashing costs a CPU for a tenth of a second: a queue, so that a flood can't take every core.
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.OnRejected = (context, _) => new ValueTask(ResultToHttp.ToProblem(new Error(
                ErrorKind.Limited, "session.busy", "Too many people are signing in at once.", "Try again in a few seconds.")).ExecuteAsync(context.HttpContext));
            o.AddPolicy(Limiter, _ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = Math.Max(2, Environment.ProcessorCount), QueueLimit = 200, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
        });
        return services;
    }

    public static void MapSession(this IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session");
        SignIn.Map(session);
        session.MapPost("/unlock", Unlock).WithName("UnlockSession").WithSummary("Proves that this browser holds the session's key.").RequireSession("takes the session itself").Audits(AuditActs.SessionUnlocked);
        SignInWithPasskey.Map(session);
        AskForOwnPasskey.Map(session);
        GiveFactor.Map(session);
        StepUp.Map(session);
        StayActive.Map(session);
        GoToOrganization.Map(session);
        session.MapGet("", View).WithName("ViewSession").WithSummary("The session of this browser.").RequireSession("shows the session itself");
        session.MapDelete("", SignOut).WithName("SignOut").WithSummary("Ends the session.").RequireSession("ends the session itself").Audits(AuditActs.SignedOut);
    }

    internal static RouteHandlerBuilder RequireSession(this RouteHandlerBuilder route, string because) =>
        route.WithMetadata(new RouteRule(null, because)).RequireAuthorization(Policies.AnySession);

    /// <summary>A DPoP proof whose <c>sid</c> names the session.</summary>
    /// <param name="Proof">The proof (JWS).</param>
    public sealed record UnlockBody(string Proof);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Unlock(
        UnlockBody body, ICurrentUser user, ControlPlaneDb db, ControlPlaneOptions options, ReplayMemory replay, SessionViews views, KnownDevices devices, AuditTrail audit, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var request = new ProofExpectation("POST", new Uri(options.PublicUrl, "/api/session/unlock").ToString()) { SessionId = user.SessionId.ToString() };
        var proof = ProofReader.Read(body.Proof, request, now);
        if (!proof.IsOk) return ResultToHttp.ToProblem(SessionErrors.Proof(proof.Refusal!));
        if (proof.Value.Thumbprint != user.KeyThumbprint) return ResultToHttp.ToProblem(SessionErrors.Proof(Hybrid.Security.Grants.GrantRefusals.KeyMismatch));
        if (replay.Take(proof.Value) is { } seen) return ResultToHttp.ToProblem(SessionErrors.Proof(seen));

        await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
        {
            var session = await db.Sessions.SingleAsync(s => s.Id == user.SessionId, ct);
            if (session.AwaitsFactor) return ResultToHttp.ToProblem(SessionErrors.FactorNeeded);
            var token = SessionStore.Renew(session);
            session.UnlockedAt = now;
            session.LastActiveAt = now;
            await devices.RememberAsync(user.PersonId, ct);
            audit.RecordAs(ActorKind.User, user.PersonId, AuditActs.SessionUnlocked, null, [session.Id]);
            await scope.CommitAsync(ct);
            var ticket = SessionStore.Ticket(session, user.OrganizationRole, user.MfaFrom, token);
            await http.SignInAsync(IdentitySetup.BeginScheme, ticket.Principal, ticket.Properties);
        }

        return TypedResults.Ok(await views.OfAsync(user.OrganizationId, user.SessionId, ct));
    }

    private static async Task<Ok<SessionView>> View(ICurrentUser user, SessionViews views, CancellationToken ct) =>
        TypedResults.Ok(await views.OfAsync(user.OrganizationId, user.SessionId, ct));

    /// <summary>Where the browser goes on, to sign out at the identity provider too; null = nowhere.</summary>
    public sealed record SignedOut(string? Url);

    private static async Task<Ok<SignedOut>> SignOut(
        ICurrentUser user, ControlPlaneDb db, SessionEnd end, ProviderSignOut provider, AuditTrail audit, HttpContext http, CancellationToken ct)
    {
        (Domain.Organizations.IdentityProvider Provider, byte[]? IdToken)? began;
        await using (var scope = await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct))
        {
            var found = await (from s in db.Sessions.AsNoTracking() join p in db.IdentityProviders.AsNoTracking() on s.Issuer equals p.Issuer where s.Id == user.SessionId select new { Provider = p, s.ProtectedIdToken }).SingleOrDefaultAsync(ct);
            began = found is null ? null : (found.Provider, found.ProtectedIdToken);
            await end.EndAsync(db.Sessions.Where(s => s.Id == user.SessionId), ct);
            audit.RecordAs(ActorKind.User, user.PersonId, AuditActs.SignedOut, null, [user.SessionId]);
            await scope.CommitAsync(ct);
        }

        await http.SignOutAsync();
        return TypedResults.Ok(new SignedOut(began is { } by ? await provider.AddressAsync(by.Provider, by.IdToken, http, ct) : null));
    }
}
