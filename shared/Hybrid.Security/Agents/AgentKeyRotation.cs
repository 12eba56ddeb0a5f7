using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Agents;

/// <summary>
/// A replica's change of its own key (security.md § 3): a statement about the new key signed by the old one, and a proof that whoever
/// made it holds the new one.
/// </summary>
/// <param name="AgentId">The agent.</param>
/// <param name="OldKeyId">Thumbprint of the key that signed the statement.</param>
/// <param name="NewKey">The key that follows it.</param>
public sealed record AgentKeyRotation(Guid AgentId, string OldKeyId, EcPublicJwk NewKey)
{
    /// <summary>The statement's <c>typ</c> header.</summary>
    public const string StatementType = "hybrid-agent-key+jwt";

    /// <summary>The proof's <c>typ</c> header.</summary>
    public const string ProofType = "hybrid-agent-key-proof+jwt";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly SecurityRefusal Refused = new("rotation.refused", "The statement about the new key is not valid. Nothing was changed.");

    /// <summary>Makes statement and proof.</summary>
    public static (string Statement, string Proof) Sign(Guid agentId, ECDsa oldKey, ECDsa newKey, string audience, DateTimeOffset now)
    {
        var jwk = EcPublicJwk.Of(newKey);
        var payload = new JsonObject
        {
            ["iss"] = agentId.ToString(), ["aud"] = audience, ["kid"] = jwk.Thumbprint, ["jwk"] = JsonNode.Parse(jwk.ToString()), ["iat"] = now.ToUnixTimeSeconds(),
        };
        var statement = CompactJws.Sign(StatementType, payload, oldKey, EcPublicJwk.Of(oldKey).Thumbprint);
        return (statement, CompactJws.Sign(ProofType, new JsonObject { ["sth"] = HashOf(statement) }, newKey, jwk.Thumbprint));
    }

    /// <summary>The agent and the old key that a statement claims, to look that key up; nothing is verified yet.</summary>
    public static (Guid AgentId, string KeyId)? Claimed(string? statement) =>
        CompactJws.TryParse(statement, StatementType, allowEmbeddedKey: false, out var jws) && jws.KeyId is { } kid && Guid.TryParse(jws.Text("iss"), out var agent) ? (agent, kid) : null;

    /// <summary>Checks both against the old key; the clocks may differ by 5 minutes.</summary>
    public static Verified<AgentKeyRotation> Read(string? statement, string? proof, EcPublicJwk oldKey, string audience, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(oldKey);
        if (!CompactJws.TryParse(statement, StatementType, allowEmbeddedKey: false, out var said) || said.KeyId != oldKey.Thumbprint) return Refused;
        using var old = oldKey.ToEcdsa();
        if (!said.IsSignedBy(old) || said.Text("aud") != audience || !Guid.TryParse(said.Text("iss"), out var agent) || said.Time("iat") is not { } iat) return Refused;
        if (!said.Payload.TryGetProperty("jwk", out var jwk) || !EcPublicJwk.TryRead(jwk, out var key) || said.Text("kid") != key.Thumbprint || key.Thumbprint == oldKey.Thumbprint) return Refused;
        if (!CompactJws.TryParse(proof, ProofType, allowEmbeddedKey: false, out var proven) || proven.KeyId != key.Thumbprint) return Refused;
        using var fresh = key.ToEcdsa();
        if (!proven.IsSignedBy(fresh) || proven.Text("sth") != HashOf(statement!)) return Refused;
        var off = iat - now;
        return off.Duration() <= Tolerance
            ? new AgentKeyRotation(agent, oldKey.Thumbprint, key)
            : new SecurityRefusal("rotation.skew", $"The agent's clock is {off.Duration().TotalSeconds:0} seconds {(off > TimeSpan.Zero ? "ahead" : "behind")}. Set it by time server and try again.");
    }

    private static string HashOf(string statement) => Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(statement)));
}
