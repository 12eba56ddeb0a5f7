using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>One line as it stands in a file, without its line end.</summary>
/// <param name="Text">The bytes; valid until the next line is read.</param>
/// <param name="IsWhole">Whether a line end follows. Only the last line of a file can lack it.</param>
/// <param name="End">Where the next line begins.</param>
internal readonly record struct JournalLine(ReadOnlyMemory<byte> Text, bool IsWhole, long End)
{
    /// <summary>SHA-256, hex.</summary>
    public string Hash => JournalFiles.Hash(Text.Span);

    /// <summary>What it says, or null when it is no record.</summary>
    public AccessRecord? TryRead()
    {
        try
        {
            return JsonSerializer.Deserialize(Text.Span, AgentJson.Default.AccessRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The files of the log: their names, and their lines one by one in steady memory.</summary>
internal static class JournalFiles
{
    private const byte LineEnd = (byte)'\n';
    private const int Piece = 64 * 1024;

    /// <summary>No line is longer: a request is at most 256 KiB, and each of its bytes at most 6 as JSON. What is longer was not written by the agent.</summary>
    private const int LongestLine = 2 * 1024 * 1024;

    /// <summary>The files, oldest first.</summary>
    public static IReadOnlyList<string> All(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "access-*.jsonl").Order(StringComparer.Ordinal)] : [];

    /// <summary>The file after another; numbers are never used again, whatever retention removed.</summary>
    public static string After(string folder, string? path)
    {
        var number = path is not null && int.TryParse(Path.GetFileNameWithoutExtension(path)["access-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"access-{number + 1:D6}.jsonl"));
    }

    /// <summary>Opens a file to write at its end, for its owner alone.</summary>
    public static FileStream Append(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 0,
    });

    public static string Hash(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>A file's lines in order.</summary>
    public static IEnumerable<JournalLine> Lines(string path)
    {
        using var file = Open(path);
        var (buffer, begin, filled, at) = (new byte[Piece], 0, 0, 0L);
        while (true)
        {
            var end = buffer.AsSpan(begin, filled - begin).IndexOf(LineEnd);
            if (end >= 0)
            {
                at += end + 1;
                yield return new JournalLine(buffer.AsMemory(begin, end), true, at);
                begin += end + 1;
                continue;
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            (filled, begin) = (filled - begin, 0);
            if (filled == buffer.Length && buffer.Length < LongestLine) Array.Resize(ref buffer, buffer.Length * 2);
            var read = filled < buffer.Length ? file.Read(buffer.AsSpan(filled)) : 0;
            filled += read;
            if (read > 0) continue;
            if (filled > 0) yield return new JournalLine(buffer.AsMemory(0, filled), false, at + filled);
            yield break;
        }
    }

    /// <summary>The last whole line of a file, or null when there is none; and where it ends.</summary>
    public static (byte[] Line, long End)? LastLine(string path)
    {
        using var file = Open(path);
        for (var length = Math.Min(file.Length, Piece); ; length = Math.Min(file.Length, length * 2))
        {
            var tail = new byte[length];
            file.Position = file.Length - length;
            file.ReadExactly(tail);
            var end = tail.AsSpan().LastIndexOf(LineEnd);
            var before = end < 0 ? -1 : tail.AsSpan(0, end).LastIndexOf(LineEnd);
            if (before < 0 && length < file.Length) continue;
            return end < 0 ? null : (tail[(before + 1)..end], file.Length - length + end + 1);
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
}
