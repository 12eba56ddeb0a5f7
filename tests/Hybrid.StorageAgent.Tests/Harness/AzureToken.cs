using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Hybrid.Security.Keys;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>An identity as Azurite takes it: it reads issuer, audience and times of a token and leaves the signature alone.</summary>
internal sealed class AzureToken(string audience = "https://storage.azure.com/") : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        return new AccessToken(Text(expires), expires);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));

    /// <summary>The token itself.</summary>
    public string Text(DateTimeOffset expires)
    {
        const string Tenant = "5a0a4e0c-8d5f-4c0b-9f5c-0d5d6f0f2d11";
        var payload = $$"""
            {"aud":"{{audience}}","iss":"https://sts.windows.net/{{Tenant}}/","iat":{{expires.AddHours(-2).ToUnixTimeSeconds()}},"nbf":{{expires.AddHours(-2).ToUnixTimeSeconds()}},"exp":{{expires.ToUnixTimeSeconds()}},"tid":"{{Tenant}}","oid":"23657296-5cd5-45b0-a809-d972a7f4dfe1","ver":"1.0"}
            """;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var input = $"{Base64UrlStrict.Encode("""{"typ":"JWT","alg":"ES256"}"""u8)}.{Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Base64UrlStrict.Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }
}
