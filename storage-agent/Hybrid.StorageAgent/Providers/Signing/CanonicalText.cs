using System.Buffers;
using System.Text;

namespace Hybrid.StorageAgent.Providers.Signing;

/// <summary>Bytes of a canonical request while they are written.</summary>
internal sealed class CanonicalText
{
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");
    private static readonly SearchValues<char> UnreservedOrSlash = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");

    private byte[] bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Whether the text stays as it is when it is encoded.</summary>
    public static bool IsClean(ReadOnlySpan<char> text, bool slash) => !text.ContainsAnyExcept(slash ? UnreservedOrSlash : Unreserved);

    public void Clear() => Length = 0;

    /// <summary>The text as it is, in UTF-8.</summary>
    public void Plain(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    /// <summary>The text percent-encoded.</summary>
    public void Encoded(ReadOnlySpan<char> text, bool slash)
    {
        var kept = slash ? UnreservedOrSlash : Unreserved;
        while (text.Length > 0)
        {
            var clean = text.IndexOfAnyExcept(kept);
            if (clean < 0) clean = text.Length;
            Plain(text[..clean]);
            text = text[clean..];
            var dirty = text.IndexOfAny(kept);
            if (dirty < 0) dirty = text.Length;
            Escaped(text[..dirty]);
            text = text[dirty..];
        }
    }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public void Hex(ReadOnlySpan<byte> data)
    {
        if (Convert.TryToHexStringLower(data, Room(data.Length * 2), out var written)) Length += written;
    }

    // A run of characters, so that surrogates stay together.
    private void Escaped(ReadOnlySpan<char> run)
    {
        Span<byte> raw = stackalloc byte[96];
        while (run.Length > 0)
        {
            var take = Math.Min(run.Length, 24);
            if (take < run.Length && char.IsHighSurrogate(run[take - 1])) take++;
            var count = Encoding.UTF8.GetBytes(run[..take], raw);
            var room = Room(count * 3);
            for (var i = 0; i < count; i++)
            {
                room[3 * i] = (byte)'%';
                room[(3 * i) + 1] = "0123456789ABCDEF"u8[raw[i] >> 4];
                room[(3 * i) + 2] = "0123456789ABCDEF"u8[raw[i] & 15];
            }

            Length += count * 3;
            run = run[take..];
        }
    }

    private Span<byte> Room(int wanted)
    {
        if (bytes.Length - Length < wanted) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + wanted));
        return bytes.AsSpan(Length);
    }
}
