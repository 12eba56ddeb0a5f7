using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>Proves by a certificate's key that the product is the provider's client (RFC 7523 § 2.2), as Entra ID asks for it.</summary>
internal static class ClientAssertion
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Fields of the form.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(string clientId, string pem, string audience)
    {
        using var certificate = Read(pem) ?? throw new ProviderFailedException("the certificate cannot be read");
        // X509SigningCredentials names the certificate in the header (x5t, kid). The token is signed before the certificate goes.
        var credentials = new X509SigningCredentials(certificate, SecurityAlgorithms.RsaSha256) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        var assertion = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = clientId, Audience = audience, Expires = DateTime.UtcNow + Life, SigningCredentials = credentials,
            Claims = new Dictionary<string, object> { ["sub"] = clientId, ["jti"] = Guid.NewGuid().ToString() },
        });
        return [new("client_id", clientId), new("client_assertion_type", Type), new("client_assertion", assertion)];
    }

    /// <summary>A certificate with its private RSA key of at least 2,048 bits, both in one PEM text; null when it is none.</summary>
    public static X509Certificate2? Read(string pem)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem, pem);
            using var key = certificate.GetRSAPrivateKey();
            if (key is { KeySize: >= 2048 }) return certificate;
            certificate.Dispose();
            return null;
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
