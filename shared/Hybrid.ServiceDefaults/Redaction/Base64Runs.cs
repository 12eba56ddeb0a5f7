using System.Buffers;

namespace Hybrid.ServiceDefaults.Redaction;

/// <summary>Looks into base64 and base64url, at each of the four alignments, since a run may have grown together with what stood before it.</summary>
internal static class Base64Runs
{
    /// <summary>A shorter run is left alone: it could hold no more than 11 characters.</summary>
    public const int Shortest = 16;

    /// <summary>Random bytes hold short readable runs by chance, one in 100,000 with what looks like an address in it; as long as what the shortest run can hold, hardly ever.</summary>
    private const int ShortestReadable = 12;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    public static void Scan(ReadOnlySpan<char> text, List<Found> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = text[at..].IndexOfAny(Alphabet);
            if (start < 0) return;
            start += at;
            var length = text[start..].IndexOfAnyExcept(Alphabet);
            at = length < 0 ? text.Length : start + length;
            if (at - start < Shortest) continue;
            if (KindIn(text[start..at]) is not { } kind) continue;
            for (var padding = 0; padding < 2 && at < text.Length && text[at] == '='; padding++) at++;
            found.Add(new Found(start, at, kind));
        }
    }

    private static string? KindIn(ReadOnlySpan<char> run)
    {
        var decoded = ArrayPool<char>.Shared.Rent(run.Length);
        try
        {
            for (var alignment = 0; alignment < 4; alignment++)
            {
                var length = Decode(run[alignment..], decoded);
                if (KeepReadable(decoded.AsSpan(0, length)) && KindIn(decoded.AsMemory(0, length)) is { } kind) return kind;
            }

            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(decoded);
        }
    }

    private static string? KindIn(ReadOnlyMemory<char> decoded)
    {
        var found = new List<Found>();
        var layer = new Layer(decoded, null);
        for (var i = 0; i < 3 && layer is not null; i++)
        {
            SecretScanner.Scan(layer.Text.Span, found);
            // A link with a query inside of base64 is no secret by itself.
            if (found.Find(f => f.Kind != SecretKinds.Query) is { Kind: { } kind }) return kind;
            layer = layer.Decode();
        }

        return null;
    }

    private static int Decode(ReadOnlySpan<char> run, Span<char> decoded)
    {
        var (bits, held, length) = (0, 0, 0);
        foreach (var c in run)
        {
            held = (held << 6) | Value(c);
            bits += 6;
            if (bits < 8) continue;
            bits -= 8;
            decoded[length++] = (char)((held >> bits) & 0xFF);
            held &= (1 << bits) - 1;
        }

        return length;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' or '-' => 62,
        _ => 63,
    };

    // Blanks everything but readable runs; false when nothing is left.
    private static bool KeepReadable(Span<char> decoded)
    {
        var any = false;
        for (var at = 0; at < decoded.Length;)
        {
            var end = at;
            while (end < decoded.Length && decoded[end] is (>= ' ' and <= '~') or '\t' or '\n' or '\r') end++;
            if (end - at >= ShortestReadable) any = true;
            else decoded[at..end].Clear();
            if (end < decoded.Length) decoded[end++] = '\0';
            at = end;
        }

        return any;
    }
}
