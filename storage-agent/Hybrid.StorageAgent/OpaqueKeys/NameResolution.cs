using System.Text.Encodings.Web;
using System.Text.Json;
using Hybrid.StorageAgent.AccessLog;

namespace Hybrid.StorageAgent.OpaqueKeys;

/// <summary>Puts real names where a text of any size has opaque ones: an export of labels, a list of tasks, a log.</summary>
internal static class NameResolution
{
    private const int BufferLength = 64 * 1024;

    /// <summary>Copies a text.</summary>
    /// <returns>How many names were put in, and how many opaque ones the map does not know; those stay as they are.</returns>
    public static (long Resolved, long Unknown) Copy(TextReader from, TextWriter to, OpaqueNames names, NameFormat format)
    {
        var (resolved, unknown, held, before) = (0L, 0L, 0, '\0');
        var buffer = new char[BufferLength];
        while (true)
        {
            var read = from.Read(buffer, held, buffer.Length - held);
            var text = buffer.AsSpan(0, held + read);
            // A name that begins in the last characters may go on in the next piece.
            var sure = read == 0 ? text.Length : Math.Max(0, text.Length - OpaqueNames.Length + 1);
            var at = 0;
            while (at < sure)
            {
                var next = text[at..].IndexOf(OpaqueNames.Prefix);
                if (next < 0 || at + next >= sure) break;
                Put(text.Slice(at, next));
                at += next;
                var name = text.Slice(at, Math.Min(OpaqueNames.Length, text.Length - at));
                if (names.Find(name.ToString()) is { } found)
                {
                    to.Write(Escaped(found.Key, format, before == '"'));
                    (resolved, before, at) = (resolved + 1, 'x', at + name.Length);
                }
                else
                {
                    if (OpaqueNames.IsName(name)) unknown++;
                    Put(name[..OpaqueNames.Prefix.Length]);
                    at += OpaqueNames.Prefix.Length;
                }
            }

            if (at < sure)
            {
                Put(text[at..sure]);
                at = sure;
            }

            if (read == 0) return (resolved, unknown);
            text[at..].CopyTo(buffer);
            held = text.Length - at;
        }

        void Put(ReadOnlySpan<char> part)
        {
            to.Write(part);
            if (part.Length > 0) before = part[^1];
        }
    }

    // What stands in quotes stays in them.
    private static string Escaped(string key, NameFormat format, bool isQuoted) => format switch
    {
        NameFormat.Json => JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        NameFormat.Csv when isQuoted => PlainText.Cell(key)[1..^1],
        NameFormat.Csv => PlainText.Cell(key),
        _ => PlainText.Terminal(key),
    };
}

/// <summary>How names are written into a text.</summary>
internal enum NameFormat
{
    /// <summary>As they are; what cannot be seen is spelled out.</summary>
    Text,

    /// <summary>Inside JSON strings (RFC 8259).</summary>
    Json,

    /// <summary>Inside table cells (RFC 4180).</summary>
    Csv,
}
