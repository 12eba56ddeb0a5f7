using Hybrid.Demo;
using Spectre.Console;

// In a file or a pipe nobody reads lines that were broken at 80 characters.
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;

// Ctrl-C and a supervisor's SIGTERM cancel the action; it has as long as its children need to end.
return await DemoOptions.Command(RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });

static async Task<int> RunAsync(DemoOptions options, CancellationToken stop)
{
    try
    {
        await using var demo = new Launcher(options);
        await demo.StartAsync(stop);
        if (!options.UntilReady) await demo.WaitAsync(stop);
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    catch (DemoException failed)
    {
        await Console.Error.WriteLineAsync(failed.Message);
        return 1;
    }
}
