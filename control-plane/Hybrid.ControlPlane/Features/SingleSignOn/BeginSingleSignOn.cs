using System.Text.Json;
using FluentValidation;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Features.Session;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Sends a browser to its identity provider; state, nonce, PKCE verifier and the browser's key thumbprint stay in a protected cookie.</summary>
public static class BeginSingleSignOn
{
    internal static void Map(IEndpointRouteBuilder session)
    {
        session.MapPost("/sso", Endpoint).WithName(nameof(BeginSingleSignOn)).WithSummary("Begins a sign-in at the identity provider.")
            .OpenToAll("nobody has a session yet").ChangesNothing("what it begins is in the browser's cookie").RequireRateLimiting(SessionRoutes.Limiter);
        session.MapPost("/sso/link", Link).WithName("LinkIdentity").WithSummary("Begins to link one's account with the identity provider.")
            .WithMetadata(new RouteRule(null, "links the session's own person")).RequireAuthorization(Policies.Unlocked).ChangesNothing("what it begins is in the browser's cookie");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Command body, IMediator mediator, SignInStates states, HttpContext http, CancellationToken ct) =>
        Go(await mediator.Send(body, ct), states, http);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Link(
        ICurrentUser user, ControlPlaneDb db, IMediator mediator, SignInStates states, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (user.Key is not null) return ResultToHttp.ToProblem(RequestErrors.NotFound);
        if (clock.GetUtcNow() - user.SteppedUpAt > StepUpAttribute.Freshness) return ResultToHttp.ToProblem(RequestErrors.StepUp);
        IdentityProvider? provider;
        await using (await TenantScope.OpenAsync(db, user.OrganizationId, user.PersonId, ct)) provider = await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(ct);
        if (provider is null) return ResultToHttp.ToProblem(SingleSignOnErrors.NoProvider);
        return Go(await mediator.Send(new Command(provider.Id, user.KeyThumbprint, "/") { LinkSession = user.SessionId }, ct), states, http);
    }

    private static Results<Ok<Response>, ProblemHttpResult> Go(Result<Begun> result, SignInStates states, HttpContext http)
    {
        if (!result.IsSuccess) return ResultToHttp.ToProblem(result.Refusal!);
        states.Write(http, result.Value.State);
        return TypedResults.Ok(new Response(result.Value.Url));
    }

    /// <summary>What the browser sends.</summary>
    /// <param name="ProviderId">The provider that was discovered.</param>
    /// <param name="KeyThumbprint">RFC 7638 thumbprint of the key that the browser made before signing in.</param>
    /// <param name="ReturnTo">Path in the workspace to come back to.</param>
    public sealed record Command(Guid ProviderId, string KeyThumbprint, string ReturnTo) : IUnscopedCommand<Begun>
    {
        internal Guid? LinkSession { get; init; }
    }

    /// <summary>Where to go.</summary>
    public sealed record Response(string Url);

    /// <summary>A sign-in that has begun.</summary>
    public sealed record Begun(string Url, SignInState State);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.KeyThumbprint).NotEmpty().Matches("^[A-Za-z0-9_-]{43}$");
            // A path of our own: "//host", "/\host" and anything with a scheme lead elsewhere.
            RuleFor(c => c.ReturnTo).NotEmpty().MaximumLength(500).Matches(@"^/(?![/\\])[\x21-\x5B\x5D-\x7E]*$");
        }
    }

    internal sealed class Handler(ControlPlaneDb db, OpenIdConnection connection, TimeProvider clock) : IRequestHandler<Command, Result<Begun>>
    {
        public async Task<Result<Begun>> Handle(Command command, CancellationToken ct)
        {
            var provider = await db.Through(Doors.ProviderOfId, command.ProviderId).SingleOrDefaultAsync(ct);
            if (provider is null) return SingleSignOnErrors.NoProvider;
            var state = new SignInState(
                provider.Id, SessionStore.NewToken(), SessionStore.NewToken(), SessionStore.NewToken(), command.KeyThumbprint, command.ReturnTo, command.LinkSession, clock.GetUtcNow());
            try
            {
                return new Begun(await connection.AuthorizeAsync(provider, state.State, state.Nonce, state.Verifier, ct), state);
            }
            catch (ProviderFailedException failed)
            {
                return SingleSignOnErrors.Provider(failed);
            }
        }
    }
}

/// <summary>A sign-in on its way through the identity provider (security.md § 3).</summary>
public sealed record SignInState(Guid ProviderId, string State, string Nonce, string Verifier, string KeyThumbprint, string ReturnTo, Guid? LinkSession, DateTimeOffset At);

/// <summary>Keeps a sign-in's state in a cookie that only this server reads and that serves once.</summary>
internal sealed class SignInStates(IDataProtectionProvider protection, ControlPlaneOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly IDataProtector protector = protection.CreateProtector("hybrid.sso-state");

    private bool Secure => options.PublicUrl.Scheme == Uri.UriSchemeHttps;

    private string Name => Secure ? "__Host-hybrid-sso" : "hybrid-sso";

    public void Write(HttpContext http, SignInState state) => http.Response.Cookies.Append(Name, protector.Protect(JsonSerializer.Serialize(state)), Cookie(Life));

    /// <summary>The state of this browser's sign-in when the answer belongs to it; the cookie goes in any case.</summary>
    public SignInState? Take(HttpContext http, string? answered)
    {
        var cookie = http.Request.Cookies[Name];
        http.Response.Cookies.Delete(Name, Cookie(null));
        if (cookie is null || answered is null) return null;
        try
        {
            var state = JsonSerializer.Deserialize<SignInState>(protector.Unprotect(cookie))!;
            var own = System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(state.State), System.Text.Encoding.UTF8.GetBytes(answered));
            return own && state.At + Life > clock.GetUtcNow() ? state : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    // Lax: the provider's answer is a navigation from another site.
    private CookieOptions Cookie(TimeSpan? life) => new() { HttpOnly = true, Secure = Secure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = life, IsEssential = true };
}
