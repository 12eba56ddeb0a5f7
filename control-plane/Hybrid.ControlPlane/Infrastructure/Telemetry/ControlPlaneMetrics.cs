using System.Diagnostics.Metrics;
using Hybrid.ServiceDefaults;

namespace Hybrid.ControlPlane.Infrastructure.Telemetry;

/// <summary>The control plane's own figures. Labels are names from the code; none is an id.</summary>
internal sealed class ControlPlaneMetrics
{
    /// <summary>Outcome of a request that succeeded.</summary>
    public const string Ok = "ok";

    /// <summary>Outcome of a request that ended in an exception.</summary>
    public const string Failed = "failed";

    private readonly Meter meter;
    private readonly Histogram<double> handled;
    private readonly Counter<long> acts;

    public ControlPlaneMetrics(IMeterFactory meters)
    {
        meter = meters.Create(Service.Meter);
        handled = meter.CreateHistogram(
            "hybrid.use_case.duration", "s", "Time of one use case through the whole pipeline, by name and outcome (ok, failed, or the code of the refusal).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        acts = meter.CreateCounter<long>("hybrid.acts", "{act}", "Requests that committed an act of the audit log, by its code: task.claimed, label.submitted, grant.issued …");
    }

    /// <summary>How the host calls itself.</summary>
    public static ServiceDescription Service { get; } = new("hybrid-control-plane", typeof(ControlPlaneMetrics).Assembly.GetName().Version?.ToString(3) ?? "0", "Hybrid.ControlPlane");

    public void Handled(string useCase, string outcome, TimeSpan elapsed) =>
        handled.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("use_case", useCase), new KeyValuePair<string, object?>("outcome", outcome));

    public void Committed(IEnumerable<string> codes)
    {
        foreach (var code in codes) acts.Add(1, new KeyValuePair<string, object?>("act", code));
    }

    public void ObserveLinks(Func<int> up) => meter.CreateObservableGauge("hybrid.links.up", up, "{link}", "Links of agents' replicas that are up in this process.");
}
