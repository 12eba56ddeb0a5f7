using System.Runtime.CompilerServices;

namespace Hybrid.EndToEnd.Promise;

/// <summary>A secret that was found where it must not be.</summary>
/// <param name="Place">Where.</param>
/// <param name="Secret">Which.</param>
/// <param name="Form">In which form.</param>
internal sealed record Finding(string Place, string Secret, string Form);

/// <summary>
/// Looks for many secrets in all their forms at once: eight bytes at every offset are held against a bit table of the forms'
/// beginnings, and only a match is compared in full; a dump of 500 MB takes a second or two.
/// </summary>
internal sealed class SecretHunt
{
    private const int Head = sizeof(ulong);
    private const int ChunkBytes = 16 * 1024 * 1024;

    private readonly ulong[] table = new ulong[1 << 14];
    private readonly Dictionary<ulong, List<(string Secret, string Form, byte[] Bytes)>> heads = [];
    private int longest = Head;

    /// <summary>Adds a secret of at least 12 bytes.</summary>
    public void Add(string name, byte[] secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 12);
        foreach (var (form, bytes) in SecretForms.Of(secret))
        {
            var head = Unsafe.ReadUnaligned<ulong>(in bytes[0]);
            if (!heads.TryGetValue(head, out var list)) heads[head] = list = [];
            list.Add((name, form, bytes));
            table[Slot(head) >> 6] |= 1UL << (int)(Slot(head) & 63);
            longest = Math.Max(longest, bytes.Length);
        }
    }

    /// <summary>What is found in the bytes; each secret and form once.</summary>
    public IReadOnlyList<Finding> Search(string place, ReadOnlySpan<byte> bytes)
    {
        var found = new HashSet<Finding>();
        for (var at = 0; at + Head <= bytes.Length; at++)
        {
            var head = Unsafe.ReadUnaligned<ulong>(in bytes[at]);
            var slot = Slot(head);
            if ((table[slot >> 6] >> (int)(slot & 63) & 1) == 0 || !heads.TryGetValue(head, out var list)) continue;
            foreach (var (secret, form, whole) in list)
            {
                if (bytes[at..].StartsWith(whole)) found.Add(new Finding(place, secret, form));
            }
        }

        return [.. found];
    }

    /// <summary>What is found in a file of any size.</summary>
    public IReadOnlyList<Finding> SearchFile(string place, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[ChunkBytes + longest];
        var found = new HashSet<Finding>();
        var kept = 0;
        while (file.Read(buffer, kept, ChunkBytes) is var read and > 0)
        {
            var filled = kept + read;
            found.UnionWith(Search(place, buffer.AsSpan(0, filled)));
            // The end is searched again with what follows, so that nothing hides across the seam.
            kept = Math.Min(longest, filled);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }

        return [.. found];
    }

    private static uint Slot(ulong head) => (uint)((head * 0x9E3779B97F4A7C15) >> 44);
}
