using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>An OpenID provider that says whatever a test wants: what no honest one can be made to say.</summary>
public sealed class CrookedProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "k1" };

    private CrookedProvider(WebApplication app) => this.app = app;

    public string Issuer { get; private set; } = "";

    /// <summary>ID token by code.</summary>
    public ConcurrentDictionary<string, string> Tokens { get; } = new();

    public static async Task<CrookedProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new CrookedProvider(app);
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = provider.Issuer, authorization_endpoint = provider.Issuer + "/auth", token_endpoint = provider.Issuer + "/token", jwks_uri = provider.Issuer + "/jwks",
        });
        app.MapGet("/jwks", () =>
        {
            var p = provider.key.Rsa.ExportParameters(false);
            return new { keys = new[] { new { kty = "RSA", kid = "k1", use = "sig", n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent) } } };
        });
        app.MapPost("/token", async (HttpRequest request) =>
            new { access_token = "a", token_type = "Bearer", id_token = provider.Tokens[(await request.ReadFormAsync())["code"].ToString()] });
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        provider.Issuer = address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return provider;
    }

    /// <summary>A token by this provider's key, or by another one.</summary>
    public string Sign(Dictionary<string, object> claims, string audience = "hybrid", string? issuer = null, SigningCredentials? with = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer, Audience = audience, Claims = claims, IssuedAt = DateTime.UtcNow, Expires = DateTime.UtcNow.AddMinutes(2),
            SigningCredentials = with ?? new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });

    /// <summary>Credentials that abuse the public key as a shared secret.</summary>
    public SigningCredentials Confused() => new(new SymmetricSecurityKey(key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = "k1" }, SecurityAlgorithms.HmacSha256);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Rsa.Dispose();
    }
}
