using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Hybrid.EndToEnd.Product;

/// <summary>A real PNG that any browser shows, with a canary in a text chunk and, uncompressed, in its pixels.</summary>
internal static class CanaryPicture
{
    public static byte[] Make(int width, int height, byte[] canary)
    {
        using var png = new MemoryStream();
        png.Write([0x89, .. "PNG\r\n\u001a\n"u8]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "tEXt"u8, [.. "Comment\0"u8, .. canary]);
        Chunk(png, "IDAT"u8, Pixels(width, height, canary));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    // Sky, sea and a boat; the canary repeats along the lowest row. Stored, not deflated: the file itself holds the canary as it is.
    private static byte[] Pixels(int width, int height, byte[] canary)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            var row = new byte[1 + width * 3];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var isBoat = y > height / 2 && y < height * 2 / 3 && x > width / 3 && x < width * 2 / 3;
                    var (r, g, b) = isBoat ? (150, 60, 30) : y < height / 2 ? (120 + y * 60 / height, 160, 220) : (20, 80 + x * 40 / width, 120);
                    (row[1 + x * 3], row[2 + x * 3], row[3 + x * 3]) = ((byte)r, (byte)g, (byte)b);
                }

                if (y == height - 1)
                {
                    for (var i = 1; i < row.Length; i++) row[i] = canary[(i - 1) % canary.Length];
                }

                zlib.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
