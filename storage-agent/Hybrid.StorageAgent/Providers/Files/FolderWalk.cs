using System.IO.Enumeration;

namespace Hybrid.StorageAgent.Providers.Files;

/// <summary>
/// The keys of a folder in ordinal order, from any key on. Memory does not grow with the folder: of each directory only the next
/// <paramref name="window"/> names are held, found by one pass over it.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="window">Names held of one directory. More cost memory, fewer cost passes: a directory of n names is read n ÷ window times.</param>
internal sealed class FolderWalk(string root, int window = 40_000)
{
    // Hidden files are not data; links are not followed, since they could lead out of the folder.
    private static readonly EnumerationOptions Plain = new()
    {
        RecurseSubdirectories = false, IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>Keys that begin with <paramref name="prefix"/> and come after <paramref name="after"/> (null: from the first).</summary>
    public IEnumerable<string> Keys(string prefix, string? after) => Below("", prefix, after ?? "");

    // A directory stands in the order as its name with a slash: so "a.txt" comes before "a/b", exactly as whole keys compare.
    private IEnumerable<string> Below(string directory, string prefix, string after)
    {
        string? last = null;
        while (true)
        {
            var names = Next(directory, prefix, after, last);
            foreach (var key in names)
            {
                if (key[^1] != '/')
                {
                    yield return key;
                    continue;
                }

                foreach (var below in Below(key, prefix, after)) yield return below;
            }

            if (names.Count < window) yield break;
            last = names[^1];
        }
    }

    private List<string> Next(string directory, string prefix, string after, string? last)
    {
        var path = Path.Combine(root, directory);
        if (directory.Length > 0 && new DirectoryInfo(path).LinkTarget is not null) return [];
        var smallest = new PriorityQueue<string, string>(Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        // Within the directory only its own part of prefix and cursor matters; above them, everything does.
        var (begins, from) = (Below(prefix, directory), last is null ? Below(after, directory) : last[directory.Length..]);
        string? most = null;
        var entries = new FileSystemEnumerable<string>(path, (ref FileSystemEntry e) => e.IsDirectory ? $"{directory}{e.FileName}/" : $"{directory}{e.FileName}", Plain)
        {
            // Compared as spans: of a large directory most names are looked at in each pass, and only those that are wanted become strings.
            ShouldIncludePredicate = (ref FileSystemEntry e) =>
                IsWanted(e.FileName, e.IsDirectory, begins, from, resuming: last is null) && (most is null || Compare(e.FileName, e.IsDirectory, most) < 0),
        };
        try
        {
            foreach (var key in entries)
            {
                if (!ObjectKey.IsPlain(key)) continue;
                if (smallest.Count < window) smallest.Enqueue(key, key);
                else smallest.EnqueueDequeue(key, key);
                most = smallest.Count == window ? smallest.Peek()[directory.Length..] : null;
            }
        }
        catch (DirectoryNotFoundException) when (directory.Length > 0)
        {
            // Removed while we walked.
            return [];
        }

        var names = new List<string>(smallest.Count);
        while (smallest.TryDequeue(out var name, out _)) names.Add(name);
        names.Reverse();
        return names;
    }

    private static string Below(string key, string directory) => key.StartsWith(directory, StringComparison.Ordinal) ? key[directory.Length..] : "";

    private static bool IsWanted(ReadOnlySpan<char> name, bool directory, ReadOnlySpan<char> begins, ReadOnlySpan<char> from, bool resuming)
    {
        var begun = name.StartsWith(begins) || (directory && IsIn(begins, name));
        // A directory that the cursor points into is gone on with.
        return begun && (Compare(name, directory, from) > 0 || (resuming && directory && IsIn(from, name)));
    }

    private static bool IsIn(ReadOnlySpan<char> key, ReadOnlySpan<char> directory) => key.Length > directory.Length && key[directory.Length] == '/' && key.StartsWith(directory);

    // Ordinal order of the name, a directory's with its slash.
    private static int Compare(ReadOnlySpan<char> name, bool directory, ReadOnlySpan<char> other)
    {
        var common = name.CommonPrefixLength(other);
        if (common < name.Length) return common == other.Length ? 1 : name[common] - other[common];
        if (!directory) return common == other.Length ? 0 : -1;
        if (common == other.Length) return 1;
        return other[common] != '/' ? '/' - other[common] : other.Length == common + 1 ? 0 : -1;
    }
}
