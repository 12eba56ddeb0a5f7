using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Security.Keys;

/// <summary>
/// A compact JWS (RFC 7515) with the one algorithm that this product uses: ES256. The algorithm is never taken from the token:
/// another one, an unknown critical header, or a key carried where none belongs is refused (RFC 8725 § 3.1).
/// </summary>
public sealed class CompactJws
{
    /// <summary>Longest token that is looked at, in characters (a grant of 200 digests is about 14,000).</summary>
    public const int MaxLength = 64 * 1024;

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal) { "alg", "typ", "kid", "cty", "jwk" };

    private readonly byte[] signingInput;
    private readonly byte[] signature;

    private CompactJws(byte[] signingInput, byte[] signature, JsonElement header, JsonElement payload) =>
        (this.signingInput, this.signature, Header, Payload) = (signingInput, signature, header, payload);

    /// <summary>The protected header.</summary>
    public JsonElement Header { get; }

    /// <summary>The payload, a JSON object. Untrusted until <see cref="IsSignedBy"/>.</summary>
    public JsonElement Payload { get; }

    /// <summary>The header's <c>kid</c>.</summary>
    public string? KeyId => Header.TryGetProperty("kid", out var kid) && kid.ValueKind == JsonValueKind.String ? kid.GetString() : null;

    /// <summary>Signs a payload.</summary>
    /// <param name="type">The <c>typ</c> header, e.g. <c>hybrid-grant+jwt</c>.</param>
    /// <param name="payload">Claims.</param>
    /// <param name="key">A P-256 private key.</param>
    /// <param name="keyId">The <c>kid</c> header.</param>
    /// <param name="embedded">The public key to carry in the header; for DPoP proofs only.</param>
    public static string Sign(string type, JsonNode payload, ECDsa key, string? keyId = null, EcPublicJwk? embedded = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return Sign(type, JsonSerializer.SerializeToUtf8Bytes(payload), key, keyId, embedded);
    }

    /// <summary>Signs a payload that is JSON text already.</summary>
    internal static string Sign(string type, byte[] payload, ECDsa key, string? keyId = null, EcPublicJwk? embedded = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var header = new JsonObject { ["typ"] = type, ["alg"] = "ES256" };
        if (keyId is not null) header["kid"] = keyId;
        if (embedded is not null) header["jwk"] = JsonNode.Parse(embedded.ToString());
        var input = $"{Base64UrlStrict.Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Base64UrlStrict.Encode(payload)}";
        var signed = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64UrlStrict.Encode(signed)}";
    }

    /// <summary>Takes a token apart; false when its form, algorithm, type or headers are not exactly what is expected.</summary>
    /// <param name="token">The compact form.</param>
    /// <param name="type">The expected <c>typ</c>.</param>
    /// <param name="allowEmbeddedKey">Whether a <c>jwk</c> header may stand there (DPoP only).</param>
    /// <param name="jws">The parts, not yet verified.</param>
    public static bool TryParse(string? token, string type, bool allowEmbeddedKey, [NotNullWhen(true)] out CompactJws? jws)
    {
        jws = null;
        if (token is null || token.Length > MaxLength || token.Split('.') is not [var h, var p, var s]) return false;
        if (!Base64UrlStrict.TryDecode(h, out var header) || !Base64UrlStrict.TryDecode(p, out var payload) || !Base64UrlStrict.TryDecode(s, out var signature)) return false;
        if (!TryReadObject(header, out var headerJson) || !TryReadObject(payload, out var payloadJson)) return false;
        foreach (var member in headerJson.EnumerateObject())
        {
            if (!Allowed.Contains(member.Name) || (member.Name == "jwk" && !allowEmbeddedKey)) return false;
        }

        if (!Is(headerJson, "alg", "ES256") || !Is(headerJson, "typ", type)) return false;
        jws = new CompactJws(Encoding.ASCII.GetBytes($"{h}.{p}"), signature, headerJson, payloadJson);
        return true;
    }

    /// <summary>Checks the signature.</summary>
    public bool IsSignedBy(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return signature.Length == 64
            && key.VerifyData(signingInput, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>A string claim, or null.</summary>
    public string? Text(string claim) => Payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A time claim in seconds since 1970, or null.</summary>
    public DateTimeOffset? Time(string claim) =>
        Payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is >= 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool Is(JsonElement header, string name, string value) =>
        header.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() == value;

    private static bool TryReadObject(byte[] utf8, out JsonElement element)
    {
        element = default;
        try
        {
            using var document = JsonDocument.Parse(utf8, StrictJson.Options);
            element = document.RootElement.Clone();
            return element.ValueKind == JsonValueKind.Object && StrictJson.HasOnlyText(element);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
