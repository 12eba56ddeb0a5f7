using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hybrid.Security.Keys;

/// <summary>A public P-256 key as a JWK (RFC 7518 § 6.2.1). Made only from a point that lies on the curve.</summary>
public sealed record EcPublicJwk
{
    private const int CoordinateBytes = 32;

    // P-256 (FIPS 186-4 § D.1.2.3): y² = x³ - 3x + b over the field of this prime.
    private static readonly BigInteger Prime = BigInteger.Parse("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private static readonly BigInteger B = BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

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
        // By the curve's equation, which costs a hundredth of importing the key; the curve's cofactor is 1, so that every point of it is
        // of its order, and whoever uses the key imports it all the same.
        var (px, py) = (new BigInteger(x, isUnsigned: true, isBigEndian: true), new BigInteger(y, isUnsigned: true, isBigEndian: true));
        return px < Prime && py < Prime && ((py * py) - ((px * px * px) - (3 * px) + B)) % Prime == 0;
    }

    private ECParameters Parameters() => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64UrlStrict.TryDecode(X, out var x) ? x : [], Y = Base64UrlStrict.TryDecode(Y, out var y) ? y : [] },
    };
}
