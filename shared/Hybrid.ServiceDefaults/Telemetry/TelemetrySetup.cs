using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hybrid.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry for a host. Nothing of it is loaded where nobody would receive anything.</summary>
internal static class TelemetrySetup
{
    /// <summary>The variable (OpenTelemetry's own) that names the collector.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The only labels that a metric may carry: each has few values, none is an id, a person or an address of an object.
    private static readonly string[] Labels =
    [
        "act", "connection", "operation", "outcome", "rule", "sink", "use_case",
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "error.type", "network.protocol.name", "network.protocol.version",
        "network.transport", "network.type", "server.address", "server.port", "tls.protocol.version", "aspnetcore.rate_limiting.policy", "aspnetcore.rate_limiting.result",
        "aspnetcore.routing.match_status", "aspnetcore.routing.is_fallback", "aspnetcore.diagnostics.exception.result", "signalr.connection.status", "signalr.transport",
        "http.connection.state", "gc.heap.generation", "dotnet.gc.heap.generation", "cpu.mode", "dns.question.name",
    ];

    // What arrives with more label values than this is summed into one overflow series.
    private const int LargestCardinality = 1000;

    public static void Add(IServiceCollection services, ServiceDescription service, OperatorOptions options, bool otlp)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(r => r.AddService(service.Name, serviceVersion: service.Version).AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(service.Meter)
                .AddView(_ => new MetricStreamConfiguration { TagKeys = Labels, CardinalityLimit = LargestCardinality });
            if (options.Listen is not null) metrics.AddPrometheusExporter();
            if (otlp) metrics.AddOtlpExporter();
        });
        if (!otlp) return;

        telemetry.WithTracing(traces => traces
            .AddSource(service.Meter)
            .AddAspNetCoreInstrumentation(o => o.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
            .AddHttpClientInstrumentation()
            // Before the exporter: processors run in the order in which they were added.
            .AddProcessor(new TraceRedaction())
            .AddOtlpExporter());
        telemetry.WithLogging(logs => logs.AddOtlpExporter(), o => o.IncludeFormattedMessage = true);
    }
}
