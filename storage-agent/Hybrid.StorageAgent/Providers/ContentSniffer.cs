namespace Hybrid.StorageAgent.Providers;

/// <summary>
/// Media types by first bytes (WHATWG MIME Sniffing § 6, and the formats' own specifications), for objects whose names tell none. Never a
/// type that a browser could run: what looks like text of any kind stays bytes.
/// </summary>
internal static class ContentSniffer
{
    /// <summary>How many first bytes are needed.</summary>
    public const int Bytes = 512;

    /// <summary>The type, or null.</summary>
    public static string? Sniff(ReadOnlySpan<byte> start)
    {
        // First of all: its preamble may be another format's beginning (DICOM PS3.10 § 7.1).
        if (start.Length >= 132 && start[128..132].SequenceEqual("DICM"u8)) return "application/dicom";
        if (start.StartsWith<byte>([0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (start.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)) return "image/gif";
        if (start.StartsWith("RIFF"u8) && start.Length >= 16) return OfRiff(start[8..]);
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8)) return "image/tiff";
        if (start.StartsWith("BM"u8) && start.Length >= 26 && start[6..10].IndexOfAnyExcept((byte)0) < 0) return "image/bmp";
        if (start.Length >= 12 && start[4..8].SequenceEqual("ftyp"u8)) return OfIsoMedia(start[8..12]);
        if (start.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3])) return start.IndexOf("webm"u8) >= 0 ? "video/webm" : null;
        if (start.StartsWith("OggS"u8)) return "audio/ogg";
        if (start.StartsWith("fLaC"u8)) return "audio/flac";
        if (start.StartsWith("ID3"u8)) return "audio/mpeg";
        if (start.StartsWith("LASF"u8)) return start.Length > 104 && (start[104] & 0x80) != 0 ? "application/vnd.laszip" : "application/vnd.las";
        if (start.StartsWith("# .PCD"u8)) return "application/vnd.pcd";
        return null;
    }

    private static string? OfRiff(ReadOnlySpan<byte> form) =>
        form.StartsWith("WEBPVP8"u8) ? "image/webp" : form.StartsWith("WAVEfmt "u8) ? "audio/wav" : null;

    private static string? OfIsoMedia(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("avif"u8) || brand.StartsWith("avis"u8) ? "image/avif"
        : brand.StartsWith("mp4"u8) || brand.StartsWith("iso"u8) || brand.StartsWith("avc1"u8) || brand.StartsWith("M4V"u8) ? "video/mp4" : null;
}
