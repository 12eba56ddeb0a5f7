using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Verbs;
using Hybrid.ServiceDefaults;

// Verbs come first on the command line; everything else is configuration of the host itself.
if (args is [var verb, ..] && !verb.StartsWith('-') && verb != "run") return await VerbTable.Root().Parse(args).InvokeAsync();

var builder = WebApplication.CreateBuilder(args is ["run", ..] ? args[1..] : args);
if (!builder.TryAddControlPlane(out var mistakes))
{
    foreach (var mistake in mistakes) await Console.Error.WriteLineAsync(mistake);
    return 2;
}

var app = builder.Build();
if (await app.PrepareDatabaseAsync() is { } refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 2;
}

app.UseControlPlane();
if (await app.OpenOperatorListenerAsync() is { } taken)
{
    await Console.Error.WriteLineAsync(taken);
    return 2;
}

await app.RunAsync();
return 0;

/// <summary>The host; tests start it in their own process.</summary>
public partial class Program;
