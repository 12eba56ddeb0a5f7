using System.Diagnostics;
using System.Text;
using Hybrid.Testing;

namespace Hybrid.ServiceDefaults.Tests.Harness;

/// <summary>One of the two hosts as operators run it: a process with its console captured.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder console = new();

    private HostProcess(Process process) => this.process = process;

    public string Console
    {
        get
        {
            lock (console) return console.ToString();
        }
    }

    /// <summary>Starts a host.</summary>
    /// <param name="dll">Path of the host's project, and its assembly's name.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables.</param>
    public static HostProcess Start((string Project, string Assembly) dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var path = Path.Combine(ReferenceFiles.RepositoryRoot, dll.Project, "bin", configuration, "net10.0", dll.Assembly + ".dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var host = new HostProcess(Process.Start(start)!);
        host.process.OutputDataReceived += (_, line) => host.Keep(line.Data);
        host.process.ErrorDataReceived += (_, line) => host.Keep(line.Data);
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Waits until an address answers.</summary>
    public async Task AnswersAsync(Uri url)
    {
        using var http = new HttpClient();
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(process.HasExited, Console);
            try
            {
                await http.GetAsync(url, bound.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, bound.Token);
            }
        }
    }

    /// <summary>The exit code, when the host ends by itself.</summary>
    public async Task<int> ExitAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(bound.Token);
        return process.ExitCode;
    }

    /// <summary>Ends the host as a service manager does, so that it exports what it still holds.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (console) console.AppendLine(line);
    }
}
