using System.Diagnostics;
using System.Text;
using Hybrid.Testing;

namespace Hybrid.EndToEnd.Product;

/// <summary>One of the product's programs, started as its operator starts it; what it says is kept.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private RunningProgram(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Everything that it wrote to both outputs so far.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public static RunningProgram Start(string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        var program = new RunningProgram(new Process { StartInfo = start });
        program.process.OutputDataReceived += program.Keep;
        program.process.ErrorDataReceived += program.Keep;
        program.process.Start();
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a program to its good end.</summary>
    public static async Task RunAsync(string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var program = Start(dll, arguments, environment);
        await program.process.WaitForExitAsync();
        Assert.True(program.process.ExitCode == 0, program.Said);
    }

    /// <summary>Waits until an address answers 200; fails with what the program said when it ended instead.</summary>
    public async Task AnswersAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Wait.UntilAsync(async () =>
        {
            Assert.False(process.HasExited, Said);
            try
            {
                return (await http.GetAsync(url)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>A dump of the whole memory of the process, by the runtime's own tool; the caller deletes the file.</summary>
    public async Task<string> DumpAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"hybrid-dump-{Guid.NewGuid():N}");
        var tool = Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "createdump");
        using var dump = Process.Start(new ProcessStartInfo(tool, ["--full", "--name", file, $"{Id}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.True(dump.ExitCode == 0 && File.Exists(file), await output);
        return file;
    }

    /// <summary>Asks it to end, as a supervisor does (SIGTERM), so that it flushes what it still holds.</summary>
    public async Task EndAsync()
    {
        if (process.HasExited) return;
        using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The program did not end within 20 seconds of SIGTERM: {Said[Math.Max(0, Said.Length - 500)..]}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (said) said.AppendLine(line.Data);
    }
}
