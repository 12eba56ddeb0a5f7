using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Tests.Harness;

namespace Hybrid.StorageAgent.Tests.AccessLog;

/// <summary>The record as its owner reads it, by the executable.</summary>
public sealed class LogVerbsTests : IAsyncLifetime
{
    private const string Hostile = "in/\u001b[2J\u202egnp.a\u0007\u200b.png";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-log").FullName;
    private string config = "";

    private string Log => Path.Combine(folder, "data", "access-log");

    public async ValueTask InitializeAsync()
    {
        config = Path.Combine(folder, "agent.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
        {
            controlPlane = "https://hybrid.example", publicUrl = "https://agent.example", dataDirectory = Path.Combine(folder, "data"), connections = new[] { new { name = "ward", provider = "file", folder } },
        }));
        AgentIdentity.Create(Path.Combine(folder, "data"), Guid.NewGuid(), ECDsa.Create(ECCurve.NamedCurves.nistP256), "pinned").Dispose();
        using var journal = new AccessJournal(Log);
        journal.Write([
            Record(0, "ann", "ward", "in/a.png", "all-rules-pass", true), Record(1, "ben", "ward", "out/b.png", "prefix", false),
            Record(2, "ann", "lab", Hostile, "all-rules-pass", true), Record(3, "=cmd|'/c calc'!A1", "ward", "+1\"2", "person-denied", false)]);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("", "0 1 2 3")]
    [InlineData("--person ann", "0 2")]
    [InlineData("--person an", "")]
    [InlineData("--project p1", "1 3")]
    [InlineData("--connection lab", "2")]
    [InlineData("--key in/", "0 2")]
    [InlineData("--allowed", "0 2")]
    [InlineData("--refused", "1 3")]
    [InlineData("--rule prefix", "1")]
    [InlineData("--from 2026-03-01T12:01:00Z --to 2026-03-01T14:03:00+02:00", "1 2")]
    [InlineData("--from 2026-03-02", "")]
    public void Search_FindsWhatIsAskedFor(string arguments, string minutes)
    {
        var query = Query(arguments);

        Assert.Equal(minutes, string.Join(' ', query.Find(Log).Select(f => f.Record.At.Minute)));
    }

    [Fact]
    public async Task Search_OnTheTerminal_LetsNoNameMoveTheCursor()
    {
        var words = await AgentProcess.RunAsync("log", "search", "--config", config, "--person", "ann", "--key", "in/", "--from", "2026-03-01", "--to", "2026-03-02");

        Assert.Equal(0, words.ExitCode);
        var lines = words.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("2026-03-01T12:00:00.000Z allowed all-rules-pass person=ann project=p0 connection=ward act=work client=10.0.0.1 key=in/a.png", lines[0]);
        Assert.EndsWith(@" key=in/\u{1b}[2J\u{202e}gnp.a\u{7}\u{200b}.png", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(words.Output, c => char.IsControl(c) && c != '\n');

        var json = await AgentProcess.RunAsync("log", "search", "--config", config, "--connection", "lab", "--json");
        Assert.Equal(File.ReadLines(AccessJournal.Files(Log)[0]).ElementAt(2), json.Output.TrimEnd('\n'));
        Assert.All(json.Output, c => Assert.True(char.IsAscii(c)));

        var both = await AgentProcess.RunAsync("log", "search", "--config", config, "--allowed", "--refused");
        Assert.Contains("--allowed and --refused together name no line", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AsJsonLines_IsTheLogItselfWithASignedEnd()
    {
        var path = Path.Combine(folder, "export.jsonl");
        var made = await AgentProcess.RunAsync("log", "export", "--config", config, "--out", path);
        Assert.Equal((0, $"4 lines in {path}.\n"), (made.ExitCode, made.Output));
        var log = AccessJournal.Files(Log)[0];
        Assert.Equal(await File.ReadAllLinesAsync(log, Ct), (await File.ReadAllLinesAsync(path, Ct))[..^1]);
        var end = JsonElement.Parse(File.ReadLines(path).Last()).GetProperty("end");
        Assert.Equal((4, 4, true, true), (end.GetProperty("lines").GetInt32(), end.GetProperty("searched").GetInt32(), end.GetProperty("everything").GetBoolean(), end.GetProperty("unbroken").GetBoolean()));
        Assert.Equal(File.ReadAllText(Path.Combine(Log, "head")).Trim().Split(' ')[2], end.GetProperty("head").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(log, Ct))), end.GetProperty("sha256").GetString());

        var sound = await AgentProcess.RunAsync("log", "verify", "--config", config, "--export", path);
        Assert.Equal((0, "4 lines as they were exported, signed by this agent's key.\n"), (sound.ExitCode, sound.Output));
        var again = await AgentProcess.RunAsync("log", "export", "--config", config, "--out", path);
        Assert.Equal(2, again.ExitCode);
    }

    [Fact]
    public void Export_WhenAnyByteIsChanged_IsNotSound()
    {
        var path = Path.Combine(folder, "export.jsonl");
        using (var identity = AgentIdentity.Load(Path.Combine(folder, "data")))
        using (var to = File.Create(path)) LogExport.Write(Log, new LogQuery(Connection: "ward"), csv: false, identity, TimeProvider.System, to);
        var whole = File.ReadAllBytes(path);
        Assert.Null(LogExport.Check(path).Mistake);
        var signed = File.ReadAllText(path).IndexOf("\"signature\"", StringComparison.Ordinal);
        var end = File.ReadAllText(path).IndexOf("{\"end\"", StringComparison.Ordinal);
        // The readable copy of the end is not what is signed: its words are those of the signature.
        foreach (var at in Enumerable.Range(0, end).Concat(Enumerable.Range(signed, whole.Length - signed)))
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x01;
            File.WriteAllBytes(path, changed);
            Assert.True(LogExport.Check(path).Mistake is not null, $"byte {at}");
        }

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.True(LogExport.Check(path).Mistake is not null, $"cut at {length}");
        }
    }

    [Fact]
    public async Task Export_AsTable_HoldsNoFormula()
    {
        var csv = await AgentProcess.RunAsync("log", "export", "--config", config, "--format", "csv");

        var rows = csv.Output.Split("\r\n");
        Assert.Equal(7, rows.Length);
        Assert.StartsWith("\"at\",\"allowed\",\"rule\",\"person\",", rows[0], StringComparison.Ordinal);
        Assert.Contains("\"'=cmd|'/c calc'!A1\"", rows[4], StringComparison.Ordinal);
        Assert.Contains("\"'+1\"\"2\"", rows[4], StringComparison.Ordinal);
        Assert.StartsWith("\"end\",\"{", rows[5], StringComparison.Ordinal);
        Assert.Contains("\"\"lines\"\":4", rows[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1", "\"'=1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@a", "\"'@a\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData(" =1", "\"' =1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a=1", "\"a=1\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("", "\"\"")]
    [InlineData(null, "\"\"")]
    public void Cell_IsNoFormula(string? text, string cell) => Assert.Equal(cell, PlainText.Cell(text));

    [Fact]
    public async Task Verify_SaysWhatItFound_ByWordsAndExitCode()
    {
        var whole = await AgentProcess.RunAsync("log", "verify", "--config", config);
        Assert.Equal(0, whole.ExitCode);
        Assert.StartsWith("4 lines, unbroken. Head ", whole.Output, StringComparison.Ordinal);

        var path = AccessJournal.Files(Log)[0];
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path, Ct))[..3], Ct);
        var cut = await AgentProcess.RunAsync("log", "verify", "--config", config);
        Assert.Equal((1, "The chain breaks at the end: lines after number 3 are missing. Keep the files and find out who changed them.\n"), (cut.ExitCode, cut.Output));
    }

    [Fact]
    public async Task AllVerbs_OnALongLog_NeedLittleMemory()
    {
        using (var journal = new AccessJournal(Log))
        {
            var record = Record(5, new string('p', 100), "ward", new string('k', 1_000), "all-rules-pass", true);
            for (var i = 0; i < 17; i++) journal.Write([.. Enumerable.Repeat(record, 5_000)]);
        }

        Assert.True(AccessJournal.Files(Log).Sum(f => new FileInfo(f).Length) > 100_000_000);
        foreach (var verb in (string[][])[["verify"], ["search", "--rule", "prefix"], ["export", "--out", Path.Combine(folder, "big.jsonl")]])
        {
            // A heap of 24 MiB: the largest file alone is 64.
            var start = new ProcessStartInfo("dotnet", [typeof(AgentHost).Assembly.Location, "log", .. verb, "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x1800000";
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
            await process.WaitForExitAsync(Ct);
            Assert.True(process.ExitCode == 0, $"{verb[0]}: {await output} {await error}");
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static AccessRecord Record(int minute, string person, string connection, string key, string rule, bool allowed) =>
        new(Start.AddMinutes(minute), person, $"p{minute % 2}", "t", connection, key, null, "g", "work", rule, allowed, "", "10.0.0.1");

    private static LogQuery Query(string arguments)
    {
        var query = new LogQuery();
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            query = words[i] switch
            {
                "--allowed" => query with { Allowed = true },
                "--refused" => query with { Allowed = false },
                "--person" => query with { Person = words[++i] },
                "--project" => query with { Project = words[++i] },
                "--connection" => query with { Connection = words[++i] },
                "--key" => query with { KeyPrefix = words[++i] },
                "--rule" => query with { Rule = words[++i] },
                "--from" => query with { From = At(words[++i]) },
                _ => query with { To = At(words[++i]) },
            };
        }

        return query;

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
    }
}
