using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Proofs;

/// <summary>What a proof must say to fit a request; null members are not asked.</summary>
/// <param name="Method"><c>htm</c>.</param>
/// <param name="Uri"><c>htu</c>, compared without query and fragment (RFC 9449 § 4.3).</param>
public sealed record ProofExpectation(string Method, string Uri)
{
    /// <summary><c>ath</c>: hash of the grant.</summary>
    public string? GrantHash { get; init; }

    /// <summary><c>odh</c>: digest of the objects.</summary>
    public string? ObjectsDigest { get; init; }

    /// <summary><c>sid</c>: the session that is unlocked.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>nonce</c>.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whether a sealing key (<c>epk</c>) must be there.</summary>
    public bool NeedsSealingKey { get; init; }

    /// <summary>Whether the proof's time does not matter: only to seal a refusal to the one who made it.</summary>
    public bool AtAnyTime { get; init; }
}

/// <summary>A proof that fits its request. Replay is asked of <see cref="ReplayMemory"/>.</summary>
/// <param name="Thumbprint">Thumbprint of the key that made it.</param>
/// <param name="TokenId"><c>jti</c>.</param>
/// <param name="SealingKey"><c>epk</c>, on the curve.</param>
public sealed record Proof(string Thumbprint, string TokenId, EcPublicJwk? SealingKey);

/// <summary>Makes and checks DPoP proofs (RFC 9449 § 4).</summary>
public static class ProofReader
{
    /// <summary>The <c>typ</c> header.</summary>
    public const string Type = "dpop+jwt";

    /// <summary>How far the browser's clock may be off, either way.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(60);

    private static readonly SecurityRefusal Malformed = new("proof.malformed", "The proof is not well-formed. Load the page again.");
    private static readonly SecurityRefusal Signature = new("proof.signature", "The proof's signature is wrong. Load the page again.");
    private static readonly SecurityRefusal Mismatch = new("proof.mismatch", "The proof was made for another request. Load the page again.");

    /// <summary>Makes a proof.</summary>
    public static string Sign(ECDsa key, ProofExpectation request, DateTimeOffset now, EcPublicJwk? sealingKey = null, string? tokenId = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var payload = new JsonObject
        {
            ["jti"] = tokenId ?? Guid.NewGuid().ToString("N"),
            ["htm"] = request.Method,
            ["htu"] = request.Uri,
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (request.GrantHash is not null) payload["ath"] = request.GrantHash;
        if (request.ObjectsDigest is not null) payload["odh"] = request.ObjectsDigest;
        if (request.SessionId is not null) payload["sid"] = request.SessionId;
        if (request.Nonce is not null) payload["nonce"] = request.Nonce;
        if (sealingKey is not null) payload["epk"] = JsonNode.Parse(sealingKey.ToString());
        return CompactJws.Sign(Type, payload, key, embedded: EcPublicJwk.Of(key));
    }

    /// <summary>Checks a proof against a request.</summary>
    public static Verified<Proof> Read(string? proof, ProofExpectation request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!CompactJws.TryParse(proof, Type, allowEmbeddedKey: true, out var jws)) return Malformed;
        if (!jws.Header.TryGetProperty("jwk", out var jwk) || !EcPublicJwk.TryRead(jwk, out var key)) return Malformed;
        using (var ecdsa = key.ToEcdsa())
        {
            if (!jws.IsSignedBy(ecdsa)) return Signature;
        }

        if (jws.Text("jti") is not { Length: > 0 and <= 128 } jti || jws.Time("iat") is not { } iat || jws.Text("htu") is not { } htu) return Malformed;
        if (jws.Text("htm") != request.Method || !SameResource(htu, request.Uri)) return Mismatch;
        if (Differs(request.GrantHash, jws.Text("ath")) || Differs(request.ObjectsDigest, jws.Text("odh"))) return Mismatch;
        if (Differs(request.SessionId, jws.Text("sid")) || Differs(request.Nonce, jws.Text("nonce"))) return Mismatch;
        if (!request.AtAnyTime && Skew(iat, now) is { } skew) return skew;
        EcPublicJwk? sealing = null;
        if (request.NeedsSealingKey && (!jws.Payload.TryGetProperty("epk", out var epk) || !EcPublicJwk.TryRead(epk, out sealing))) return Malformed;
        return new Proof(key.Thumbprint, jti, sealing);
    }

    private static bool Differs(string? expected, string? said) => expected is not null && !string.Equals(expected, said, StringComparison.Ordinal);

    private static bool SameResource(string said, string expected) =>
        Uri.TryCreate(said, UriKind.Absolute, out var a) && Uri.TryCreate(expected, UriKind.Absolute, out var b)
        && a.Query.Length == 0 && a.Fragment.Length == 0
        && string.Equals(a.GetLeftPart(UriPartial.Path), b.GetLeftPart(UriPartial.Path), StringComparison.Ordinal);

    private static SecurityRefusal? Skew(DateTimeOffset said, DateTimeOffset now)
    {
        var off = said - now;
        if (off.Duration() <= MaxSkew) return null;
        var seconds = off.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return new SecurityRefusal(
            "proof.skew", $"This computer's clock is {seconds} seconds {(off > TimeSpan.Zero ? "ahead" : "behind")}. Set it by time server, then load the page again.");
    }
}
