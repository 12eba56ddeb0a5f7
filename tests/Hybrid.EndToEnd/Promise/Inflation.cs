using System.IO.Compression;

namespace Hybrid.EndToEnd.Promise;

/// <summary>Opens what is compressed.</summary>
internal static class Inflation
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] Encodings = ["gzip", "deflate", "raw-deflate", "br"];

    /// <summary>Inflates by a content-encoding (RFC 9110 § 8.4.1); null when the bytes are not of that kind.</summary>
    public static byte[]? By(string encoding, byte[] bytes)
    {
        try
        {
            using var source = new MemoryStream(bytes);
            using Stream inflating = encoding switch
            {
                "gzip" => new GZipStream(source, CompressionMode.Decompress),
                "deflate" => new ZLibStream(source, CompressionMode.Decompress),
                "raw-deflate" => new DeflateStream(source, CompressionMode.Decompress),
                "br" => new BrotliStream(source, CompressionMode.Decompress),
                _ => throw new ArgumentException($"Content-encoding {encoding} is not known to the search."),
            };
            using var plain = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (plain.Length < MaxBytes && inflating.Read(buffer) is var read and > 0) plain.Write(buffer.AsSpan(0, read));
            return plain.ToArray();
        }
        // Brotli says InvalidOperationException where the others say InvalidDataException.
        catch (Exception other) when (other is InvalidDataException or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The bytes themselves, and all that they inflate to by any kind of compression, twice over.</summary>
    public static IEnumerable<byte[]> Everything(byte[] bytes, int depth = 2)
    {
        yield return bytes;
        if (depth == 0 || bytes.Length < 8) yield break;
        foreach (var plain in Encodings.Select(e => By(e, bytes)).OfType<byte[]>().Where(p => p.Length > 0))
        {
            foreach (var inner in Everything(plain, depth - 1)) yield return inner;
        }
    }
}
