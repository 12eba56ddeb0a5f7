using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>One line of the customer's own record: who, what, when, by which grant, which rule decided. Never a URL, never a secret.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Person">Pseudonym.</param>
/// <param name="Project">Project id.</param>
/// <param name="Task">Task id.</param>
/// <param name="Connection">Connection's name.</param>
/// <param name="Key">Object key.</param>
/// <param name="Version">Object version.</param>
/// <param name="Grant">The grant's jti.</param>
/// <param name="Act">Act of the grant.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Allowed">Whether a URL was given.</param>
/// <param name="Previous">SHA-256 of the line before, hex; chains the lines.</param>
public sealed record AccessRecord(
    DateTimeOffset At, string? Person, string? Project, string? Task, string? Connection, string? Key, string? Version,
    string? Grant, string? Act, string Rule, bool Allowed, string Previous);

/// <summary>
/// Hash-chained JSON lines. A line is on disk before the answer leaves: rather no service than an unrecorded one. The file <c>head</c>
/// beside them names the last line, so that lines cut off at the end are missed too.
/// </summary>
public sealed class AccessJournal(string folder, long rotateAtBytes = AccessJournal.RotateAtBytes) : IDisposable
{
    /// <summary>A file of this size is closed and the next one begun.</summary>
    public const long RotateAtBytes = 64L * 1024 * 1024;

    private const byte LineEnd = (byte)'\n';
    private const int LongestLine = 256 * 1024;
    private static readonly string Genesis = new('0', 64);

    private readonly Lock gate = new();
    private FileStream? file;
    private JournalHead? head;
    private string previous = Genesis;

    /// <summary>The log's files, oldest first.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "access-*.jsonl").Order(StringComparer.Ordinal)] : [];

    /// <summary>Records lines and forces them to disk.</summary>
    /// <exception cref="IOException">The disk is full, gone, or not ours to write; nothing may be served then. The next call tries anew.</exception>
    public void Write(IEnumerable<AccessRecord> records)
    {
        lock (gate)
        {
            long? begin = null;
            try
            {
                var current = Ready();
                begin = current.Length;
                var lines = new StringBuilder();
                var hash = previous;
                foreach (var record in records)
                {
                    var line = JsonSerializer.Serialize(record with { Previous = hash }, AgentJson.Default.AccessRecord);
                    hash = Hash(Encoding.UTF8.GetBytes(line));
                    lines.Append(line).Append('\n');
                }

                current.Write(Encoding.UTF8.GetBytes(lines.ToString()));
                current.Flush(flushToDisk: true);
                previous = hash;
                head!.Write(Path.GetFileName(current.Name), current.Length, hash);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                TakeBack(begin);
                Close();
                throw failed as IOException ?? new IOException(failed.Message, failed);
            }
        }
    }

    /// <summary>Checks the chain byte for byte; the first broken line, or null when the log is whole.</summary>
    /// <returns>Number of lines, and file:line of the first break.</returns>
    public static (long Lines, string? Break) Verify(string folder)
    {
        var expected = Genesis;
        long count = 0;
        var head = JournalHead.TryRead(folder);
        var reached = false;
        foreach (var path in Files(folder))
        {
            var (name, number, at) = (Path.GetFileName(path), 0, 0L);
            ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
            while (!rest.IsEmpty)
            {
                number++;
                count++;
                var end = rest.IndexOf(LineEnd);
                if (end < 0 || TryReadPrevious(rest[..end]) != expected) return (count, $"{name}:{number}");
                expected = Hash(rest[..end]);
                rest = rest[(end + 1)..];
                at += end + 1;
                if (head is var (file, length, hash) && file == name && length == at)
                {
                    if (hash != expected) return (count, $"{name}:{number}");
                    reached = true;
                }
            }
        }

        return count == 0 && head is null || reached ? (count, null) : (count, $"the end: lines after number {count} are missing");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) Close();
    }

    private static string? TryReadPrevious(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AgentJson.Default.AccessRecord)?.Previous;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Hash(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    private FileStream Ready()
    {
        if (file is null) Open();
        if (file!.Length > rotateAtBytes)
        {
            file.Dispose();
            file = Append(Path.Combine(folder, $"access-{Files(folder).Count + 1:D6}.jsonl"));
        }

        return file;
    }

    private void Open()
    {
        Directory.CreateDirectory(folder);
        var files = Files(folder);
        if (files is [.., var newest]) CutTornLine(newest);
        file = Append(files is [.., var last] ? last : Path.Combine(folder, "access-000001.jsonl"));
        var line = files.Reverse().Select(LastLine).FirstOrDefault(l => l.Length > 0);
        previous = line is null ? Genesis : Hash(line);
        // What the head recorded and the files no longer hold was taken away while nobody looked: going on from the head keeps the
        // break in the chain for ever.
        if (JournalHead.TryRead(folder) is var (name, length, hash) && new FileInfo(Path.Combine(folder, name)) is var known && (!known.Exists || known.Length < length)) previous = hash;
        head = new JournalHead(folder);
    }

    // A process ended in the middle of a line: that line was never answered to.
    private static void CutTornLine(string path)
    {
        var tail = Tail(path);
        using var torn = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        torn.SetLength(torn.Length - tail.Length + tail.AsSpan().LastIndexOf(LineEnd) + 1);
    }

    private static byte[] LastLine(string path)
    {
        var tail = Tail(path).AsSpan().TrimEnd(LineEnd);
        return tail[(tail.LastIndexOf(LineEnd) + 1)..].ToArray();
    }

    // More than the longest line; the whole of a file would stay in memory for nothing.
    private static byte[] Tail(string path)
    {
        using var read = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var tail = new byte[Math.Min(read.Length, LongestLine)];
        read.Position = read.Length - tail.Length;
        read.ReadExactly(tail);
        return tail;
    }

    private static FileStream Append(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 0,
    });

    // Half a line would break the chain. What cannot be taken back now, opening again cuts off.
    private void TakeBack(long? begin)
    {
        try
        {
            if (begin is { } length) file?.SetLength(length);
        }
        catch (IOException)
        {
            // The disk is gone altogether; the caller learns of the first failure.
        }
    }

    private void Close()
    {
        file?.Dispose();
        head?.Dispose();
        (file, head) = (null, null);
    }
}
