using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hybrid.ServiceDefaults;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Telemetry;

/// <summary>The agent's own figures. Labels are names from the code and of the connections in the local file; none is a person or an object.</summary>
public sealed class AgentMetrics
{
    private readonly Meter meter;
    private readonly Counter<long> issued;
    private readonly Counter<long> refused;
    private readonly Counter<long> bytes;
    private readonly Histogram<double> provider;
    private readonly Counter<long> unrecorded;
    private readonly Counter<long> shipped;
    private readonly Counter<long> dropped;

    /// <summary>Makes the instruments; without a listener they cost nothing.</summary>
    public AgentMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(Service.Meter);
        issued = meter.CreateCounter<long>("hybrid.agent.urls.issued", "{url}", "URLs that were recorded and answered.");
        refused = meter.CreateCounter<long>("hybrid.agent.urls.refused", "{url}", "Refusals, by the rule of the access record that refused.");
        bytes = meter.CreateCounter<long>("hybrid.agent.objects.sent", "By", "Bytes of objects that browsers got from the agent itself: of folders and by proxy delivery.");
        unrecorded = meter.CreateCounter<long>("hybrid.agent.log.unrecorded", "{url}", "URLs and refusals that were not answered because the access log could not be written.");
        shipped = meter.CreateCounter<long>("hybrid.agent.log.shipped", "{line}", "Lines of the access log handed to a sink (syslog, otlp).");
        dropped = meter.CreateCounter<long>("hybrid.agent.log.dropped", "{line}", "Lines that a sink did not get because it was away or slow; the access log itself has them.");
        provider = meter.CreateHistogram(
            "hybrid.agent.provider.duration", "s", "Time of one call of a storage provider, by connection, operation (sign, list, probe, read) and outcome (ok, failed, or the storage's code).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25] });
    }

    /// <summary>How the agent calls itself.</summary>
    public static ServiceDescription Service { get; } = new("hybrid-agent", ControlPlaneLink.Version, "Hybrid.StorageAgent");

    /// <summary>One decision, as it stands in the access record.</summary>
    public void Decided(string rule, bool allowed)
    {
        if (allowed) issued.Add(1);
        else refused.Add(1, new KeyValuePair<string, object?>("rule", rule));
    }

    /// <summary>What could not be recorded, and so was not answered.</summary>
    public void Unrecorded(int lines) => unrecorded.Add(lines);

    /// <summary>A line was handed to a sink.</summary>
    public void Shipped(string sink) => shipped.Add(1, new KeyValuePair<string, object?>("sink", sink));

    /// <summary>A line was not, and will not be.</summary>
    public void Dropped(string sink) => dropped.Add(1, new KeyValuePair<string, object?>("sink", sink));

    /// <summary>Measures one call of a provider.</summary>
    public async Task<T> MeasureAsync<T>(string connection, string operation, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await call();
            outcome = "ok";
            return answer;
        }
        catch (StorageException refusal)
        {
            outcome = refusal.Code;
            throw;
        }
        finally
        {
            provider.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("connection", connection), new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <summary>Counts bytes of objects that left the agent: of folders and by proxy delivery.</summary>
    public void Sent(int count) => bytes.Add(count);

    /// <summary>Shows how far this clock is ahead of the control plane's; nothing before that is known.</summary>
    public void ObserveClock(Func<TimeSpan?> skew) => meter.CreateObservableGauge(
        "hybrid.agent.clock.skew", () => skew() is { } off ? [new Measurement<double>(off.TotalSeconds)] : Array.Empty<Measurement<double>>(), "s", "Seconds that this machine's clock is ahead of the control plane's; negative is behind.");

    /// <summary>Shows whether the file on disk is refused, so that an older configuration is in force.</summary>
    public void ObserveConfiguration(Func<bool> isRefused) => meter.CreateObservableGauge("hybrid.agent.configuration.refused", () => isRefused() ? 1 : 0, "{file}", "1 while the changed file is refused and the configuration before it goes on.");

    /// <summary>Shows how full each ceiling is for the one who is nearest to it.</summary>
    public void ObserveCeilings(Func<IReadOnlyList<(string Ceiling, double Use)>> use) => meter.CreateObservableGauge(
        "hybrid.agent.ceiling.use", () => use().Select(u => new Measurement<double>(u.Use, new KeyValuePair<string, object?>("rule", u.Ceiling))), "1", "How full each ceiling is for the person or project that is nearest to it: 0 to 1.");

    /// <summary>Shows which connections are let rest.</summary>
    public void ObserveConnections(Func<IEnumerable<(string Connection, bool IsResting)>> connections) => meter.CreateObservableGauge(
        "hybrid.agent.connection.resting", () => connections().Select(c => new Measurement<int>(c.IsResting ? 1 : 0, new KeyValuePair<string, object?>("connection", c.Connection))), "{connection}",
        "1 while the agent lets a connection's store rest, because it failed again and again.");

    /// <summary>Shows whether the link is up.</summary>
    public void ObserveLink(Func<bool> isUp) => meter.CreateObservableGauge("hybrid.agent.link.up", () => isUp() ? 1 : 0, "{link}", "1 while the link to the control plane is up.");
}
