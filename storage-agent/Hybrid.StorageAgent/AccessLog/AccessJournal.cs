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

/// <summary>Hash-chained JSON lines. A line is on disk before the answer leaves: rather no service than an unrecorded one.</summary>
public sealed class AccessJournal : IDisposable
{
    /// <summary>A file of this size is closed and the next one begun.</summary>
    public const long RotateAtBytes = 64L * 1024 * 1024;

    private static readonly string Genesis = new('0', 64);

    private readonly Lock gate = new();
    private readonly string folder;
    private FileStream file;
    private string previous;

    /// <summary>Opens the log and goes on from its last line.</summary>
    public AccessJournal(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        var newest = Files(folder) is [.., var last] ? last : null;
        previous = newest is null ? Genesis : LastHash(newest);
        file = Open(newest ?? Next());
    }

    /// <summary>The log's files, oldest first.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "access-*.jsonl").Order(StringComparer.Ordinal)] : [];

    /// <summary>Records lines and forces them to disk.</summary>
    /// <exception cref="IOException">The disk is full or gone; nothing may be served then.</exception>
    public void Write(IEnumerable<AccessRecord> records)
    {
        lock (gate)
        {
            var lines = new StringBuilder();
            var hash = previous;
            foreach (var record in records)
            {
                var line = JsonSerializer.Serialize(record with { Previous = hash }, AgentJson.Default.AccessRecord);
                hash = Hash(line);
                lines.Append(line).Append('\n');
            }

            if (file.Length > RotateAtBytes)
            {
                file.Dispose();
                file = Open(Next());
            }

            var start = file.Length;
            try
            {
                file.Write(Encoding.UTF8.GetBytes(lines.ToString()));
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Half a line would break the chain: take it back, as far as the disk lets us.
                file.SetLength(start);
                throw;
            }

            previous = hash;
        }
    }

    /// <summary>Checks the chain; the first broken line, or null when the log is whole.</summary>
    /// <returns>Number of lines, and file:line of the first break.</returns>
    public static (long Lines, string? Break) Verify(string folder)
    {
        var expected = Genesis;
        long count = 0;
        foreach (var path in Files(folder))
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                count++;
                var said = TryReadPrevious(line);
                if (said != expected) return (count, $"{Path.GetFileName(path)}:{number}");
                expected = Hash(line);
            }
        }

        return (count, null);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static string? TryReadPrevious(string line)
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

    private static string Hash(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    private static string LastHash(string path) => File.ReadLines(path).LastOrDefault() is { } last ? Hash(last) : Genesis;

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private string Next() => Path.Combine(folder, $"access-{Files(folder).Count + 1:D6}.jsonl");
}
