using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Contracts.Grants;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;

namespace Hybrid.Security.Grants;

/// <summary>What a grant says (security.md § 3).</summary>
public sealed record GrantClaims
{
    /// <summary>The <c>typ</c> header.</summary>
    public const string Type = "hybrid-grant+jwt";

    /// <summary>Longest life.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(10);

    /// <summary><c>iss</c>: the control plane's public URL.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>aud</c>: the agent's id.</summary>
    public required string Audience { get; init; }

    /// <summary><c>sub</c>: the person's pseudonym for this agent.</summary>
    public required string Subject { get; init; }

    /// <summary><c>prj</c>: the project.</summary>
    public required string Project { get; init; }

    /// <summary><c>tsk</c>: the task; only with act <c>work</c>.</summary>
    public string? Task { get; init; }

    /// <summary><c>con</c>: the connection's name at the agent.</summary>
    public required string Connection { get; init; }

    /// <summary><c>obj</c>: digests of the references, at most 200.</summary>
    public required IReadOnlyList<string> Objects { get; init; }

    /// <summary><c>act</c>: a code of <see cref="GrantAct"/>.</summary>
    public required string Act { get; init; }

    /// <summary><c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>exp</c>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string TokenId { get; init; }

    /// <summary><c>cnf.jkt</c>: thumbprint of the browser's key. A grant is never a bearer token.</summary>
    public required string KeyThumbprint { get; init; }

    /// <summary>Signs the grant.</summary>
    public string Sign(ECDsa key, string keyId)
    {
        var payload = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = Subject,
            ["prj"] = Project,
            ["con"] = Connection,
            ["obj"] = new JsonArray([.. Objects.Select(o => (JsonNode)o)]),
            ["act"] = Act,
            ["iat"] = IssuedAt.ToUnixTimeSeconds(),
            ["exp"] = ExpiresAt.ToUnixTimeSeconds(),
            ["jti"] = TokenId,
            ["cnf"] = new JsonObject { ["jkt"] = KeyThumbprint },
        };
        if (Task is not null) payload["tsk"] = Task;
        return CompactJws.Sign(Type, payload, key, keyId);
    }

    /// <summary>Reads a grant whose signature is by a trusted key. Says nothing yet about audience, times or objects: those are <see cref="GrantChecks"/>.</summary>
    /// <param name="token">The compact form.</param>
    /// <param name="keyOf">The trusted key of an id, or null.</param>
    public static Verified<GrantClaims> Read(string? token, Func<string, EcPublicJwk?> keyOf)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        return Read(token, kid => keyOf(kid) is { } key ? new VerifyingKey(key) : null, isKept: false);
    }

    /// <summary>The same by keys that are kept from one grant to the next.</summary>
    public static Verified<GrantClaims> Read(string? token, Func<string, VerifyingKey?> keyOf)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        return Read(token, keyOf, isKept: true);
    }

    private static Verified<GrantClaims> Read(string? token, Func<string, VerifyingKey?> keyOf, bool isKept)
    {
        if (!CompactJws.TryParse(token, Type, allowEmbeddedKey: false, out var jws)) return GrantRefusals.Malformed;
        if (jws.KeyId is not { } kid || keyOf(kid) is not { } key) return GrantRefusals.UnknownKey;
        var signed = key.Verifies(jws);
        if (!isKept) key.Dispose();
        if (!signed) return GrantRefusals.Signature;
        return Claims(jws) is { } claims ? claims : GrantRefusals.Malformed;
    }

    /// <summary>Value of a proof's <c>ath</c>: SHA-256 of the grant's ASCII, base64url (RFC 9449 § 4.2).</summary>
    public static string HashOf(string grant) => Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(grant)));

    private static GrantClaims? Claims(CompactJws jws)
    {
        if (jws.Text("iss") is not { } iss || jws.Text("aud") is not { } aud || jws.Text("sub") is not { } sub || jws.Text("prj") is not { } prj) return null;
        if (jws.Text("con") is not { } con || jws.Text("act") is not { } act || jws.Text("jti") is not { } jti) return null;
        if (jws.Time("iat") is not { } iat || jws.Time("exp") is not { } exp || !jws.Payload.TryGetProperty("cnf", out var cnf)) return null;
        if (cnf.ValueKind != JsonValueKind.Object || !cnf.TryGetProperty("jkt", out var jkt) || jkt.ValueKind != JsonValueKind.String) return null;
        if (!jws.Payload.TryGetProperty("obj", out var obj) || obj.ValueKind != JsonValueKind.Array || obj.GetArrayLength() is 0 or > UrlLimits.GrantObjects) return null;
        var objects = obj.EnumerateArray().Where(o => o.ValueKind == JsonValueKind.String).Select(o => o.GetString()!).ToList();
        if (objects.Count != obj.GetArrayLength()) return null;
        return new GrantClaims
        {
            Issuer = iss,
            Audience = aud,
            Subject = sub,
            Project = prj,
            Task = jws.Text("tsk"),
            Connection = con,
            Objects = objects,
            Act = act,
            IssuedAt = iat,
            ExpiresAt = exp,
            TokenId = jti,
            KeyThumbprint = jkt.GetString()!,
        };
    }
}
