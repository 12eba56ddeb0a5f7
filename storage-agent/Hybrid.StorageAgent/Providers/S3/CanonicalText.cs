using System.Buffers;
using System.Text;

namespace Hybrid.StorageAgent.Providers.S3;

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

/// <summary>Names and values in the order that SigV4 wants: by name, then by value, both encoded.</summary>
internal sealed class SortedPairs
{
    private (string Name, string Value, bool Clean)[] pairs = new (string, string, bool)[12];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Puts a pair in its place.</summary>
    /// <param name="name">The name, encoded.</param>
    /// <param name="value">The value.</param>
    /// <param name="clean">Whether the value is encoded already.</param>
    public void Add(string name, string value, bool clean = false)
    {
        if (Count == pairs.Length) Array.Resize(ref pairs, Count * 2);
        // Callers add nearly in order, so most pairs stay where they arrive.
        var at = Count++;
        for (; at > 0 && Compare(pairs[at - 1], (name, value, clean)) > 0; at--) pairs[at] = pairs[at - 1];
        pairs[at] = (name, value, clean);
    }

    public string Names()
    {
        var names = pairs[0].Name;
        for (var i = 1; i < Count; i++) names = string.Concat(names, ";", pairs[i].Name);
        return names;
    }

    public void WriteQuery(CanonicalText text)
    {
        for (var i = 0; i < Count; i++)
        {
            if (i > 0) text.Plain("&");
            text.Plain(pairs[i].Name);
            text.Plain("=");
            if (pairs[i].Clean) text.Plain(pairs[i].Value);
            else text.Encoded(pairs[i].Value, slash: false);
        }
    }

    public void WriteLines(CanonicalText text)
    {
        for (var i = 0; i < Count; i++)
        {
            text.Plain(pairs[i].Name);
            text.Plain(":");
            text.Plain(pairs[i].Value.AsSpan().Trim());
            text.Plain("\n");
        }
    }

    private static int Compare((string Name, string Value, bool Clean) one, (string Name, string Value, bool Clean) other) =>
        string.CompareOrdinal(one.Name, other.Name) is var order and not 0 ? order : string.CompareOrdinal(Encoded(one), Encoded(other));

    private static string Encoded((string Name, string Value, bool Clean) pair) => pair.Clean ? pair.Value : SigV4Signer.Encode(pair.Value, slash: false);
}
