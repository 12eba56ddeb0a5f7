using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Agents;

/// <summary>An enrolled replica's short-lived word about itself (<c>private_key_jwt</c>, RFC 7523 § 3).</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="KeyId">Thumbprint of the replica's key.</param>
/// <param name="TokenId"><c>jti</c>, to be taken once.</param>
public sealed record AgentAssertion(Guid AgentId, string KeyId, string TokenId)
{
    /// <summary>The <c>typ</c> header.</summary>
    public const string Type = "hybrid-agent+jwt";

    /// <summary>Longest life.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(60);

    private static readonly SecurityRefusal Refused = new("agent.assertion", "The agent's assertion is not valid. Check its clock and its enrolment.");

    /// <summary>Makes an assertion that lives 60 seconds.</summary>
    public static string Sign(Guid agentId, ECDsa key, string audience, DateTimeOffset now)
    {
        var payload = new JsonObject
        {
            ["iss"] = agentId.ToString(),
            ["sub"] = agentId.ToString(),
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + MaxLifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        return CompactJws.Sign(Type, payload, key, EcPublicJwk.Of(key).Thumbprint);
    }

    /// <summary>The key id and agent that an assertion claims, to look its key up; nothing is verified yet.</summary>
    public static (Guid AgentId, string KeyId)? Claimed(string? token) =>
        CompactJws.TryParse(token, Type, allowEmbeddedKey: false, out var jws) && jws.KeyId is { } kid && Guid.TryParse(jws.Text("iss"), out var agent) ? (agent, kid) : null;

    /// <summary>Checks an assertion against the key that was looked up.</summary>
    public static Verified<AgentAssertion> Read(string? token, EcPublicJwk key, string audience, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!CompactJws.TryParse(token, Type, allowEmbeddedKey: false, out var jws) || jws.KeyId != key.Thumbprint) return Refused;
        using var ecdsa = key.ToEcdsa();
        if (!jws.IsSignedBy(ecdsa) || jws.Text("iss") != jws.Text("sub") || jws.Text("aud") != audience) return Refused;
        if (!Guid.TryParse(jws.Text("iss"), out var agent) || jws.Text("jti") is not { Length: > 0 and <= 128 } jti) return Refused;
        if (jws.Time("iat") is not { } iat || jws.Time("exp") is not { } exp || exp - iat > MaxLifetime) return Refused;
        if (iat > now + MaxLifetime || exp <= now - MaxLifetime)
        {
            var off = iat - now;
            return new SecurityRefusal("agent.skew", $"The agent's clock is {off.Duration().TotalSeconds:0} seconds {(off > TimeSpan.Zero ? "ahead" : "behind")}. Set it by time server.");
        }

        return new AgentAssertion(agent, key.Thumbprint, jti);
    }
}
