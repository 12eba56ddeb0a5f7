using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Hybrid.Security.Keys;

/// <summary>
/// Announces a grant key (security.md § 3): signed by the key before it, the first by itself. Whoever pinned one key of the chain
/// learns every later one, however long they were away.
/// </summary>
/// <param name="KeyId">Thumbprint of the announced key.</param>
/// <param name="Key">The announced key.</param>
/// <param name="SignedBy">Thumbprint of the key that signed the statement.</param>
/// <param name="IssuedAt">When.</param>
public sealed record KeyStatement(string KeyId, EcPublicJwk Key, string SignedBy, DateTimeOffset IssuedAt)
{
    /// <summary>The <c>typ</c> header.</summary>
    public const string Type = "hybrid-key-statement+jwt";

    /// <summary>Signs a statement about <paramref name="announced"/> with the key before it.</summary>
    public static string Sign(EcPublicJwk announced, ECDsa previous, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(announced);
        var by = EcPublicJwk.Of(previous).Thumbprint;
        var payload = new JsonObject
        {
            ["kid"] = announced.Thumbprint,
            ["jwk"] = JsonNode.Parse(announced.ToString()),
            ["prev"] = by,
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        return CompactJws.Sign(Type, payload, previous, by);
    }

    /// <summary>The keys that follow from the pinned one, oldest first, itself included when its statement is there.</summary>
    /// <param name="pinned">Thumbprint pinned at enrolment.</param>
    /// <param name="statements">The chain as served, oldest first.</param>
    /// <returns>The trusted keys by id; or a refusal when the pinned key is not in the chain.</returns>
    public static Verified<IReadOnlyDictionary<string, EcPublicJwk>> Walk(string pinned, IEnumerable<string> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        var trusted = new Dictionary<string, EcPublicJwk>(StringComparer.Ordinal);
        foreach (var statement in statements.Take(1000))
        {
            if (!CompactJws.TryParse(statement, Type, allowEmbeddedKey: false, out var jws)) continue;
            if (!jws.Payload.TryGetProperty("jwk", out var jwk) || !EcPublicJwk.TryRead(jwk, out var key)) continue;
            if (jws.Text("kid") != key.Thumbprint || jws.Text("prev") is not { } previous || jws.KeyId != previous) continue;
            // The pinned key needs nobody's word; every other one needs that of a key trusted already.
            var signer = previous == key.Thumbprint && previous == pinned ? key : trusted.GetValueOrDefault(previous);
            if (key.Thumbprint == pinned && signer is null)
            {
                trusted[pinned] = key;
                continue;
            }

            if (signer is null) continue;
            using var ecdsa = signer.ToEcdsa();
            if (jws.IsSignedBy(ecdsa)) trusted[key.Thumbprint] = key;
        }

        return trusted.ContainsKey(pinned)
            ? trusted
            : new SecurityRefusal("key.chain_broken", "The control plane's key statements do not lead to the key that was pinned at enrolment. Enrol the agent again.");
    }
}
