using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.StorageAgent.Identity;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>The agent's own executable, in an environment of its own: only so can what it finds there be tested.</summary>
internal static class AgentProcess
{
    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(AgentHost).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            // A verb that serves where it should have refused ends with its test.
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>What <c>hybrid-agent check</c> says of the connection <c>c</c>, by the thing that was tried.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> CheckAsync(object connection, IReadOnlyDictionary<string, string> environment)
    {
        var folder = Directory.CreateTempSubdirectory("hybrid-check").FullName;
        try
        {
            using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256)) AgentIdentity.Create(folder, Guid.NewGuid(), key, "pinned");
            var config = Path.Combine(folder, "agent.json");
            await File.WriteAllTextAsync(config, JsonSerializer.Serialize(
                new { controlPlane = "http://127.0.0.1:9", publicUrl = "http://127.0.0.1:9", dataDirectory = folder, connections = new[] { connection } }));
            var start = new ProcessStartInfo("dotnet", [typeof(AgentHost).Assembly.Location, "check", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("AWS_", StringComparison.Ordinal) || n.StartsWith("GOOGLE_", StringComparison.Ordinal) || n.StartsWith("AZURE_", StringComparison.Ordinal)).ToList())
                start.Environment.Remove(name);
            start.Environment["HOME"] = folder;
            foreach (var (name, value) in environment) start.Environment[name] = value;
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var lines = (await output).Split('\n').Where(l => l.Contains(" c: ", StringComparison.Ordinal)).Select(l => l.Split(": ", 3)).Where(l => l.Length == 3).ToDictionary(l => l[1], l => $"{l[0][..1]} {l[2]}", StringComparer.Ordinal);
            Assert.True(lines.Count > 0, $"{await output}\n{await error}");
            return lines;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
