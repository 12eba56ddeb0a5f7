using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Agents;

/// <summary>
/// A one-time right to enrol: <c>hya1.&lt;agent id&gt;.&lt;256-bit secret&gt;.&lt;thumbprint of the control plane's key&gt;</c>. It carries
/// the thumbprint, so that there is no trust on first use.
/// </summary>
/// <param name="AgentId">The agent that it enrols.</param>
/// <param name="Secret">256 random bits, base64url.</param>
/// <param name="Pinned">Thumbprint of the control plane's grant key.</param>
public sealed record EnrolmentTokenText(Guid AgentId, string Secret, string Pinned)
{
    private const string Version = "hya1";

    /// <summary>Makes a token.</summary>
    public static EnrolmentTokenText New(Guid agentId, string pinned) =>
        new(agentId, Base64UrlStrict.Encode(RandomNumberGenerator.GetBytes(32)), pinned);

    /// <summary>Reads a token; false when it is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentTokenText? token)
    {
        token = null;
        if (text is null || text.Length > 200 || text.Trim().Split('.') is not [Version, var id, var secret, var pinned]) return false;
        if (!Guid.TryParseExact(id, "D", out var agent) || !Is32Bytes(secret) || !Is32Bytes(pinned)) return false;
        token = new EnrolmentTokenText(agent, secret, pinned);
        return true;
    }

    /// <summary>SHA-256 of the text: all that the control plane keeps.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(ToString()));

    /// <summary>The text to hand over.</summary>
    public override string ToString() => $"{Version}.{AgentId:D}.{Secret}.{Pinned}";

    private static bool Is32Bytes(string part) => Base64UrlStrict.TryDecode(part, out var bytes) && bytes.Length == 32;
}

/// <summary>A replica's proof that it holds the key it enrols, made for this token.</summary>
public static class EnrolmentProof
{
    /// <summary>The <c>typ</c> header.</summary>
    public const string Type = "hybrid-enrolment+jwt";

    private static readonly SecurityRefusal Refused = new("enrolment.proof", "The replica's proof does not fit its key or its token. Start the enrolment again.");

    /// <summary>Makes the proof.</summary>
    public static string Sign(ECDsa key, EnrolmentTokenText token, string nonce, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        var payload = new JsonObject { ["tkh"] = Base64UrlStrict.Encode(token.Hash()), ["nonce"] = nonce, ["iat"] = now.ToUnixTimeSeconds() };
        return CompactJws.Sign(Type, payload, key, EcPublicJwk.Of(key).Thumbprint);
    }

    /// <summary>Checks the proof; the clocks may differ by 5 minutes, and the refusal says by how much they do.</summary>
    public static SecurityRefusal? Check(string proof, EcPublicJwk key, EnrolmentTokenText token, string nonce, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(token);
        if (!CompactJws.TryParse(proof, Type, allowEmbeddedKey: false, out var jws) || jws.KeyId != key.Thumbprint) return Refused;
        using var ecdsa = key.ToEcdsa();
        if (!jws.IsSignedBy(ecdsa) || jws.Text("nonce") != nonce || jws.Text("tkh") != Base64UrlStrict.Encode(token.Hash())) return Refused;
        if (jws.Time("iat") is not { } iat) return Refused;
        var off = iat - now;
        return off.Duration() <= TimeSpan.FromMinutes(5)
            ? null
            : new SecurityRefusal("enrolment.skew", $"The agent's clock is {off.Duration().TotalSeconds:0} seconds {(off > TimeSpan.Zero ? "ahead" : "behind")}. Set it by time server and enrol again.");
    }
}
