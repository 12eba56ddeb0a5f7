namespace Hybrid.StorageAgent.Configuration;

/// <summary>How the access log is kept, and where its lines are sent besides.</summary>
public sealed class AccessLogOptions
{
    /// <summary>A file of this many MiB is closed and the next one begun, 1–1024; a new day (UTC) begins one too. Default: 64.</summary>
    public int RotateMegabytes { get; set; } = 64;

    /// <summary>Whole files whose newest line is older than this many days are removed, 1–36500. Unset: nothing is ever removed.</summary>
    public int? KeepDays { get; set; }

    /// <summary>
    /// Where each line goes as a syslog message (RFC 5424): udp://host:514, tcp://host:601 or tls://host:6514. Unset: nowhere. Serving
    /// never waits for it; what it cannot take is dropped and counted.
    /// </summary>
    public Uri? Syslog { get; set; }

    /// <summary>PEM file with the authorities that the syslog server's certificate may come from. Unset: this machine's.</summary>
    public string? SyslogCaFile { get; set; }

    /// <summary>Whether each line goes to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, as a log record. Default: no.</summary>
    public bool Otlp { get; set; }

    internal AccessLog.JournalKeeping Keeping => new(RotateMegabytes * 1024L * 1024, KeepDays);

    internal string Fingerprint => FormattableString.Invariant($"{RotateMegabytes} {KeepDays} {Syslog} {SyslogCaFile} {Otlp}");

    internal IEnumerable<string> Mistakes()
    {
        if (RotateMegabytes is < 1 or > 1024) yield return $"accessLog.rotateMegabytes is {RotateMegabytes}; give 1 to 1024.";
        if (KeepDays is < 1 or > 36500) yield return $"accessLog.keepDays is {KeepDays}; give 1 to 36500, or leave it out: then nothing is removed.";
        if (Syslog is { } to && !((to.Scheme is "udp" or "tcp" or "tls") && to.Port > 0 && to.Host.Length > 0 && (to.PathAndQuery is "" or "/")))
            yield return $"accessLog.syslog is {to}; give udp://, tcp:// or tls://, host and port, e.g. \"tls://siem.example:6514\".";
        if (SyslogCaFile is not null && Syslog?.Scheme != "tls") yield return "accessLog.syslogCaFile belongs to a syslog address that begins with tls://.";
        if (SyslogCaFile is { } ca && !File.Exists(ca)) yield return $"accessLog.syslogCaFile {ca} does not exist or cannot be read by this process.";
        if (Otlp && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))) yield return "accessLog.otlp needs a collector: set OTEL_EXPORTER_OTLP_ENDPOINT, or remove it.";
    }
}
