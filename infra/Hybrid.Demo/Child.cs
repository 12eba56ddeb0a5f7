using System.Diagnostics;

namespace Hybrid.Demo;

/// <summary>A program that the launcher started, and ends with itself.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;
    private readonly StreamWriter log;

    private Child(string name, Process process, StreamWriter log) => (Name, this.process, this.log) = (name, process, log);

    public string Name { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public Task Exited => process.WaitForExitAsync();

    /// <summary>Starts a program; what it says goes into a file.</summary>
    public static Child Start(string name, string logFile, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        var process = Process.Start(start) ?? throw new DemoException($"{name} could not be started.");
        var child = new Child(name, process, log);
        process.OutputDataReceived += (_, line) => child.Write(line.Data);
        process.ErrorDataReceived += (_, line) => child.Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end; its last lines when it fails.</summary>
    public static async Task<string> RunAsync(string what, string program, IEnumerable<string> arguments, string folder, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        using var process = Process.Start(start) ?? throw new DemoException($"{what}: {program} could not be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode == 0) return await output;
        throw new ChildFailedException(what, await error + await output);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5000);
        }

        process.Dispose();
        log.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null) return;
        lock (log)
        {
            if (log.BaseStream.CanWrite) log.WriteLine(line);
        }
    }
}

/// <summary>What went wrong, in one sentence with the mend.</summary>
internal class DemoException(string message) : Exception(message);

/// <summary>A program that ended badly.</summary>
/// <param name="what">What it was to do.</param>
/// <param name="said">Everything that it said.</param>
internal sealed class ChildFailedException(string what, string said) : DemoException($"{what} failed: {string.Join(' ', said.Split('\n').TakeLast(6)).Trim()}")
{
    public string Said { get; } = said;
}
