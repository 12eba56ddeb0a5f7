using CsCheck;
using Hybrid.StorageAgent.Providers.Files;

namespace Hybrid.StorageAgent.Tests.Providers.Files;

[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests;

/// <summary>Alone in its collection: memory is measured.</summary>
[Collection(nameof(MemoryTests))]
public sealed class FolderWalkTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("hybrid-walk").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Keys_OfAnyTree_AreThoseOfAFullSortFromAnyKeyOn()
    {
        // Few letters around the slash in the order ('.' and '-' before it, '0' after it), so that names and directories interleave.
        var name = Gen.Char["ab.-0+"].Array[1, 3].Select(c => new string(c)).Where(n => n[0] != '.');
        var key = name.Array[1, 3].Select(parts => string.Join('/', parts));
        Gen.Select(key.Array[0, 30], key, Gen.Int[2, 5]).Sample(
            (keys, after, window) =>
            {
                var made = Make(keys);
                foreach (var prefix in (string[])["", "a", "a/", "b/a"])
                {
                    var expected = made.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
                    Assert.Equal(expected, new FolderWalk(root, window).Keys(prefix, null));
                    Assert.Equal(expected.Where(k => string.CompareOrdinal(k, after) > 0), new FolderWalk(root, window).Keys(prefix, after));
                    // From every key of its own, too: a page may end anywhere.
                    for (var i = 0; i < expected.Count; i++) Assert.Equal(expected.Skip(i + 1), new FolderWalk(root, window).Keys(prefix, expected[i]));
                }
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public void Keys_OfAFolderWithManyFiles_HoldOnlyAWindowInMemory()
    {
        for (var i = 0; i < 12_000; i++) File.WriteAllBytes(Path.Combine(root, $"a-rather-long-name-of-a-picture-{i:D8}.png"), []);

        // All names at once would be about 1.4 MB, in every round. Servers of earlier tests that are still ending grow now and then,
        // so the best of the rounds counts.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => GrowthOfAWalk()), long.MinValue, 500_000);
    }

    // The most that the heap grew while all keys of the folder were walked.
    private long GrowthOfAWalk()
    {
        var walk = new FolderWalk(root, window: 500);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (count, most) = (0, 0L);
        foreach (var _ in walk.Keys("", null))
        {
            if (++count % 2_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(12_000, count);
        return most;
    }

    [Fact]
    public void Keys_WhenLinksHiddenFilesOrNamesWithTricksAreThere_LeaveThemOut()
    {
        var outside = Directory.CreateTempSubdirectory("hybrid-outside").FullName;
        File.WriteAllText(Path.Combine(outside, "secret.png"), "secret");
        File.WriteAllText(Path.Combine(root, "plain.png"), "");
        File.WriteAllText(Path.Combine(root, ".hidden.png"), "");
        File.WriteAllText(Path.Combine(root, "back\\slash.png"), "");
        File.WriteAllText(Path.Combine(root, "line\nbreak.png"), "");
        File.CreateSymbolicLink(Path.Combine(root, "link.png"), Path.Combine(outside, "secret.png"));
        Directory.CreateSymbolicLink(Path.Combine(root, "linked"), outside);

        Assert.Equal(["plain.png"], new FolderWalk(root).Keys("", null));
        Directory.Delete(outside, recursive: true);
    }

    // A key that is a directory in another one cannot also be a file: the first one wins.
    private List<string> Make(string[] keys)
    {
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo directory) directory.Delete(recursive: true);
            else entry.Delete();
        }

        foreach (var key in keys)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, key))!);
                File.WriteAllBytes(Path.Combine(root, key), []);
            }
            catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)];
    }
}
