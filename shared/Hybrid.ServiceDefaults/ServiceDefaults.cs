using Hybrid.ServiceDefaults.Health;
using Hybrid.ServiceDefaults.Logging;
using Hybrid.ServiceDefaults.Operators;
using Hybrid.ServiceDefaults.Problems;
using Hybrid.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Hybrid.ServiceDefaults;

/// <summary>What both hosts do alike: telemetry, redaction, problems, health.</summary>
public static class ServiceDefaults
{
    /// <summary>Registers all of it. The host calls <see cref="UseServiceDefaults"/>, <see cref="MapServiceDefaults"/> and, before it runs, <see cref="OpenOperatorListenerAsync"/>.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, ServiceDescription service, OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(options);
        AddLogging(builder, options);
        var otlp = !string.IsNullOrEmpty(builder.Configuration[TelemetrySetup.EndpointVariable]);
        if (otlp || options.Listen is not null) TelemetrySetup.Add(builder.Services, service, options, otlp);
        builder.Services.AddProblems();
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton(provider => new OperatorListener(options, provider, provider.GetRequiredService<ILogger<OperatorListener>>()));
        return builder;
    }

    /// <summary>
    /// Turns exceptions and empty refusals of the framework into problems. First in the pipeline.
    /// </summary>
    /// <param name="app">The host.</param>
    /// <param name="headers">Sets the host's own headers again: an exception clears those that were set before it.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action<IApplicationBuilder> headers)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseProblems(headers);
        return app;
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>; the answer is for the host's rules on its routes.</summary>
    public static IEndpointConventionBuilder MapServiceDefaults(this IEndpointRouteBuilder app) => HealthRoutes.Map(app);

    /// <summary>Opens the operators' listener where one is wanted; the mistake with its mend when that fails, else null.</summary>
    public static Task<string?> OpenOperatorListenerAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<OperatorListener>().OpenAsync();
    }

    private static void AddLogging(WebApplicationBuilder builder, OperatorOptions options)
    {
        // Weakest of all sources, so that any Logging:LogLevel of the operator's goes before it. The framework's chatter at Information
        // is one line and more for each request.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                KeyValuePair.Create<string, string?>("Logging:LogLevel:Microsoft", "Warning"),
                KeyValuePair.Create<string, string?>("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
                KeyValuePair.Create<string, string?>("Logging:LogLevel:System.Net.Http", "Warning"),
            ],
        });
        builder.Logging.SetMinimumLevel(options.Level);
        builder.Services.PostConfigure<ConsoleLoggerOptions>(o => o.FormatterName = options.IsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        builder.Services.Configure<JsonConsoleFormatterOptions>(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, "O"));
        builder.Services.Configure<SimpleConsoleFormatterOptions>(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' "));
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(services => new RedactingLoggerFactory(new LoggerFactory(
            services.GetServices<ILoggerProvider>(),
            services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
            services.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
            services.GetService<IExternalScopeProvider>()))));
    }
}
