namespace Hybrid.ControlPlane.Domain.Grants;

/// <summary>A signing key of the installation's grants (ES256). Belongs to no organization.</summary>
public sealed class GrantKey
{
    private GrantKey() => (KeyId, ProtectedKey, Statement) = ("", [], "");

    /// <summary>RFC 7638 thumbprint, base64url.</summary>
    public string KeyId { get; private set; }

    /// <summary>Place in the chain of statements, from 1.</summary>
    public int Sequence { get; private set; }

    /// <summary>The private key (PKCS #8), encrypted by Data Protection.</summary>
    public byte[] ProtectedKey { get; private set; }

    /// <summary>The statement (JWS) that announces this key, signed by the key before it; the first by itself.</summary>
    public string Statement { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes a key row.</summary>
    public static GrantKey Create(string keyId, int sequence, byte[] protectedKey, string statement, DateTimeOffset now) =>
        new() { KeyId = keyId, Sequence = sequence, ProtectedKey = protectedKey, Statement = statement, CreatedAt = now };
}
