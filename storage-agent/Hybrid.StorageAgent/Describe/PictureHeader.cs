using System.Buffers.Binary;

namespace Hybrid.StorageAgent.Describe;

/// <summary>A picture's size as a browser shows it.</summary>
/// <param name="Width">Pixels after EXIF orientation.</param>
/// <param name="Height">Pixels after EXIF orientation.</param>
/// <param name="Orientation">EXIF orientation, 1–8.</param>
public sealed record PictureSize(int Width, int Height, int Orientation);

/// <summary>
/// Reads width, height and orientation from the first bytes of JPEG (ITU T.81, EXIF 2.3), PNG (W3C), GIF89a, BMP and WebP (RFC 9649).
/// Hostile bytes give null, never an exception, and nothing is decoded.
/// </summary>
public static class PictureHeader
{
    /// <summary>How many bytes are enough for nearly every file (EXIF with a thumbnail stands in front).</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>The size, or null when this is no picture of a known kind.</summary>
    public static PictureSize? Read(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 24 && IsPng(data)) return Png(data);
        if (data.Length >= 4 && data[0] == 0xFF && data[1] == 0xD8) return Jpeg(data);
        if (data.Length >= 10 && data[..4].SequenceEqual("GIF8"u8)) return Size(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]), 1);
        if (data.Length >= 26 && data[..2].SequenceEqual("BM"u8)) return Size(BinaryPrimitives.ReadInt32LittleEndian(data[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(data[22..])), 1);
        return data.Length >= 30 && data[..4].SequenceEqual("RIFF"u8) && data[8..12].SequenceEqual("WEBP"u8) ? WebP(data) : null;
    }

    private static bool IsPng(ReadOnlySpan<byte> data) => data[..8].SequenceEqual((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    private static PictureSize? Png(ReadOnlySpan<byte> data)
    {
        var orientation = 1;
        // eXIf may stand anywhere before the first IDAT.
        for (var at = 8; at + 12 <= data.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
            var type = data.Slice(at + 4, 4);
            if (type.SequenceEqual("IDAT"u8) || length > int.MaxValue - 64) break;
            if (type.SequenceEqual("eXIf"u8) && at + 8 + (int)length <= data.Length) orientation = TiffOrientation(data.Slice(at + 8, (int)length));
            if ((long)at + 12 + length > data.Length) break;
            at += 12 + (int)length;
        }

        return Size(BinaryPrimitives.ReadUInt32BigEndian(data[16..]), BinaryPrimitives.ReadUInt32BigEndian(data[20..]), orientation);
    }

    private static PictureSize? Jpeg(ReadOnlySpan<byte> data)
    {
        var orientation = 1;
        for (var at = 2; at + 4 <= data.Length;)
        {
            if (data[at] != 0xFF) return null;
            var marker = data[at + 1];
            if (marker is 0xFF)
            {
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length < 2 || marker is 0xD9 or 0xDA) return null;
            // Start of frame: all SOFn but DHT (C4), JPG (C8) and DAC (CC).
            if (marker is >= 0xC0 and <= 0xCF && marker is not (0xC4 or 0xC8 or 0xCC))
                return at + 9 <= data.Length ? Size(BinaryPrimitives.ReadUInt16BigEndian(data[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(data[(at + 5)..]), orientation) : null;
            if (marker == 0xE1 && at + 2 + length <= data.Length && data.Slice(at + 4, length - 2) is var app && app.Length > 6 && app[..6].SequenceEqual("Exif\0\0"u8))
                orientation = TiffOrientation(app[6..]);
            at += 2 + length;
        }

        return null;
    }

    private static PictureSize? WebP(ReadOnlySpan<byte> data)
    {
        var chunk = data.Slice(12, 4);
        if (chunk.SequenceEqual("VP8X"u8)) return Size(1 + Read24(data[24..]), 1 + Read24(data[27..]), 1);
        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[21..]);
            return Size(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF), 1);
        }

        return chunk.SequenceEqual("VP8 "u8)
            ? Size(BinaryPrimitives.ReadUInt16LittleEndian(data[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[28..]) & 0x3FFF, 1)
            : null;
    }

    private static int Read24(ReadOnlySpan<byte> data) => data[0] | (data[1] << 8) | (data[2] << 16);

    // EXIF is a TIFF file: byte order, then directories of 12-byte entries; tag 0x0112 is the orientation.
    private static int TiffOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14) return 1;
        var little = tiff[..2].SequenceEqual("II"u8);
        if (!little && !tiff[..2].SequenceEqual("MM"u8)) return 1;
        var start = U32(tiff[4..], little);
        if (start > tiff.Length - 2) return 1;
        var entries = U16(tiff[(int)start..], little);
        for (var i = 0; i < entries; i++)
        {
            var at = start + 2 + ((long)i * 12);
            if (at + 12 > tiff.Length) return 1;
            var entry = tiff.Slice((int)at, 12);
            if (U16(entry, little) == 0x0112) return U16(entry[8..], little) is var value and >= 1 and <= 8 ? value : 1;
        }

        return 1;
    }

    private static int U16(ReadOnlySpan<byte> data, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);

    private static uint U32(ReadOnlySpan<byte> data, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(data) : BinaryPrimitives.ReadUInt32BigEndian(data);

    private static PictureSize? Size(long width, long height, int orientation)
    {
        if (width is <= 0 or > 1_000_000 || height is <= 0 or > 1_000_000) return null;
        // Orientations 5–8 lie on their side.
        return orientation >= 5 ? new PictureSize((int)height, (int)width, orientation) : new PictureSize((int)width, (int)height, orientation);
    }
}
