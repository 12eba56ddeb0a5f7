using System.Threading.Channels;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Telemetry;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;

namespace Hybrid.StorageAgent.AccessLog.Shipping;

/// <summary>
/// Sends lines to one sink, in order. Serving only ever puts a line into a bounded queue: when the sink is away or slow for so long that
/// the queue is full, newer lines are dropped and counted (the log itself has them). An outage is logged once, and its end once.
/// </summary>
internal sealed partial class LogShipper(IShippingSink sink, AgentMetrics metrics, TimeProvider clock, ILogger<LogShipper> logger, int room = 10_000) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private readonly Channel<ShippedLine> queue = Channel.CreateBounded<ShippedLine>(
        new BoundedChannelOptions(room) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => metrics.Dropped(sink.Name));

    /// <summary>Registers the sinks that the file names.</summary>
    public static void Add(WebApplicationBuilder builder, AgentOptions options)
    {
        if (options.AccessLog.Syslog is { } server) Add(builder.Services, "syslog", _ => new SyslogSink(server, options.AccessLog.SyslogCaFile));
        if (!options.AccessLog.Otlp) return;
        builder.Logging.AddFilter<ConsoleLoggerProvider>(OtlpSink.Category, LogLevel.None).AddFilter<OpenTelemetryLoggerProvider>(OtlpSink.Category, LogLevel.Information);
        Add(builder.Services, "otlp", services => new OtlpSink(services.GetRequiredService<ILoggerFactory>()));
    }

    /// <summary>Puts a line into the queue, or drops it; never waits.</summary>
    public void Offer(ShippedLine line)
    {
        // A queue that is closed, at the end of the process, takes nothing either.
        if (!queue.Writer.TryWrite(line)) metrics.Dropped(sink.Name);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        // What is in the queue goes out if the sink takes it at once.
        if (ExecuteTask is { } running) await Task.WhenAny(running, Task.Delay(LastPatience, clock, cancellationToken));
        await base.StopAsync(cancellationToken);
        while (queue.Reader.TryRead(out _)) metrics.Dropped(sink.Name);
        await sink.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = 0;
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            // Taken out only when it was handed over: a line that met the outage goes again.
            if (!queue.Reader.TryPeek(out var line)) continue;
            try
            {
                await sink.SendAsync(line, stoppingToken);
                queue.Reader.TryRead(out _);
                metrics.Shipped(sink.Name);
                if (outage > 0) Back(sink.Name);
                outage = 0;
            }
            catch (IOException failed)
            {
                if (outage++ == 0) Away(sink.Name, (failed.InnerException ?? failed).GetType().Name);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(outage, 10)) / 4) * (0.5 + (Random.Shared.NextDouble() / 2))), clock, stoppingToken);
            }
        }
    }

    private static void Add(IServiceCollection services, string name, Func<IServiceProvider, IShippingSink> sink)
    {
        LogShipper Made(IServiceProvider s) => s.GetRequiredKeyedService<LogShipper>(name);
        services.AddKeyedSingleton(name, (s, _) => new LogShipper(sink(s), s.GetRequiredService<AgentMetrics>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<LogShipper>>()));
        services.AddSingleton(Made).AddSingleton<IHostedService>(Made);
    }

    [LoggerMessage(3110, LogLevel.Warning, "The access log's lines do not reach {Sink} ({Kind}); serving goes on, the log itself is whole, and the agent keeps trying")]
    private partial void Away(string sink, string kind);

    [LoggerMessage(3111, LogLevel.Information, "The access log's lines reach {Sink} again")]
    private partial void Back(string sink);
}
