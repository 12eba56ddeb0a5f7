using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.Security;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>Label documents as they are kept: canonical JSON, compressed.</summary>
internal static class Documents
{
    /// <summary>Largest document in bytes of canonical JSON (label-model.md § Limits).</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    /// <summary>Canonicalizes, hashes and compresses a checked label.</summary>
    public static LabelContent Keep(JsonObject document, int objects)
    {
        var canonical = CanonicalJson.Serialize(document);
        return new LabelContent(Compress(canonical), SHA256.HashData(canonical), objects);
    }

    /// <summary>Compresses a draft as it is.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> json)
    {
        using var memory = new MemoryStream();
        using (var deflate = new DeflateStream(memory, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(json);
        return memory.ToArray();
    }

    /// <summary>Reads a kept document.</summary>
    public static JsonElement Read(byte[] compressed)
    {
        using var deflate = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(deflate);
        return document.RootElement.Clone();
    }
}
