using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>How the log is kept.</summary>
/// <param name="RotateAtBytes">A file of this size is closed and the next one begun; so is the file of another day (UTC).</param>
/// <param name="KeepDays">Whole files whose newest line is older are removed. Null: never.</param>
public sealed record JournalKeeping(long RotateAtBytes = JournalKeeping.DefaultRotateAtBytes, int? KeepDays = null)
{
    /// <summary>64 MiB.</summary>
    public const long DefaultRotateAtBytes = 64L * 1024 * 1024;
}

/// <summary>
/// Hash-chained JSON lines. A line is on disk before the answer leaves: rather no service than an unrecorded one. The file <c>head</c>
/// beside them names the last line, so that lines cut off at the end are noticed too.
/// </summary>
public sealed class AccessJournal(string folder, JournalKeeping? keeping = null) : IDisposable
{
    private readonly JournalKeeping keeping = keeping ?? new JournalKeeping();
    private readonly Lock gate = new();
    private readonly Lock queue = new();
    private readonly ArrayBufferWriter<byte> text = new(64 * 1024);
    private List<Waiting> waiting = [];
    private bool isWriting;
    private long flushes;
    private FileStream? file;
    private DateOnly fileDay;
    private JournalHead? head;
    private string previous = JournalCheck.Genesis;

    /// <summary>Hears of each line that is on disk, in order. It must not wait for anything.</summary>
    public Action<AccessRecord, string>? Recorded { get; set; }

    /// <summary>How often the disk was waited for.</summary>
    internal long Flushes => Interlocked.Read(ref flushes);

    /// <summary>Hears that old files could not be removed; serving goes on.</summary>
    public Action<Exception>? RetentionFailed { get; set; }

    /// <summary>The log's files, oldest first.</summary>
    public static IReadOnlyList<string> Files(string folder) => JournalFiles.All(folder);

    /// <summary>Checks the chain byte for byte; the first broken line, or null when the log is whole.</summary>
    /// <returns>Number of lines, and file:line of the first break.</returns>
    public static (long Lines, string? Break) Verify(string folder) => JournalCheck.Run(folder) is var verdict ? (verdict.Lines, verdict.Break) : default;

    /// <summary>Records lines and forces them to disk.</summary>
    /// <exception cref="IOException">The disk is full, gone, or not ours to write; nothing may be served then. The next call tries anew.</exception>
    public void Write(IEnumerable<AccessRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var list = records as IReadOnlyList<AccessRecord> ?? [.. records];
        if (list.Count == 0) return;
        lock (gate)
        {
            var (opened, name) = (file is null, file?.Name);
            Append(list);
            if (keeping.KeepDays is { } days && (opened || file!.Name != name)) Retain(days, list[0].At);
        }
    }

