using Hybrid.StorageAgent.AccessLog;

namespace Hybrid.StorageAgent.Tests.AccessLog;

/// <summary>Rotation by day, retention, and what the check says of both.</summary>
public sealed class JournalKeepingTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-journal").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Day_BeginsAFileOfItsOwn_AlsoAfterARestart()
    {
        Write(null, (0, 2), (0.5, 1), (1, 1));
        Write(null, (1.2, 1), (2, 1));

        Assert.Equal([2, 3, 1], AccessJournal.Files(folder).Select(f => File.ReadLines(f).Count()));
        Assert.Equal((6, null), AccessJournal.Verify(folder));
    }

    [Fact]
    public void Day_WhenTheClockJumpsBackAndForth_BeginsNoFileTwice()
    {
        // Half a day after noon is the first moment of the next day.
        Write(null, (0, 1), (0.5, 1), (0.5 - (1 / 24d), 1), (0.5 + (1 / 24d), 1));

        Assert.Equal([1, 3], AccessJournal.Files(folder).Select(f => File.ReadLines(f).Count()));
    }

    [Fact]
    public void Retention_WhenNotAskedFor_RemovesNothing()
    {
        Write(null, (0, 1), (5_000, 1));

        Assert.Equal(2, AccessJournal.Files(folder).Count);
    }

    [Fact]
    public void Retention_RemovesWholeFilesOnly_AndBridgesTheChain()
    {
        // The file of day 10 ends on that day, so it is not older than 10 days on day 20.
        Write(10, (0, 3), (9, 2), (10, 1), (20, 1));

        Assert.Equal(["access-000003.jsonl", "access-000004.jsonl"], AccessJournal.Files(folder).Select(Path.GetFileName));
        var verdict = JournalCheck.Run(folder);
        Assert.Equal((4, null, "access-000003.jsonl"), (verdict.Lines, verdict.Break, verdict.From));
        var bridges = new LogQuery(Rule: AccessRecord.Retention).Find(folder).Select(f => f.Record.Removed!);
        Assert.Equal([("access-000001.jsonl", 3), ("access-000002.jsonl", 2)], bridges.Select(b => (b.File, b.Lines)));

        // Again, and the bridge of before goes with its file.
        Write(10, (40, 1));
        Write(10, (60, 1));
        verdict = JournalCheck.Run(folder);
        Assert.Equal((null, "access-000006.jsonl"), (verdict.Break, verdict.From));
        Assert.Equal(["access-000006.jsonl"], AccessJournal.Files(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Retention_KeepsTheFileThatIsWritten_HoweverOld()
    {
        Write(1, (0, 2));
        Write(1, (0, 1));

        Assert.Single(AccessJournal.Files(folder));
    }

    [Theory]
    [InlineData("older file too")]
    [InlineData("no bridge")]
    [InlineData("other bridge")]
    [InlineData("older lines")]
    public void Verify_WhenMoreIsMissingThanRetentionRemoved_FindsIt(string what)
    {
        Write(10, (0, 3), (9, 2), (20, 1), (21, 2), (22, 1));
        Assert.Null(JournalCheck.Run(folder).Break);
        var files = AccessJournal.Files(folder);
        if (what == "older file too") File.Delete(files[0]);
        else if (what == "older lines") File.WriteAllLines(files[0], File.ReadAllLines(files[0])[1..]);
        else
        {
            // Somebody who can write the files makes a log of their own that begins in the middle: the chain holds, the bridge does not.
            var lines = File.ReadLines(files[0]).ToList();
            Directory.Delete(folder, recursive: true);
            using var journal = new AccessJournal(folder);
            journal.Write([Record(0)]);
            journal.Write([Record(0.1), .. what == "other bridge" ? [Record(1) with { Rule = AccessRecord.Retention, Removed = new RemovedLines("access-000001.jsonl", 3, new string('a', 64)) }] : Array.Empty<AccessRecord>()]);
            journal.Dispose();
            var path = AccessJournal.Files(folder).Single();
            File.WriteAllLines(path, File.ReadAllLines(path)[1..]);
            var head = File.ReadAllText(Path.Combine(folder, "head")).Split(' ');
            File.WriteAllText(Path.Combine(folder, "head"), $"{head[0]} {new FileInfo(path).Length:D19} {head[2]}");
        }

        Assert.Contains(":1", JournalCheck.Run(folder).Break, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_WhenTheProcessEndsBetweenBridgeAndRemoval_IsWholeAndGoesOn()
    {
        Write(null, (0, 3), (1, 2));
        var files = AccessJournal.Files(folder).Select(f => (f, File.ReadAllBytes(f))).ToList();
        Write(5, (30, 1));
        // As they stood before any removal, then before that of the second, then after both.
        foreach (var (path, bytes) in files) File.WriteAllBytes(path, bytes);
        Assert.Equal((8, null), AccessJournal.Verify(folder));
        File.Delete(files[0].f);
        Assert.Equal((null, "access-000002.jsonl"), JournalCheck.Run(folder) is var half ? (half.Break, half.From) : default);
        Write(5, (30, 1));

        Assert.Equal((null, "access-000003.jsonl"), JournalCheck.Run(folder) is var v ? (v.Break, v.From) : default);
    }

    [Fact]
    public void Retention_WhenFilesCannotBeRemoved_SaysSoAndGoesOnRecording()
    {
        Write(null, (0, 1), (1, 1));
        using var journal = new AccessJournal(folder, new JournalKeeping(KeepDays: 1));
        var failures = new List<Exception>();
        journal.RetentionFailed = failures.Add;
        // A link to nowhere in the place of the oldest file: it cannot be read, so its last line cannot be bridged.
        var oldest = AccessJournal.Files(folder)[0];
        File.Move(oldest, oldest + ".away");
        File.CreateSymbolicLink(oldest, Path.Combine(folder, "nowhere"));
        journal.Write([Record(10)]);
        journal.Write([Record(10)]);
        journal.Dispose();

        Assert.Single(failures);
        File.Delete(oldest);
        File.Move(oldest + ".away", oldest);
        Assert.Null(JournalCheck.Run(folder).Break);
    }

    [Fact]
    public void Verify_BesideAWriter_PassesOverTheLineThatIsBeingWritten()
    {
        Write(null, (0, 2));
        File.AppendAllText(AccessJournal.Files(folder)[^1], "{\"at\":\"2026-0");

        Assert.Equal((2, null), AccessJournal.Verify(folder));
    }

    private static AccessRecord Record(double day) => new(Start.AddDays(day), "p", "project", "t", "c", "k", null, "g", "work", "all-rules-pass", true, "");

    private void Write(int? keepDays, params (double Day, int Lines)[] batches)
    {
        using var journal = new AccessJournal(folder, new JournalKeeping(KeepDays: keepDays));
        foreach (var (day, lines) in batches) journal.Write([.. Enumerable.Repeat(Record(day), lines)]);
    }
}
