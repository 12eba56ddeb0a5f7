using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Packaging;

/// <summary>What <c>infra/package.sh</c> makes, made once.</summary>
public sealed class Package : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-package").FullName;

    public string Archive => Directory.GetFiles(folder, "hybrid-agent-*-linux-x64.tar.gz").Single();

    public string Sbom => Archive.Replace(".tar.gz", ".cdx.json", StringComparison.Ordinal);

    public string Sums => Archive.Replace(".tar.gz", ".SHA256SUMS", StringComparison.Ordinal);

    /// <summary>The archive, unpacked.</summary>
    public string Unpacked { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await MakeAsync(ReferenceFiles.RepositoryRoot, folder);
        var unpacked = Directory.CreateDirectory(Path.Combine(folder, "unpacked")).FullName;
        await using var gzip = new GZipStream(File.OpenRead(Archive), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(gzip, unpacked, overwriteFiles: false);
        Unpacked = Directory.GetDirectories(unpacked).Single();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes it again as another person would elsewhere: from a copy in another folder, with other temporary files, rights and time zone.</summary>
    /// <returns>The folder with the packages.</returns>
    public async Task<string> MakeElsewhereAsync()
    {
        var (copy, made) = (Path.Combine(folder, "a", "folder of another length"), Path.Combine(folder, "elsewhere"));
        var temporary = Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName;
        var (code, said) = await RunAsync(
            "bash", new() { ["ROOT"] = ReferenceFiles.RepositoryRoot, ["COPY"] = copy }, "-euc",
            // The commit is part of the version; what is not committed yet is copied too.
            "git clone --quiet --shared --no-checkout \"$ROOT\" \"$COPY\"; cd \"$ROOT\"; git ls-files --cached --others --exclude-standard -z | xargs -0 ls -d 2>/dev/null | tar --create --files-from=- | tar --extract --directory=\"$COPY\"");
        Assert.True(code == 0, said);
        await MakeAsync(copy, made, new() { ["TMPDIR"] = temporary, ["TZ"] = "Asia/Tokyo", ["LC_ALL"] = "C" });
        return made;
    }

    private static async Task MakeAsync(string root, string target, Dictionary<string, string>? environment = null)
    {
        var (code, said) = await RunAsync("bash", environment ?? [], "-c", $"umask {(environment is null ? "022" : "077")}; exec bash '{Path.Combine(root, "infra/package.sh")}' --out '{target}'");
        Assert.True(code == 0, said);
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}

/// <summary>The packaged agent: complete, and content with as little as its documents say.</summary>
public sealed class PackageTests(Package package) : IClassFixture<Package>
{
    private const string Nobody = "65532";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_RunsAsNobody_OnAReadOnlyRoot_WithoutAShell()
    {
        if (Environment.UserName != "root") Assert.Skip("Only root can make a root of its own for the agent.");
        var root = Directory.CreateTempSubdirectory("hybrid-root").FullName;
        await using var agent = await AgentOnDisk.PrepareAsync(file =>
        {
            file["dataDirectory"] = "/data";
            file["connections"]![0]!["folder"] = "/pictures";
        });
        File.SetUnixFileMode(agent.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (var path in Directory.GetFileSystemEntries(agent.Data, "*", SearchOption.AllDirectories).Append(agent.Data)) await ChownAsync(path);
        try
        {
            var script = Path.Combine(ReferenceFiles.RepositoryRoot, "tests/Hybrid.StorageAgent.Tests/Packaging/run-sealed.sh");
            await agent.RunAsync(new ProcessStartInfo("bash", [script, root, Path.Combine(package.Unpacked, "bin"), agent.Data, agent.Config, agent.Home]));
            await agent.UntilAsync(async () => (await agent.GetAsync(new Uri(agent.Operators, "/health/ready"))).Status == 200);

            // It does its work …
            var (objects, code) = await agent.AskAsync(new ObjectReference("c", "a.png", null));
            Assert.Null(code);
            using var http = new HttpClient();
            using var answer = await http.SignedAsync(objects[0].Url!, objects[0].Header);
            Assert.Equal((HttpStatusCode.OK, "picture"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
            Assert.NotEmpty(Directory.GetFiles(agent.AccessLog, "*.jsonl"));

            // … as nobody, with no right to spare, where nothing but its data can be written and there is nothing to run.
            var status = (await File.ReadAllLinesAsync($"/proc/{agent.Process.Id}/status", Ct)).Select(l => l.Split(':', 2)).ToDictionary(l => l[0], l => l[1].Trim());
            Assert.Equal([Nobody, Nobody, Nobody, Nobody], status["Uid"].Split('\t'));
            Assert.Equal(("0000000000000000", "0000000000000000", "1", ""), (status["CapEff"], status["CapPrm"], status["NoNewPrivs"], status["Groups"]));
            var mounts = (await File.ReadAllLinesAsync($"/proc/{agent.Process.Id}/mountinfo", Ct)).Select(l => l.Split(' ')).ToDictionary(m => m[4], m => m[5].Split(',')[0]);
            Assert.Equal(("ro", "rw", "ro"), (mounts["/"], mounts["/data"], mounts["/pictures"]));
            Assert.DoesNotContain(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), f => Path.GetFileName(f) is "sh" or "bash" or "dash" or "busybox");
            Assert.DoesNotContain("rror", agent.Said, StringComparison.Ordinal);
        }
        finally
        {
            if (agent.Process is { HasExited: false }) agent.Process.Kill();
            await agent.Process.WaitForExitAsync(Ct);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Sbom_ListsEveryPackageWithItsVersion()
    {
        using var sbom = JsonDocument.Parse(await File.ReadAllTextAsync(package.Sbom, Ct));
        var listed = sbom.RootElement.GetProperty("components").EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("version").GetString()}").ToHashSet(StringComparer.Ordinal);
        var packages = (await File.ReadAllLinesAsync(Path.Combine(ReferenceFiles.RepositoryRoot, "storage-agent/packages.txt"), Ct))
            // Runs in the build alone.
            .Where(l => l.Length > 0 && l[0] != '#' && !l.StartsWith("Microsoft.Extensions.ApiDescription.Server ", StringComparison.Ordinal));

        Assert.Equal("CycloneDX", sbom.RootElement.GetProperty("bomFormat").GetString());
        Assert.Empty(packages.Except(listed));
    }

    [Fact]
    public async Task Archive_IsWhatItsChecksumSays_AndHoldsWhatTheReaderNeeds()
    {
        foreach (var line in await File.ReadAllLinesAsync(package.Sums, Ct))
        {
            var (sum, name) = (line.Split("  ")[0], line.Split("  ")[1]);
            Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Path.GetDirectoryName(package.Archive)!, name), Ct))));
        }

        Assert.Equal(
            ["NOTICE", "README.md", "TRUST.md", "bin", "hybrid-agent.service", "sbom.cdx.json"],
            Directory.GetFileSystemEntries(package.Unpacked).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal));
        Assert.True(File.GetUnixFileMode(Path.Combine(package.Unpacked, "bin/hybrid-agent")).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task Package_MadeElsewhere_IsTheSameByteForByte()
    {
        var again = await package.MakeElsewhereAsync();

        var here = Path.GetDirectoryName(package.Archive)!;
        Assert.Equal(SumsOf(here), SumsOf(again));
    }

    private static IEnumerable<string> SumsOf(string folder) =>
        Directory.GetFiles(folder, "hybrid-agent-*").Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}");

    private static async Task ChownAsync(string path)
    {
        using var chown = Process.Start("chown", [$"{Nobody}:{Nobody}", path]);
        await chown.WaitForExitAsync(Ct);
        Assert.Equal(0, chown.ExitCode);
    }
}
