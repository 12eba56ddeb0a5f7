namespace Hybrid.StorageAgent.AccessLog;

/// <summary>What a check of the log found.</summary>
/// <param name="Lines">Lines that were read.</param>
/// <param name="Break">File and line of the first break, or what is missing; null when the log is whole.</param>
/// <param name="From">The first file, where retention removed those before it; null when the log begins at its beginning.</param>
/// <param name="Head">SHA-256 of the last line, hex.</param>
internal sealed record JournalVerdict(long Lines, string? Break, string? From, string Head);

/// <summary>Checks the chain byte for byte, in steady memory, beside a running agent too.</summary>
internal static class JournalCheck
{
    /// <summary>The hash that the very first line has as its previous.</summary>
    public static readonly string Genesis = new('0', 64);

    public static JournalVerdict Run(string folder)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return RunOnce(folder);
            }
            catch (FileNotFoundException) when (attempt < 3)
            {
                // Retention of the running agent took the oldest file between the listing and the look into it.
            }
        }
    }

    private static JournalVerdict RunOnce(string folder)
    {
        var head = JournalHead.TryRead(folder);
        var files = JournalFiles.All(folder);
        var (expected, count, reached, bridged) = (Genesis, 0L, false, true);
        string? begin = null;
        string? removed = null;
        foreach (var path in files)
        {
            var (name, number) = (Path.GetFileName(path), 0);
            foreach (var line in JournalFiles.Lines(path))
            {
                number++;
                // Being written this moment, or cut off by the end of the process: nothing was answered by it.
                if (!line.IsWhole && reached && path == files[^1]) break;
                var record = line.IsWhole ? line.TryRead() : null;
                if (count == 0 && record is not null && record.Previous != expected) (begin, expected, removed, bridged) = (name, record.Previous, record.Previous, false);
                count++;
                if (record is null || record.Previous != expected) return Broken($"{name}:{number}");
                if (!bridged && record.Removed?.Hash == removed) bridged = true;
                expected = line.Hash;
                if (head is var (file, length, hash) && file == name && length == line.End)
                {
                    if (hash != expected) return Broken($"{name}:{number}");
                    reached = true;
                }
            }
        }

        if (!(count == 0 && head is null) && !reached) return Broken($"the end: lines after number {count} are missing");
        return bridged ? new JournalVerdict(count, null, begin, expected) : Broken($"{begin}:1: what stood before it is missing, and no line says that retention removed it");

        JournalVerdict Broken(string at) => new(count, at, begin, expected);
    }
}
