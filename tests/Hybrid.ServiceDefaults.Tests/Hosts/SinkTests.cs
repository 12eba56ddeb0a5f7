using System.Diagnostics;
using Hybrid.ServiceDefaults.Redaction;
using Hybrid.ServiceDefaults.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Tests.Hosts;

/// <summary>A real host on the defaults that does everything wrong: it logs secrets in every way that a record or a span offers.</summary>
[Collection("alone")]
public sealed partial class SinkTests
{
    private static readonly ServiceDescription Service = new("careless", "1.0.0", "Careless");
    private static readonly ActivitySource Source = new("Careless");

    [Theory]
    [InlineData("simple")]
    [InlineData("json")]
    public async Task EverythingLoggedOrTraced_LeavesRedacted_OnConsoleAndOtlp(string format)
    {
        await using var collector = await Collector.StartAsync();
        var console = new StringWriter();
        var before = Console.Out;
        Console.SetOut(TextWriter.Synchronized(console));
        try
        {
            await using var app = Build(collector, format);
            var url = Ports.FreeUrl();
            app.Urls.Add(url.ToString());
            app.MapGet("/careless/{planted:int}/{form}", (int planted, string form, ILogger<SinkTests> logger, ILoggerFactory factory) => Leak(Planted.Forms[form](Planted.All[planted].Text), logger, factory));
            app.MapGet("/marker", (ILogger<SinkTests> logger) => Harmless(logger, "harmless-4711", 42));
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var http = new HttpClient { BaseAddress = url };
            for (var i = 0; i < Planted.All.Count; i++)
            {
                foreach (var form in Planted.Forms.Keys) await http.GetStringAsync($"/careless/{i}/{Uri.EscapeDataString(form)}", TestContext.Current.CancellationToken);
            }

            await http.GetStringAsync("/marker", TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Console.SetOut(before);
        }

        var outputs = new Dictionary<string, string> { ["console"] = console.ToString(), ["logs"] = collector.TextOf("logs"), ["traces"] = collector.TextOf("traces"), ["metrics"] = collector.TextOf("metrics") };
        // What is not secret arrives, so that silence is no proof.
        Assert.Contains("harmless-4711", outputs["console"], StringComparison.Ordinal);
        Assert.Contains("harmless-4711", outputs["logs"], StringComparison.Ordinal);
        Assert.Contains("careless/{planted:int}", outputs["traces"], StringComparison.Ordinal);
        Assert.Contains("happened", outputs["traces"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", outputs["metrics"], StringComparison.Ordinal);
        foreach (var signal in new[] { "console", "logs", "traces" })
        {
            foreach (var kind in Planted.All.Select(p => p.Kind).Distinct()) Assert.Contains(SecretKinds.Marker(kind), outputs[signal], StringComparison.Ordinal);
        }

        foreach (var (signal, text) in outputs)
        {
            foreach (var planted in Planted.All) Assert.True(Planted.LeaksIn(text, planted.Canary) is [], $"{planted.Name} leaks into {signal}: {string.Join(" | ", Planted.LeaksIn(text, planted.Canary))}");
        }
    }

    [Fact]
    public async Task WithoutACollector_NothingIsExported()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults(Service, new OperatorOptions());
        await using var app = builder.Build();
        Assert.Null(app.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
        Assert.Null(app.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
        Assert.DoesNotContain(app.Services.GetServices<ILoggerProvider>(), p => p.GetType().FullName!.Contains("OpenTelemetry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProviderAddedLater_SeesOnlyWhatIsRedacted()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults(Service, new OperatorOptions());
        using var late = new Keeping();
        await using var app = builder.Build();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(late);
        Harmless(app.Services.GetRequiredService<ILogger<SinkTests>>(), "ana@example.org", 1);
        Assert.Equal("[redacted:email] and 1", Assert.Single(late.Messages));
    }

    private static WebApplication Build(Collector collector, string format)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            new("Logging:LogLevel:Default", "Trace"), new("Logging:LogLevel:Microsoft", "Debug"), new("Logging:Console:FormatterOptions:IncludeScopes", "true"),
            // As many spans and records as the test makes: none may be dropped from the queue.
            new("OTEL_BSP_MAX_QUEUE_SIZE", "100000"), new("OTEL_BLRP_MAX_QUEUE_SIZE", "100000"),
        ]);
        builder.AddServiceDefaults(Service, new OperatorOptions { LogFormat = format, LogLevel = "Trace" });
        var app = builder.Build();
        app.UseServiceDefaults(_ => { });
        app.MapServiceDefaults();
        return app;
    }

    private static string Leak(string secret, ILogger logger, ILoggerFactory factory)
    {
        // 1. Logs: message, value, key, scope, exception, inner exception, state of its own, category.
        using (logger.BeginScope(new Dictionary<string, object> { ["Scope"] = secret }))
        using (logger.BeginScope(secret)) Harmless(logger, secret, 1);
        var exception = new InvalidOperationException(secret, new IOException(secret));
        Careless(logger, exception);
        KeyValuePair<string, object?>[] state = [KeyValuePair.Create<string, object?>("array", new[] { secret }), KeyValuePair.Create<string, object?>("object", new { secret })];
        factory.CreateLogger("Careless").Log(LogLevel.Information, new EventId(1), state, exception, (_, e) => e!.ToString());

        // 2. Traces: attributes, names, events, exceptions, links, status.
        using var activity = Source.StartActivity("careless", ActivityKind.Internal, default(ActivityContext), links: [new ActivityLink(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default), new ActivityTagsCollection { ["link"] = secret })]);
        Activity.Current!.SetTag("tag", secret).SetTag("array", new[] { secret, "b" }).SetTag("object", new { secret }).SetTag("url.full", secret).SetTag("url.query", secret).SetTag("http.request.header.x", secret);
        Activity.Current.DisplayName = secret;
        Activity.Current.AddEvent(new ActivityEvent("happened", tags: new ActivityTagsCollection { ["event"] = secret }));
        Activity.Current.AddEvent(new ActivityEvent(secret));
        Activity.Current.AddException(exception);
        Activity.Current.SetStatus(ActivityStatusCode.Error, secret);
        return "";
    }

    [LoggerMessage(1, LogLevel.Information, "{Text} and {Number}")]
    private static partial void Harmless(ILogger logger, string text, int number);

    [LoggerMessage(2, LogLevel.Error, "failed")]
    private static partial void Careless(ILogger logger, Exception exception);

    private sealed class Keeping : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Messages.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

/// <summary>Tests that look at what a process has once, its console and its meters, take turns: other hosts would write there too.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class TestsAlone;
