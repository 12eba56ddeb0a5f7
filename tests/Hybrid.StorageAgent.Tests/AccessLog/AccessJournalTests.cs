using System.Diagnostics;
using Hybrid.StorageAgent.AccessLog;

namespace Hybrid.StorageAgent.Tests.AccessLog;

public sealed class AccessJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-journal").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_OverSeveralStarts_MakesOneUnbrokenChain()
    {
        for (var start = 0; start < 3; start++) Write(2);

        Assert.Equal((6, null), AccessJournal.Verify(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccessJournal.Files(folder).Single()));
    }

    [Fact]
    public void Verify_WhenAnyByteIsChanged_FindsIt()
    {
        Write(3);
        var path = AccessJournal.Files(folder).Single();
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var flip in (byte[])[0x01, 0x20, 0x80])
            {
                var changed = whole.ToArray();
                changed[at] ^= flip;
                File.WriteAllBytes(path, changed);
                Assert.True(AccessJournal.Verify(folder).Break is not null, $"byte {at} ^ {flip}");
            }
        }

        File.WriteAllBytes(path, whole);
        Assert.Null(AccessJournal.Verify(folder).Break);
    }

    [Fact]
    public void Verify_WhenTheEndIsCutOffAnywhere_FindsIt()
    {
        Write(3);
        var path = AccessJournal.Files(folder).Single();
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.True(AccessJournal.Verify(folder).Break is not null, $"cut at {length}");
        }

        File.Delete(path);
        Assert.NotNull(AccessJournal.Verify(folder).Break);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("swap")]
    [InlineData("repeat")]
    [InlineData("insert")]
    [InlineData("head")]
    public void Verify_WhenLinesAreMoved_FindsIt(string how)
    {
        Write(4);
        var path = AccessJournal.Files(folder).Single();
        var lines = File.ReadAllLines(path).ToList();
        if (how == "remove") lines.RemoveAt(1);
        else if (how == "swap") (lines[1], lines[2]) = (lines[2], lines[1]);
        else if (how == "repeat") lines.Insert(1, lines[1]);
        else if (how == "insert") lines.Insert(1, "{}");
        else File.Delete(Path.Combine(folder, "head"));
        File.WriteAllText(path, string.Concat(lines.Select(l => l + "\n")));

        Assert.NotNull(AccessJournal.Verify(folder).Break);
    }

    [Fact]
    public void Verify_WhenTheEndWasCutOffAndTheAgentWentOn_StillFindsIt()
    {
        Write(3);
        var path = AccessJournal.Files(folder).Single();
        File.WriteAllLines(path, File.ReadAllLines(path)[..2]);
        Write(2);

        Assert.Equal("access-000001.jsonl:3", AccessJournal.Verify(folder).Break);
    }

    [Fact]
    public void Open_WhenTheProcessEndedInTheMiddleOfALine_CutsItOffAndGoesOn()
    {
        Write(2);
        File.AppendAllText(AccessJournal.Files(folder).Single(), "{\"at\":\"2026-0");
        Write(1);

        Assert.Equal((3, null), AccessJournal.Verify(folder));
    }

    [Fact]
    public void Open_WhenTheProcessEndedBetweenLineAndHead_GoesOn()
    {
        Write(2);
        var head = File.ReadAllBytes(Path.Combine(folder, "head"));
        Write(1);
        File.WriteAllBytes(Path.Combine(folder, "head"), head);
        Assert.Null(AccessJournal.Verify(folder).Break);
        Write(1);

        Assert.Equal((4, null), AccessJournal.Verify(folder));
    }

    [Fact]
    public void Write_WhenAFileIsFull_BeginsTheNextAndTheChainGoesThrough()
    {
        using (var journal = new AccessJournal(folder, new JournalKeeping(1_000)))
        {
            for (var i = 0; i < 20; i++) journal.Write([Record(i)]);
        }

        Write(1);
        Assert.InRange(AccessJournal.Files(folder).Count, 3, 20);
        Assert.Equal((21, null), AccessJournal.Verify(folder));
        File.Delete(AccessJournal.Files(folder)[1]);
        Assert.NotNull(AccessJournal.Verify(folder).Break);
    }

    [Fact]
    public void Open_WhenTheNewestFileIsStillEmpty_GoesOnFromTheOneBefore()
    {
        Write(2);
        File.WriteAllBytes(Path.Combine(folder, "access-000002.jsonl"), []);
        Write(1);

        Assert.Equal((3, null), AccessJournal.Verify(folder));
    }

    [Fact]
    public async Task WriteAsync_WhatComesWhileTheDiskIsWaitedFor_IsForcedToDiskTogether_AndNobodyIsDoneBefore()
    {
        using var first = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        using var journal = new AccessJournal(folder);
        journal.Recorded = (record, _) =>
        {
            if (record.Person != "person-0") return;
            first.Set();
            released.Wait(TestContext.Current.CancellationToken);
        };
        var one = journal.WriteAsync([Record(0)]);
        first.Wait(TestContext.Current.CancellationToken);

        var others = Enumerable.Range(1, 100).Select(i => journal.WriteAsync([Record(i), Record(i)])).ToList();
        Assert.DoesNotContain(others, o => o.IsCompleted);
        Assert.Equal((1, null), AccessJournal.Verify(folder));
        released.Set();
        await Task.WhenAll([one, .. others]);

        Assert.Equal(2, journal.Flushes);
        Assert.Equal((201, null), AccessJournal.Verify(folder));
        Assert.Equal(Enumerable.Range(0, 101), new LogQuery().Find(folder).Select(f => int.Parse(f.Record.Person!["person-".Length..], System.Globalization.CultureInfo.InvariantCulture)).Distinct());
    }

    [Fact]
    public async Task WriteAsync_WhenTheDiskFails_RefusesTheWholeRound_AndTheNextOneTriesAnew()
    {
        var taken = Path.Combine(folder, "taken");
        await File.WriteAllTextAsync(taken, "a file where the folder should be", TestContext.Current.CancellationToken);
        using var journal = new AccessJournal(taken);
        foreach (var refused in Enumerable.Range(0, 20).Select(i => journal.WriteAsync([Record(i)])).ToList()) await Assert.ThrowsAnyAsync<IOException>(() => refused);

        File.Delete(taken);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => journal.WriteAsync([Record(i)])));

        Assert.Equal((20, null), AccessJournal.Verify(taken));
    }

    [Fact]
    public void Write_WhenTheFolderCannotBeWritten_ThrowsAndHealsByItself()
    {
        var taken = Path.Combine(folder, "taken");
        File.WriteAllText(taken, "a file where the folder should be");
        using var journal = new AccessJournal(taken);
        Assert.ThrowsAny<IOException>(() => journal.Write([Record(0)]));

        File.Delete(taken);
        journal.Write([Record(0)]);

        Assert.Equal((1, null), AccessJournal.Verify(taken));
    }

    [Fact]
    public async Task Write_WhenTheDiskIsFull_ThrowsAndGoesOnUnbrokenWhenThereIsRoom()
    {
        var disk = Path.Combine(folder, "disk");
        Directory.CreateDirectory(disk);
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk)) Assert.Skip("Mounting is not permitted here: needs root.");
        try
        {
            var log = Path.Combine(disk, "log");
            using var journal = new AccessJournal(log);
            journal.Write([Record(0)]);
            await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[40 * 1024], TestContext.Current.CancellationToken);
            var written = 1;
            Assert.ThrowsAny<IOException>(() =>
            {
                for (; written < 1_000; written++) journal.Write([Record(written)]);
            });
            Assert.ThrowsAny<IOException>(() => journal.Write(Enumerable.Range(0, 100).Select(Record)));
            Assert.Equal((written, null), AccessJournal.Verify(log));

            File.Delete(Path.Combine(disk, "ballast"));
            journal.Write([Record(written)]);
            Assert.Equal((written + 1, null), AccessJournal.Verify(log));
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private static AccessRecord Record(int i) => new(
        new DateTimeOffset(2026, 3, 1, 12, 0, i % 60, TimeSpan.Zero), $"person-{i}", "project", "task", "c", $"in/ünï {i}.png", null, "grant", "work", "all-rules-pass", true, "");

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private void Write(int lines)
    {
        using var journal = new AccessJournal(folder);
        for (var i = 0; i < lines; i++) journal.Write([Record(i)]);
    }
}
