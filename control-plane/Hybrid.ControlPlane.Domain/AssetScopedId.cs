using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hybrid.ControlPlane.Domain;

/// <summary>
/// Identifiers of what people make for an asset. They tell nobody when it was made: their time is the one of the asset's own id, so that a
/// reviewer under anonymization cannot sort or time colleagues by them.
/// </summary>
internal static class AssetScopedId
{
    /// <summary>Largest ordinal that keeps its order.</summary>
    public const int MaxOrdinal = 0xfff;

    /// <summary>
    /// A UUIDv7 whose timestamp is the asset's (RFC 9562 § 6.1 allows to alter it), whose next 12 bits are the ordinal, and the rest random.
    /// </summary>
    /// <param name="assetId">The asset, itself a UUIDv7.</param>
    /// <param name="ordinal">From 0: among the ids of one asset a higher one sorts later, up to <see cref="MaxOrdinal"/>.</param>
    public static Guid Of(Guid assetId, int ordinal)
    {
        Span<byte> bytes = stackalloc byte[16];
        assetId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | Math.Clamp(ordinal, 0, MaxOrdinal)));
        RandomNumberGenerator.Fill(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The ordinal of such an id.</summary>
    public static int OrdinalOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & MaxOrdinal;
    }
}
