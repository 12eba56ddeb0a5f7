using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hybrid.Quality.Sampling;

/// <summary>
/// The recomputable draw (workflow-and-quality.md § Workflow 4): first 8 bytes, big-endian, of HMAC-SHA256(seed, asset id ‖ step id ‖ round) / 2^64.
/// </summary>
/// <remarks>
/// The message has 36 bytes: the asset's id as the 16 bytes of RFC 9562 (big-endian, in the order in which the id is written), the step's id
/// likewise, and the round as 4 bytes, big-endian. Each part has a fixed length, so no two messages are alike.
/// </remarks>
public static class Draw
{
    /// <summary>Least length of a seed in bytes.</summary>
    public const int MinSeedBytes = 16;

    /// <summary>The draw in [0, 1).</summary>
    /// <param name="seed">The policy's seed, at least <see cref="MinSeedBytes"/> bytes.</param>
    /// <param name="assetId">Of the asset.</param>
    /// <param name="stepId">Of the step.</param>
    /// <param name="round">From 1.</param>
    public static double Of(ReadOnlySpan<byte> seed, Guid assetId, Guid stepId, int round)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seed.Length, MinSeedBytes, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfLessThan(round, 1);
        Span<byte> message = stackalloc byte[36];
        assetId.TryWriteBytes(message, bigEndian: true, out _);
        stepId.TryWriteBytes(message[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(message[32..], round);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, message, digest);
        // A double holds 53 bits: rounding all 64 could give 1, which no rate of 1 would be above. The last 11 bits are cut off instead.
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * (1.0 / (1UL << 53));
    }
}
