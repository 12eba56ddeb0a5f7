using System.Collections.Concurrent;
using System.IdentityModel.Tokens.Jwt;
using System.Net.Http.Headers;
using System.Text;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>What the product says to identity providers; what they answer is validated by Microsoft.IdentityModel, never by hand.</summary>
internal sealed class OpenIdConnection(ControlPlaneOptions options, EntraTenants entra, IDataProtectionProvider protection) : IDisposable
{
    /// <summary>Event that makes a JWT a logout token (OpenID Connect Back-Channel Logout 1.0 § 2.4).</summary>
    public const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    // Fixed, never read from the token: no "none", and nothing symmetric (security.md § 3).
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly HttpClient http = GuardedHttp.Client(options.SingleSignOn.AllowedHosts);
    private readonly IDataProtector secrets = protection.CreateProtector("hybrid.identity-provider-secret");
    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> managers = new(StringComparer.Ordinal);

    /// <summary>Where providers send browsers back to.</summary>
    public string RedirectUri => new Uri(options.PublicUrl, "/api/session/sso/callback").ToString();

    /// <summary>Where providers send browsers back to that signed out there.</summary>
    public string PostLogoutRedirectUri => new Uri(options.PublicUrl, ProviderSignOut.ReturnPath).ToString();

    /// <summary>Where a provider announces that a person signed out.</summary>
    public string BackChannelLogoutUri(Guid providerId) => new Uri(options.PublicUrl, $"/sso/backchannel-logout/{providerId}").ToString();

    /// <summary>Encrypts a client secret.</summary>
    public byte[] Protect(string secret) => secrets.Protect(Encoding.UTF8.GetBytes(secret));

    /// <summary>The provider's discovery document and keys.</summary>
    /// <exception cref="ProviderFailedException">It cannot be reached, or says something else than its issuer must.</exception>
    public async Task<OpenIdConnectConfiguration> DiscoverAsync(string issuer, CancellationToken ct)
    {
        if (!GuardedHttp.MayAsk(issuer, options.SingleSignOn.AllowedHosts)) throw new ProviderFailedException("its address is not https");
        // An address for each issuer that was ever configured: few, but not without end.
        if (managers.Count > 1000) managers.Clear();
        var manager = managers.GetOrAdd(issuer, i => new ConfigurationManager<OpenIdConnectConfiguration>(
            i.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new Retriever(http, options.SingleSignOn.AllowedHosts)));
        return await AskAsync(manager, issuer, ct);
    }

    private async Task<OpenIdConnectConfiguration> AskAsync(IConfigurationManager<OpenIdConnectConfiguration> manager, string issuer, CancellationToken ct)
    {
        OpenIdConnectConfiguration found;
        try
        {
            found = await manager.GetConfigurationAsync(ct);
        }
        catch (Exception failed) when (failed is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProviderFailedException("its discovery document cannot be read");
        }

        if (!string.Equals(found.Issuer, issuer, StringComparison.Ordinal)) throw new ProviderFailedException("its discovery document names another issuer");
        if (new[] { found.AuthorizationEndpoint, found.TokenEndpoint }.Any(e => !GuardedHttp.MayAsk(e, options.SingleSignOn.AllowedHosts)))
            throw new ProviderFailedException("an endpoint is missing or not https");
        return found;
    }

    /// <inheritdoc cref="DiscoverAsync(string, CancellationToken)"/>
    public Task<OpenIdConnectConfiguration> DiscoverAsync(IdentityProvider provider, CancellationToken ct)
    {
        if (provider.Kind != IdentityProviderKind.EntraId) return DiscoverAsync(provider.Issuer, ct);
        if (!GuardedHttp.MayAsk(provider.Issuer, options.SingleSignOn.AllowedHosts)) throw new ProviderFailedException("its address is not https");
        return AskAsync(entra.MetadataOf(provider), provider.Issuer, ct);
    }

    /// <summary>Asks ahead of <see cref="DiscoverAsync(IdentityProvider, CancellationToken)"/>, whose answer then is at hand; a failure is its to say.</summary>
    public async Task TryDiscoverAsync(IdentityProvider provider, CancellationToken ct)
    {
        try
        {
            if (provider.Issuer is { Length: > 0 and <= 500 }) await DiscoverAsync(provider, ct);
        }
        catch (ProviderFailedException)
        {
            // Said by the one that wants the answer.
        }
    }

