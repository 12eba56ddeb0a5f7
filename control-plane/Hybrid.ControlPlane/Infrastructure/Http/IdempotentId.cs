using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// The id of something made under an <c>Idempotency-Key</c>: the same person and key always give the same id, so that the primary key itself
/// refuses a second one, however close the two requests come.
/// </summary>
internal static class IdempotentId
{
    /// <summary>A UUIDv8 (RFC 9562 § 5.8) of SHA-256 over kind, organization, person and key.</summary>
    public static Guid Of(string kind, Guid organizationId, Guid personId, string key)
    {
        var text = $"{kind}\n{organizationId}\n{personId}\n{key}";
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x0fff) | 0x8000));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
