using Hybrid.Demo;
using Spectre.Console;

var (options, mistake) = DemoOptions.Read(args);
if (options is null)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{mistake}[/]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
// A supervisor ends programs with SIGTERM: nothing may stay behind then either.
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
try
{
    await using var demo = new Launcher(options);
    await demo.StartAsync(stop.Token);
    if (!options.UntilReady) await demo.WaitAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (DemoException failed)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{failed.Message}[/]");
    return 1;
}
