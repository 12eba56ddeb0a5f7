using System.Net.Sockets;
using Amazon.S3.Model;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;

namespace Hybrid.EndToEnd.Demo;

/// <summary>The first thing that a newcomer runs: it works, goes on, ends without a trace, and says in one sentence what keeps it from starting.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private readonly DemoProgram demo = new();
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-own").FullName;

    public async ValueTask InitializeAsync() => await File.WriteAllBytesAsync(Path.Combine(folder, "boat.png"), CanaryPicture.Make(600, 400, new byte[8]));

    public async ValueTask DisposeAsync()
    {
        await demo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Demo_WhenEnded_LeavesNothingRunning_AndGoesOnNextTime(string signal)
    {
        NeedsWorkspace();
        var (process, said) = await demo.StartAsync("--folder", folder);
        using var first = process;
        var before = await ProjectsAsync(said, "olga");
        foreach (var person in new[] { "petra", "tomas", "rita", "lea", "luis" }) Assert.Single(await ProjectsAsync(said, person));
        Assert.Equal(2, demo.Left().Count(id => id != process.Id));

        await DemoProgram.EndAsync(process, signal);

        Assert.Equal(0, process.ExitCode);
        Assert.Empty(demo.Left());
        var (again, saidAgain) = await demo.StartAsync("--folder", folder);
        using var second = again;
        Assert.Equal(DemoProgram.PasswordIn(said), DemoProgram.PasswordIn(saidAgain));
        Assert.Equal(before, await ProjectsAsync(saidAgain, "olga"));
        await DemoProgram.EndAsync(again, signal);
        Assert.Empty(demo.Left());
    }

    [Fact]
    public async Task Demo_OnItsOwnPictures_HasTwoProjectsWithAllOfThem_AndResetBeginsAnew()
    {
        NeedsWorkspace();
        var (process, said) = await demo.StartAsync();
        using var first = process;
        var projects = await ProjectsAsync(said, "olga");
        Assert.Equal(2, projects.Count);
        await DemoProgram.EndAsync(process, "INT");

        var (again, saidAgain) = await demo.StartAsync("--reset");
        using var second = again;
        Assert.NotEqual(DemoProgram.PasswordIn(said), DemoProgram.PasswordIn(saidAgain));
        Assert.Empty((await ProjectsAsync(saidAgain, "olga")).Intersect(projects));
        await DemoProgram.EndAsync(again, "INT");
    }

    [Fact]
    public async Task Demo_WhenAPartDies_SaysWhichAndEndsTheRest()
    {
        NeedsWorkspace();
        var (process, _) = await demo.StartAsync("--folder", folder);
        using var first = process;
        var agent = demo.Left().Single(id => File.ReadAllText($"/proc/{id}/cmdline").Contains("hybrid-agent", StringComparison.Ordinal));
        using (var killed = System.Diagnostics.Process.GetProcessById(agent)) killed.Kill();
        var rest = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("The storage agent ended by itself", rest, StringComparison.Ordinal);
        Assert.Empty(demo.Left());
    }

    [Fact]
    public async Task Demo_WhenThePortIsTaken_SaysSo()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, demo.Port + 1);
        other.Start();
        Refused($"Port {demo.Port + 1} is in use: end the other program, or choose another with --port.", await demo.RunAsync(null, "--folder", folder));
    }

    [Fact]
    public async Task Demo_WithoutNode_SaysSo() =>
        Refused("Node.js was not found: install version 20.19 or newer.", await demo.RunAsync(Path_(Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName), "--folder", folder));

    [Fact]
    public async Task Demo_WithAnOldNode_NamesIt()
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var node = Path.Combine(bin, "node");
        await File.WriteAllTextAsync(node, "#!/bin/sh\necho v18.20.4\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Refused("Node.js v18.20.4 is too old: install version 20.19 or newer.", await demo.RunAsync(Path_(bin), "--folder", folder));
    }

    [Fact]
    public async Task Demo_WithoutANetwork_SaysWhatNeedsIt()
    {
        NeedsWorkspace();
        // A repository that has installed nothing yet, and a registry where nobody listens.
        var environment = new Dictionary<string, string> { ["npm_config_registry"] = $"http://127.0.0.1:{TestServers.FreePort()}/", ["npm_config_cache"] = Path.Combine(folder, "cache") };
        Refused("Installing the workspace's packages needs the network once: connect this machine, then start again.", await demo.RunFreshAsync(Path.Combine(folder, "fresh"), environment, "--folder", folder));
    }

    [Fact]
    public async Task Demo_OnAFolderWithoutPictures_SaysWhatItTakes()
    {
        NeedsWorkspace();
        var empty = Directory.CreateDirectory(Path.Combine(folder, "texts")).FullName;
        await File.WriteAllTextAsync(Path.Combine(empty, "notes.txt"), "No picture.", TestContext.Current.CancellationToken);
        Refused($"No picture was found in {empty}: put JPEG, PNG, WebP, GIF, BMP or AVIF there, then start again.", await demo.RunAsync(null, "--folder", empty, "--until-ready"));
        Assert.Empty(demo.Left());
    }

    [Theory]
    [InlineData("does not exist: name one that holds pictures.", "--folder", "/nowhere/at/all")]
    [InlineData("--s3 and --bucket belong together: give both.", "--s3", "http://localhost:1")]
    [InlineData("--s3 is an address with http:// or https://", "--s3", "localhost", "--bucket", "b")]
    [InlineData("--port is a number from 1 to 65534.", "--port", "90000")]
    [InlineData("Unrecognized command or argument '--folders'", "--folders", "x")]
    public async Task Demo_WithAnArgumentThatIsOff_NamesIt(string mistake, params string[] arguments)
    {
        var (code, said) = await demo.RunAsync(null, arguments);
        Assert.NotEqual(0, code);
        Assert.Contains(mistake, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_OnABucket_ChecksItFirst()
    {
        NeedsWorkspace();
        var server = RgwServer.Get();
        using var s3 = CephStorage.Client(server);
        var bucket = $"demo-{Guid.NewGuid():N}";
        await s3.PutBucketAsync(bucket, TestContext.Current.CancellationToken);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "boat.png", ContentType = "image/png", FilePath = Path.Combine(folder, "boat.png") }, TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = server.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = server.SecretKey };
        string[] arguments = ["--s3", server.Endpoint.ToString(), "--bucket", bucket, "--until-ready"];

        var (code, said) = await demo.RunAsync(environment, arguments);
        Assert.Equal(1, code);
        Assert.Contains("CORS", said, StringComparison.Ordinal);
        Assert.Contains("\"AllowedOrigins\"", said, StringComparison.Ordinal);

        await s3.PutCORSConfigurationAsync(
            bucket,
            new CORSConfiguration { Rules = [new CORSRule { AllowedOrigins = [$"http://localhost:{demo.Port}"], AllowedMethods = ["GET", "HEAD"], ExposeHeaders = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"], MaxAgeSeconds = 600 }] },
            TestContext.Current.CancellationToken);
        (code, said) = await demo.RunAsync(environment, arguments);
        Assert.True(code == 0, said);

        (code, said) = await demo.RunAsync(environment, [.. arguments[..3], "absent", .. arguments[4..]]);
        Assert.Equal(1, code);
        Assert.Contains("list", said, StringComparison.Ordinal);
        (code, said) = await demo.RunAsync(new Dictionary<string, string>(environment) { ["AWS_SECRET_ACCESS_KEY"] = "wrong" }, [.. arguments, "--reset"]);
        Assert.Equal(1, code);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static void NeedsWorkspace()
    {
        if (!File.Exists(Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane", "workspace", "dist", "index.html"))) Assert.Skip("The workspace was not built: run infra/test.sh, or npm run build in control-plane/workspace.");
    }

    private static Dictionary<string, string> Path_(string folder) => new() { ["PATH"] = folder };

    // One sentence after the steps that worked, and no trace of where in the code it happened.
    private static void Refused(string sentence, (int Code, string Said) ended)
    {
        Assert.Equal(1, ended.Code);
        Assert.Equal([sentence], ended.Said.Split('\n').Where(l => !l.StartsWith('✓')));
    }

    private async Task<IReadOnlyList<Guid>> ProjectsAsync(string said, string person)
    {
        using var browser = new BrowserSession(demo.Url, TimeProvider.System);
        await browser.SignInAsync($"{person}@demo.example", DemoProgram.PasswordIn(said));
        return [.. (await browser.GetAsync("/api/projects")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetGuid())];
    }
}
