using Hybrid.ControlPlane.Infrastructure.Hosting;

namespace Hybrid.ControlPlane.Verbs;

/// <summary>Gives a verb the host's own services, without serving.</summary>
internal static class VerbHost
{
    /// <summary>Runs an act within one service scope; the exit code is the process's.</summary>
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> act)
    {
        var builder = WebApplication.CreateBuilder();
        if (!builder.TryAddControlPlane(out var mistakes))
        {
            foreach (var mistake in mistakes) await Console.Error.WriteLineAsync(mistake);
            return 2;
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }
}
