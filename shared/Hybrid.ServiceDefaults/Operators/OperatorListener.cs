using Hybrid.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Metrics;

namespace Hybrid.ServiceDefaults.Operators;

/// <summary>
/// The operators' own small server: metrics and health. A server of its own, not a route of the host: nothing that reaches the public
/// port can come here, whatever host header it carries.
/// </summary>
internal sealed partial class OperatorListener(OperatorOptions options, IServiceProvider host, ILogger<OperatorListener> logger) : IAsyncDisposable
{
    private const string Metrics = "/metrics";

    private WebApplication? app;

    /// <summary>Opens the listener; the mistake with its mend when that fails.</summary>
    public async Task<string?> OpenAsync()
    {
        if (options.Listen is null || app is not null) return null;
        var opened = Build(options.Listen);
        try
        {
            await opened.StartAsync();
            app = opened;
            Opened(options.Listen);
            return null;
        }
        catch (Exception refused) when (refused is IOException or System.Net.Sockets.SocketException)
        {
            await opened.DisposeAsync();
            return $"The operators' listener cannot use {options.Listen}: end the program that holds the port, or give another address.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private WebApplication Build(string listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(listen).ConfigureKestrel(k => k.AddServerHeader = false);
        // A port that is taken is said in our own words, without the stack that the server would log.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var listener = builder.Build();
        listener.UseOpenTelemetryPrometheusScrapingEndpoint(host.GetRequiredService<MeterProvider>(), context => context.Request.Path == Metrics, Metrics, null, null);
        listener.Run(AnswerAsync);
        return listener;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Func<HealthCheckRegistration, bool>? checks = context.Request.Path.Value switch
        {
            "/health/live" => _ => false,
            "/health/ready" => HealthRoutes.IsForReadiness,
            _ => null,
        };
        if (checks is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("Here are /metrics, /health/live and /health/ready.\n", context.RequestAborted);
            return;
        }

        var report = await host.GetRequiredService<HealthCheckService>().CheckHealthAsync(checks, context.RequestAborted);
        await HealthRoutes.WriteAsync(context, report, forOperators: true);
    }

    [LoggerMessage(4000, LogLevel.Information, "Metrics and health for operators: {Address}")]
    private partial void Opened(string address);

    // The host itself listens to signals and disposes of this server.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
