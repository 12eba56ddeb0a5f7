using System.Diagnostics;
using System.Text.RegularExpressions;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;

namespace Hybrid.EndToEnd.Demo;

/// <summary>The demonstration, started as a newcomer starts it, with data of its own.</summary>
internal sealed partial class DemoProgram : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("hybrid-demo").FullName;

    /// <summary>Port of its control plane; the agent takes the next one.</summary>
    public int Port { get; } = FreePair();

    public Uri Url => new($"http://localhost:{Port}");

    private static string Dll => Installation.Host("infra/Hybrid.Demo", "Hybrid.Demo");

    /// <summary>Runs it until it ends by itself.</summary>
    public Task<(int Code, string Said)> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => RunAsync(Dll, environment, arguments);

    /// <summary>The same in a repository in which nothing was installed or built but the demonstration itself.</summary>
    public Task<(int Code, string Said)> RunFreshAsync(string repository, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var workspace = Directory.CreateDirectory(Path.Combine(repository, "control-plane", "workspace")).FullName;
        Directory.CreateDirectory(Path.Combine(workspace, "src"));
        File.WriteAllText(Path.Combine(repository, "Hybrid.sln"), "");
        foreach (var file in new[] { "package.json", "package-lock.json", ".npmrc" }) File.Copy(Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane", "workspace", file), Path.Combine(workspace, file));
        var bin = Directory.CreateDirectory(Path.Combine(repository, "infra", "Hybrid.Demo", "bin", "Debug", "net10.0")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Dll)!)) File.Copy(file, Path.Combine(bin, Path.GetFileName(file)));
        return RunAsync(Path.Combine(bin, Path.GetFileName(Dll)), environment, arguments);
    }

    private async Task<(int Code, string Said)> RunAsync(string dll, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        using var process = Start(dll, environment, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output + await error).Trim());
    }

    /// <summary>Starts it and reads until it has printed its address.</summary>
    public async Task<(Process Process, string Said)> StartAsync(params string[] arguments)
    {
        var process = Start(Dll, null, arguments);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.Contains("Ctrl-C", StringComparison.Ordinal)) return (process, string.Join('\n', said));
        }

        throw new InvalidOperationException($"{string.Join('\n', said)} {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    public static async Task EndAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(90));
    }

    /// <summary>Programs that still work for this installation.</summary>
    public IReadOnlyList<int> Left() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(int.Parse!).Where(id => CommandLine(id).Contains($":{Port}", StringComparison.Ordinal) || CommandLine(id).Contains(data, StringComparison.Ordinal))];

    /// <summary>The password that the table of sign-ins shows.</summary>
    public static string PasswordIn(string said) => Password().Match(said).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var id in Left())
        {
            try
            {
                using var left = Process.GetProcessById(id);
                left.Kill(entireProcessTree: true);
                await left.WaitForExitAsync();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended by itself in between.
            }
        }

        Directory.Delete(data, recursive: true);
    }

    private Process Start(string dll, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(DotnetPath, [dll, "--data", data, .. arguments.Contains("--port") ? arguments : ["--port", $"{Port}", .. arguments]]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return Process.Start(start)!;
    }

    // By its full path, so that a test can take everything else off the PATH.
    private static string DotnetPath => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int FreePair()
    {
        while (true)
        {
            var port = TestServers.FreePort();
            if (port < 65000 && IsFree(port + 1)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex("(?<= )[0-9a-f]{16}(?= )")]
    private static partial Regex Password();
}