    /// <summary>Where the browser goes to sign in; the request itself is pushed (RFC 9126) where the provider takes that.</summary>
    public async Task<string> AuthorizeAsync(IdentityProvider provider, string state, string nonce, string verifier, CancellationToken ct)
    {
        var found = await DiscoverAsync(provider, ct);
        var request = new OpenIdConnectMessage
        {
            IssuerAddress = found.AuthorizationEndpoint,
            ClientId = provider.ClientId,
            RedirectUri = RedirectUri,
            ResponseType = OpenIdConnectResponseType.Code,
            Scope = provider.Scopes,
            State = state,
            Nonce = nonce,
        };
        request.SetParameter("code_challenge", Base64UrlEncoder.Encode(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        request.SetParameter("code_challenge_method", "S256");
        if (string.IsNullOrEmpty(found.PushedAuthorizationRequestEndpoint)) return request.CreateAuthenticationRequestUrl();

        var pushed = await PostAsync(provider, found.PushedAuthorizationRequestEndpoint, request.Parameters, ct);
        var reference = new OpenIdConnectMessage { IssuerAddress = found.AuthorizationEndpoint, ClientId = provider.ClientId };
        reference.SetParameter("request_uri", pushed.GetParameter("request_uri") ?? throw new ProviderFailedException("it took the request without naming it"));
        return reference.CreateAuthenticationRequestUrl();
    }

    /// <summary>Exchanges the code and validates the ID token: signature, issuer, audience, times, nonce.</summary>
    public async Task<JsonWebToken> RedeemAsync(IdentityProvider provider, string code, string nonce, string verifier, CancellationToken ct)
    {
        var found = await DiscoverAsync(provider, ct);
        var answer = await PostAsync(
            provider, found.TokenEndpoint,
            new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri, ["code_verifier"] = verifier }, ct);
        var token = await ValidateAsync(provider, found, answer.IdToken, ct);
        try
        {
            // The state was compared before; its age stands there and not in the nonce.
            new OpenIdConnectProtocolValidator { RequireState = false, RequireStateValidation = false, RequireTimeStampInNonce = false }.ValidateTokenResponse(new OpenIdConnectProtocolValidationContext
            {
                ClientId = provider.ClientId, ProtocolMessage = answer, ValidatedIdToken = JwtSecurityTokenConverter.Convert(token), Nonce = nonce,
            });
        }
        catch (OpenIdConnectProtocolException)
        {
            throw new ProviderFailedException("its ID token does not belong to this sign-in");
        }

        return token;
    }

    /// <summary>Validates a logout token; the caller looks at its <c>jti</c>.</summary>
    public async Task<JsonWebToken> ValidateLogoutAsync(IdentityProvider provider, string token, CancellationToken ct)
    {
        var jwt = await ValidateAsync(provider, await DiscoverAsync(provider, ct), token, ct);
        var isLogout = jwt.TryGetPayloadValue<System.Text.Json.JsonElement>("events", out var events)
            && events.ValueKind == System.Text.Json.JsonValueKind.Object && events.TryGetProperty(LogoutEvent, out _)
            && !jwt.TryGetPayloadValue<string>("nonce", out _) && jwt.TryGetPayloadValue<string>("jti", out _) && jwt.IssuedAt != DateTime.MinValue
            && (jwt.Subject is { Length: > 0 } || jwt.TryGetPayloadValue<string>("sid", out _));
        return isLogout ? jwt : throw new ProviderFailedException("the token is no logout token");
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonWebToken> ValidateAsync(IdentityProvider provider, OpenIdConnectConfiguration found, string? token, CancellationToken ct)
    {
        for (var again = false; ; again = true)
        {
            // Of Entra ID the issuer is validated by Microsoft.Identity.Web, whose rules come with its parameters; the rest is the same for all.
            var parameters = provider.Kind == IdentityProviderKind.EntraId ? entra.ValidationOf(provider) : new TokenValidationParameters();
            (parameters.ValidIssuer, parameters.ValidAudience, parameters.ValidAudiences, parameters.AudienceValidator) = (provider.Issuer, provider.ClientId, null, null);
            (parameters.IssuerSigningKeys, parameters.ValidAlgorithms, parameters.ConfigurationManager) = (found.SigningKeys, Algorithms, null);
            (parameters.RequireSignedTokens, parameters.RequireExpirationTime, parameters.ClockSkew) = (true, true, TimeSpan.FromMinutes(2));
            (parameters.ValidateIssuer, parameters.ValidateAudience, parameters.ValidateLifetime) = (true, true, true);
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(token ?? "", parameters);
            if (result.IsValid)
            {
                var valid = (JsonWebToken)result.SecurityToken;
                // And the tenant is the organization's own, whatever a validation for many tenants would let pass.
                var ofTenant = provider.TenantId is not { } tenant || (valid.TryGetPayloadValue<string>("tid", out var tid) && Guid.TryParse(tid, out var id) && id == tenant);
                return ofTenant && string.Equals(valid.Issuer, provider.Issuer, StringComparison.Ordinal) ? valid : throw new ProviderFailedException("its token is another tenant's");
            }

            // The provider may have changed its keys since; the manager limits how often that is asked.
            if (again || result.Exception is not SecurityTokenSignatureKeyNotFoundException) throw new ProviderFailedException("its token is not valid");
            if (provider.Kind == IdentityProviderKind.EntraId) entra.MetadataOf(provider).RequestRefresh();
            else managers[provider.Issuer].RequestRefresh();
            found = await DiscoverAsync(provider, ct);
        }
    }

    private async Task<OpenIdConnectMessage> PostAsync(IdentityProvider provider, string address, IEnumerable<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        if (!GuardedHttp.MayAsk(address, options.SingleSignOn.AllowedHosts)) throw new ProviderFailedException("an endpoint is not https");
        var secret = Encoding.UTF8.GetString(secrets.Unprotect(provider.ProtectedSecret));
        if (provider.Credential == ClientCredential.Certificate) form = form.Concat(ClientAssertion.Of(provider.ClientId, secret, address));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        if (provider.Credential == ClientCredential.Secret)
        {
            // client_secret_basic: both parts form-encoded first (RFC 6749 § 2.3.1).
            var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        try
        {
            using var response = await http.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode) throw new ProviderFailedException($"it answered {(int)response.StatusCode}");
            return new OpenIdConnectMessage(await response.Content.ReadAsStringAsync(ct));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or ArgumentException or System.Text.Json.JsonException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProviderFailedException("it cannot be reached");
        }
    }

    private sealed class Retriever(HttpClient http, IReadOnlyCollection<string> allowedHosts) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            if (!GuardedHttp.MayAsk(address, allowedHosts)) throw new IOException("The address is not https.");
            return await http.GetStringAsync(address, cancel);
        }
    }
}

/// <summary>The provider, or what it sent, is not fit for a sign-in.</summary>
internal sealed class ProviderFailedException(string because) : Exception(because);
