using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;
using Jose;

namespace Hybrid.Security.Sealing;

/// <summary>
/// An agent's answer (security.md § 3): a JWS by the agent inside a JWE to a key that the browser made for this one request. Whoever
/// carries it can neither read nor forge it, and a recorded answer cannot be opened later.
/// </summary>
public static class SealedAnswer
{
    /// <summary>The inner <c>typ</c> header.</summary>
    public const string Type = "hybrid-answer+jwt";

    // A member that says nothing is not there: an object has a URL or a refusal, never both.
    // Nothing but a JWS reader sees it: the ampersands of URLs need no escapes for HTML.
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly SecurityRefusal Unopenable = new("answer.unopenable", "The answer was not sealed for this request, or was changed on the way. Try again.");
    private static readonly SecurityRefusal Forged = new("answer.signature", "The answer is not signed by this agent. Try again; if it stays so, tell the agent's administrator.");
    private static readonly SecurityRefusal Foreign = new("answer.mismatch", "The answer belongs to another request. Try again.");

    /// <summary>Signs and seals.</summary>
    /// <param name="answer">The content.</param>
    /// <param name="agentKey">The agent's private key.</param>
    /// <param name="agentKeyId">Its thumbprint.</param>
    /// <param name="sealingKey">The browser's key of this request (<c>epk</c> of the proof).</param>
    public static string Seal(UrlAnswer answer, ECDsa agentKey, string agentKeyId, EcPublicJwk sealingKey)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(sealingKey);
        return SealedText.Make(CompactJws.Sign(Type, JsonSerializer.SerializeToUtf8Bytes(answer, Compact), agentKey, agentKeyId), sealingKey, Encoding.UTF8.GetBytes(answer.Jti));
    }

    /// <summary>Opens and verifies.</summary>
    /// <param name="sealedAnswer">The compact JWE.</param>
    /// <param name="sealingKey">The private half of the request's key.</param>
    /// <param name="agentKeyOf">The agent's known key of an id, or null.</param>
    /// <param name="jti">The proof's <c>jti</c>.</param>
    /// <param name="grantHash">The proof's <c>ath</c>.</param>
    public static Verified<UrlAnswer> Open(
        string sealedAnswer, ECDiffieHellman sealingKey, Func<string, EcPublicJwk?> agentKeyOf, string jti, string grantHash)
    {
        ArgumentNullException.ThrowIfNull(agentKeyOf);
        if (!TryDecrypt(sealedAnswer, sealingKey, jti, out var signed)) return Unopenable;
        if (!CompactJws.TryParse(signed, Type, allowEmbeddedKey: false, out var jws) || jws.KeyId is not { } kid || agentKeyOf(kid) is not { } key) return Forged;
        using (var ecdsa = key.ToEcdsa())
        {
            if (!jws.IsSignedBy(ecdsa)) return Forged;
        }

        try
        {
            var answer = jws.Payload.Deserialize<UrlAnswer>(JsonSerializerOptions.Web);
            return answer is not null && answer.Jti == jti && answer.Ath == grantHash ? answer : Foreign;
        }
        catch (JsonException)
        {
            return Foreign;
        }
    }

    private static string Apv(string jti) => Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(jti));

    private static bool TryDecrypt(string token, ECDiffieHellman key, string jti, out string signed)
    {
        signed = "";
        if (token.Length > UrlLimits.Bytes || token.Split('.') is not [var header, "", .. { Length: 3 } rest]) return false;

        // One answer has one spelling: spare bits in a last character are a change, though they decode to the same bytes (RFC 4648 § 3.5).
        if (!rest.All(part => Base64UrlStrict.TryDecode(part, out _))) return false;
        try
        {
            // Headers before keys: exactly our algorithms and our request, whatever the token says.
            if (!Base64UrlStrict.TryDecode(header, out var bytes) || JsonNode.Parse(bytes, documentOptions: StrictJson.Options) is not JsonObject members) return false;
            if ((string?)members["alg"] != "ECDH-ES" || (string?)members["enc"] != "A256GCM" || (string?)members["apv"] != Apv(jti) || members.ContainsKey("zip")) return false;
            if (!EcPublicJwk.TryRead(JsonSerializer.SerializeToElement(members["epk"]), out _)) return false;
            signed = JWT.Decode(token, key, JweAlgorithm.ECDH_ES, JweEncryption.A256GCM);
            return true;
        }
        catch (Exception refused) when (refused is JoseException or JsonException or CryptographicException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