    /// <summary>
    /// The same for many requests at once: those that come while the disk is waited for are written, and forced to disk, together by the
    /// next round. Done only when the caller's own lines are on disk; their order is that of the calls.
    /// </summary>
    /// <exception cref="IOException">As for <see cref="Write"/>: of the whole round nothing is in the log, and nothing of it may be served.</exception>
    public Task WriteAsync(IReadOnlyList<AccessRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count == 0) return Task.CompletedTask;
        var mine = new Waiting(records, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (queue)
        {
            waiting.Add(mine);
            if (isWriting) return mine.Done.Task;
            isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteWaiting(), this, preferLocal: false);
        return mine.Done.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) Close();
    }

    // One at a time, for as long as anybody waits: whoever comes meanwhile is in the next round.
    private void WriteWaiting()
    {
        while (true)
        {
            List<Waiting> round;
            lock (queue)
            {
                isWriting = waiting.Count > 0;
                if (!isWriting) return;
                (round, waiting) = (waiting, []);
            }

            try
            {
                Write(round.Count == 1 ? round[0].Records : [.. round.SelectMany(w => w.Records)]);
                foreach (var written in round) written.Done.SetResult();
            }
            catch (Exception failed)
            {
                // Whatever it was: nobody waits for ever, and nobody is answered.
                foreach (var refused in round) refused.Done.SetException(failed);
            }
        }
    }

    private void Append(IReadOnlyList<AccessRecord> records)
    {
        long? begin = null;
        var lines = Recorded is null ? null : new string[records.Count];
        text.ResetWrittenCount();
        try
        {
            var current = Ready(DateOnly.FromDateTime(records[0].At.UtcDateTime));
            begin = current.Length;
            var hash = previous;
            using var json = new Utf8JsonWriter(text);
            for (var i = 0; i < records.Count; i++)
            {
                var at = text.WrittenCount;
                json.Reset();
                JsonSerializer.Serialize(json, records[i] with { Previous = hash }, AgentJson.Default.AccessRecord);
                json.Flush();
                var line = text.WrittenSpan[at..];
                hash = JournalFiles.Hash(line);
                lines?[i] = Encoding.UTF8.GetString(line);
                text.Write("\n"u8);
            }

            current.Write(text.WrittenSpan);
            current.Flush(flushToDisk: true);
            Interlocked.Increment(ref flushes);
            previous = hash;
            head!.Write(Path.GetFileName(current.Name), current.Length, hash);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            TakeBack(begin);
            Close();
            throw failed as IOException ?? new IOException(failed.Message, failed);
        }

        if (lines is null) return;
        for (var i = 0; i < lines.Length; i++) Recorded!(records[i], lines[i]);
    }

    private FileStream Ready(DateOnly day)
    {
        if (file is null) Open(day);
        // A clock that went back begins no new file, and none when it comes forth again.
        if (file!.Length > keeping.RotateAtBytes || (day > fileDay && file.Length > 0))
        {
            var next = JournalFiles.After(folder, file.Name);
            file.Dispose();
            file = JournalFiles.Append(next);
        }

        if (day > fileDay) fileDay = day;
        return file;
    }

    private void Open(DateOnly day)
    {
        Directory.CreateDirectory(folder);
        var files = JournalFiles.All(folder);
        if (files is [.., var newest]) CutTornLine(newest);
        file = JournalFiles.Append(files is [.., var last] ? last : JournalFiles.After(folder, null));
        var line = files.Reverse().Select(f => JournalFiles.LastLine(f)?.Line).FirstOrDefault(l => l is not null);
        previous = line is null ? JournalCheck.Genesis : JournalFiles.Hash(line);
        fileDay = line is not null && new JournalLine(line, true, 0).TryRead() is { } record ? DateOnly.FromDateTime(record.At.UtcDateTime) : day;
        // What the head recorded and the files no longer hold was taken away while nobody looked: going on from the head keeps the
        // break in the chain for ever.
        if (JournalHead.TryRead(folder) is var (name, length, hash) && new FileInfo(Path.Combine(folder, name)) is var known && (!known.Exists || known.Length < length)) previous = hash;
        head = new JournalHead(folder);
    }

    // A process ended in the middle of a line: that line was never answered to.
    private static void CutTornLine(string path)
    {
        using var torn = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        torn.SetLength(JournalFiles.LastLine(path)?.End ?? 0);
    }

    // 1 a line for each file says what will be missing and bridges the chain; 2 only then the files go, oldest first. A process that
    // ends in between leaves files that the next round removes; the check finds the log whole at every moment.
    private void Retain(int days, DateTimeOffset now)
    {
        try
        {
            var old = JournalFiles.All(folder).SkipLast(1).TakeWhile(f => LastOf(f) is { } last && last.Record.At < now.AddDays(-days)).ToList();
            if (old.Count == 0) return;

            // 1
            var removed = old.Select(f => new RemovedLines(Path.GetFileName(f), JournalFiles.Lines(f).LongCount(), LastOf(f)!.Value.Hash));
            Append([.. removed.Select(r => new AccessRecord(now, null, null, null, null, null, null, null, null, AccessRecord.Retention, false, "", null, r))]);

            // 2
            foreach (var path in old) File.Delete(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            RetentionFailed?.Invoke(failed);
        }
    }

    private static (AccessRecord Record, string Hash)? LastOf(string path) =>
        JournalFiles.LastLine(path) is var (text, end) && new JournalLine(text, true, end) is var line && line.TryRead() is { } record ? (record, line.Hash) : null;

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

    private sealed record Waiting(IReadOnlyList<AccessRecord> Records, TaskCompletionSource Done);
}
