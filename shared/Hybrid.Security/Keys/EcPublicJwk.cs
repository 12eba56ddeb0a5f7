using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hybrid.Security.Keys;

/// <summary>A public P-256 key as a JWK (RFC 7518 § 6.2.1). Made only from a point that lies on the curve.</summary>
public sealed record EcPublicJwk
{
    private const int CoordinateBytes = 32;

    private EcPublicJwk(string x, string y) => (X, Y) = (x, y);

    /// <summary>x coordinate, base64url, 43 characters.</summary>
    public string X { get; }

    /// <summary>y coordinate, base64url, 43 characters.</summary>
    public string Y { get; }

    /// <summary>RFC 7638 thumbprint, base64url.</summary>
    public string Thumbprint => Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(ToString())));

    /// <summary>The public half of a key.</summary>
    public static EcPublicJwk Of(ECAlgorithm key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        return new EcPublicJwk(Base64UrlStrict.Encode(q.X), Base64UrlStrict.Encode(q.Y));
    }

    /// <summary>Reads a public JWK; false when it is of another kind, holds a private member, or its point is off the curve.</summary>
    public static bool TryRead(JsonElement jwk, [NotNullWhen(true)] out EcPublicJwk? key)
    {
        key = null;
        if (jwk.ValueKind != JsonValueKind.Object || jwk.TryGetProperty("d", out _)) return false;
        if (Text(jwk, "kty") != "EC" || Text(jwk, "crv") != "P-256" || Text(jwk, "x") is not { } x || Text(jwk, "y") is not { } y) return false;
        var candidate = new EcPublicJwk(x, y);
        if (!candidate.IsOnCurve()) return false;
        key = candidate;
        return true;
    }

    /// <summary>Reads a public JWK from JSON text.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out EcPublicJwk? key)
    {
        key = null;
        try
        {
            using var document = JsonDocument.Parse(json, StrictJson.Options);
            return TryRead(document.RootElement, out key);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>For checking signatures; the caller disposes it.</summary>
    public ECDsa ToEcdsa() => ECDsa.Create(Parameters());

    /// <summary>For key agreement; the caller disposes it.</summary>
    public ECDiffieHellman ToEcdh() => ECDiffieHellman.Create(Parameters());

    /// <summary>The canonical JWK (RFC 7638 § 3.2): required members only, in order.</summary>
    public override string ToString() => $$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""";

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool IsOnCurve()
    {
        if (!Base64UrlStrict.TryDecode(X, out var x) || !Base64UrlStrict.TryDecode(Y, out var y)) return false;
        if (x.Length != CoordinateBytes || y.Length != CoordinateBytes) return false;
        try
        {
            // The import itself checks that the point satisfies the curve's equation.
            using var key = ToEcdsa();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private ECParameters Parameters() => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64UrlStrict.TryDecode(X, out var x) ? x : [], Y = Base64UrlStrict.TryDecode(Y, out var y) ? y : [] },
    };
}
