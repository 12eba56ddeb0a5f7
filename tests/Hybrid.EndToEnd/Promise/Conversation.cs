using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Hybrid.EndToEnd.Promise;

/// <summary>
/// Takes one direction of a recorded HTTP/1.1 connection apart, so that nothing in it is hidden by its transport: chunked bodies are put
/// together, compressed ones inflated, WebSocket frames unmasked (RFC 9112, RFC 6455). What cannot be read is an error: an unread
/// byte could hide a secret.
/// </summary>
internal static class Conversation
{
    /// <summary>The payloads, in order; the recording itself is searched as well, by the caller.</summary>
    public static IReadOnlyList<byte[]> Payloads(ReadOnlySpan<byte> direction)
    {
        var payloads = new List<byte[]>();
        while (direction.Length > 0)
        {
            var end = direction.IndexOf("\r\n\r\n"u8);
            // The connection was cut within a head: what is there was searched raw.
            if (end < 0) break;
            var head = Encoding.Latin1.GetString(direction[..end]).Split("\r\n");
            direction = direction[(end + 4)..];
            var headers = head.Skip(1).Select(l => l.Split(':', 2)).GroupBy(p => p[0].Trim().ToLowerInvariant(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[^1].Trim(), StringComparer.Ordinal);
            var isRequest = !head[0].StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
            var status = isRequest ? 0 : int.Parse(head[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (headers.ContainsKey("sec-websocket-key") || status == 101)
            {
                Frames(direction, payloads);
                return payloads;
            }

            byte[] body;
            if (string.Equals(headers.GetValueOrDefault("transfer-encoding"), "chunked", StringComparison.OrdinalIgnoreCase)) body = Chunks(ref direction);
            else if (headers.TryGetValue("content-length", out var length)) body = Take(ref direction, int.Parse(length, CultureInfo.InvariantCulture));
            else if (isRequest || status is 204 or 304 or < 200) body = [];
            else body = Take(ref direction, direction.Length);
            if (body.Length > 0) payloads.Add(Inflated(body, headers.GetValueOrDefault("content-encoding")));
        }

        return payloads;
    }

    private static byte[] Take(ref ReadOnlySpan<byte> rest, int length)
    {
        // A body that was cut is searched as far as it came.
        var taken = rest[..Math.Min(length, rest.Length)].ToArray();
        rest = rest[taken.Length..];
        return taken;
    }

    private static byte[] Chunks(ref ReadOnlySpan<byte> rest)
    {
        using var body = new MemoryStream();
        while (rest.IndexOf("\r\n"u8) is var line and >= 0)
        {
            var size = int.Parse(Encoding.ASCII.GetString(rest[..line]).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(line + 2)..];
            body.Write(Take(ref rest, size));
            Take(ref rest, 2);
            if (size == 0) break;
        }

        return body.ToArray();
    }

    private static byte[] Inflated(byte[] body, string? encoding) => encoding is null or "identity"
        ? body
        : Inflation.By(encoding, body) ?? throw new InvalidOperationException($"A body of content-encoding {encoding} could not be inflated: it cannot be searched.");

    private static void Frames(ReadOnlySpan<byte> rest, List<byte[]> payloads)
    {
        while (rest.Length >= 2)
        {
            var (compressed, masked) = ((rest[0] & 0x40) != 0, (rest[1] & 0x80) != 0);
            if (compressed) throw new InvalidOperationException("A compressed WebSocket frame passed: teach the search to inflate it.");
            long length = rest[1] & 0x7f;
            var at = 2;
            if (length == 126 && rest.Length >= 4) (length, at) = (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), 4);
            else if (length == 127 && rest.Length >= 10) (length, at) = ((long)BinaryPrimitives.ReadUInt64BigEndian(rest[2..]), 10);
            var mask = masked && rest.Length >= at + 4 ? rest.Slice(at, 4) : default;
            if (masked) at += 4;
            if (at > rest.Length) return;
            var payload = rest[at..(int)Math.Min(rest.Length, at + length)].ToArray();
            for (var i = 0; i < payload.Length && masked; i++) payload[i] ^= mask[i & 3];
            payloads.Add(payload);
            rest = rest[Math.Min(rest.Length, at + payload.Length)..];
        }
    }
}
