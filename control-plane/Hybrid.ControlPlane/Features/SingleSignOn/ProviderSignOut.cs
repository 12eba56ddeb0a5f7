using System.Security.Cryptography;
using System.Text;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>
/// Signs out at the identity provider too (OpenID Connect RP-Initiated Logout 1.0). Our own session has ended before, whatever comes of it: a
/// provider that does not answer keeps nobody signed in here.
/// </summary>
internal sealed class ProviderSignOut(OpenIdConnection connection, IDataProtectionProvider protection, ControlPlaneOptions options)
{
    /// <summary>Where the provider sends browsers back to.</summary>
    public const string ReturnPath = "/api/session/sso/signed-out";

    /// <summary>Longest hint that is put into an address, in characters: servers take 8,000 and more for the whole.</summary>
    private const int MaxHint = 6000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IDataProtector hints = protection.CreateProtector("hybrid.id-token-hint");

    private bool Secure => options.PublicUrl.Scheme == Uri.UriSchemeHttps;

    private string Name => Secure ? "__Host-hybrid-sso-out" : "hybrid-sso-out";

    /// <summary>The ID token as a session keeps it.</summary>
    public byte[] Protect(string idToken) => hints.Protect(Encoding.UTF8.GetBytes(idToken));

    /// <summary>Where the browser ends its session at the provider; null where that offers no such thing, or does not answer soon.</summary>
    /// <param name="provider">The provider that began the session.</param>
    /// <param name="protectedIdToken">What the session kept.</param>
    /// <param name="http">The browser, which gets the state in a cookie.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<string?> AddressAsync(IdentityProvider provider, byte[]? protectedIdToken, HttpContext http, CancellationToken ct)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(Patience);
        OpenIdConnectConfiguration found;
        try
        {
            found = await connection.DiscoverAsync(provider, bound.Token);
        }
        catch (Exception failed) when (failed is ProviderFailedException or OperationCanceledException)
        {
            return null;
        }

        if (!GuardedHttp.MayAsk(found.EndSessionEndpoint, options.SingleSignOn.AllowedHosts)) return null;
        var state = SessionStore.NewToken();
        var request = new OpenIdConnectMessage
        {
            IssuerAddress = found.EndSessionEndpoint, ClientId = provider.ClientId, IdTokenHint = HintOf(protectedIdToken), PostLogoutRedirectUri = new Uri(options.PublicUrl, ReturnPath).ToString(), State = state,
        };
        http.Response.Cookies.Append(Name, state, Cookie(TimeSpan.FromMinutes(10)));
        return request.CreateLogoutRequestUrl();
    }

    internal static void Map(IEndpointRouteBuilder session) => session.MapGet("/sso/signed-out", (string? state, ProviderSignOut signOut, HttpContext http) => signOut.Return(state, http))
        .WithName("SignedOutAtProvider").WithSummary("Takes the browser back from the identity provider's sign-out.").OpenToAll("nobody has a session any more");

    // Nothing depends on it: our session has ended before. A way back that was not asked for says so.
    private RedirectHttpResult Return(string? state, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var asked = http.Request.Cookies[Name];
        http.Response.Cookies.Delete(Name, Cookie(null));
        var own = asked is not null && state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(asked), Encoding.UTF8.GetBytes(state));
        return TypedResults.Redirect(own ? "/sign-in" : "/sign-in?sso-error=" + SingleSignOnErrors.State.Code);
    }

    private string? HintOf(byte[]? protectedIdToken)
    {
        if (protectedIdToken is null) return null;
        try
        {
            var hint = Encoding.UTF8.GetString(hints.Unprotect(protectedIdToken));
            return hint.Length <= MaxHint ? hint : null;
        }
        catch (CryptographicException)
        {
            // The key ring is another one since; the provider asks the person then.
            return null;
        }
    }

    // Lax: the way back is a navigation from another site.
    private CookieOptions Cookie(TimeSpan? life) => new() { HttpOnly = true, Secure = Secure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = life, IsEssential = true };
}
