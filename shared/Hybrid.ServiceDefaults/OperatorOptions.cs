using System.Net;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults;

/// <summary>What a host offers to those who run it.</summary>
public sealed class OperatorOptions
{
    /// <summary>
    /// Address of the operators' own listener with <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c>, e.g.
    /// http://127.0.0.1:9464: plain http, a port of its own, reachable by operators alone. Unset: no listener.
    /// </summary>
    public string? Listen { get; set; }

    /// <summary>How the console writes: <c>simple</c>, or <c>json</c> for log collectors, one object a line. Default: simple.</summary>
    public string LogFormat { get; set; } = "simple";

    /// <summary>Least level that is logged where no rule of <c>Logging:LogLevel</c> says more. Default: Information.</summary>
    public string LogLevel { get; set; } = nameof(Microsoft.Extensions.Logging.LogLevel.Information);

    internal bool IsJson => LogFormat.Equals("json", StringComparison.OrdinalIgnoreCase);

    internal LogLevel Level => Enum.Parse<LogLevel>(LogLevel, ignoreCase: true);

    /// <summary>Every mistake with its mend.</summary>
    /// <param name="listen">The name of <see cref="Listen"/> in the host's own configuration.</param>
    /// <param name="logFormat">The name of <see cref="LogFormat"/>.</param>
    /// <param name="logLevel">The name of <see cref="LogLevel"/>.</param>
    /// <param name="publicAddresses">Addresses that the host itself listens on.</param>
    public IEnumerable<string> Mistakes(string listen, string logFormat, string logLevel, params IEnumerable<string?> publicAddresses)
    {
        if (Listen is not null)
        {
            if (!TryReadListen(Listen, out var uri)) yield return $"{listen} is {Listen}: give http, an IP address or localhost, and a port, e.g. http://127.0.0.1:9464.";
            else if (publicAddresses.Any(a => Uri.TryCreate(a, UriKind.Absolute, out var other) && other.Port == uri.Port)) yield return $"{listen} is {Listen}: the host itself listens on port {uri.Port}. Give another, e.g. 9464.";
        }

        if (!IsJson && !LogFormat.Equals("simple", StringComparison.OrdinalIgnoreCase)) yield return $"{logFormat} is {LogFormat}: give simple or json.";
        if (!Enum.TryParse<LogLevel>(LogLevel, ignoreCase: true, out var level) || !Enum.IsDefined(level) || char.IsAsciiDigit(LogLevel[0]))
            yield return $"{logLevel} is {LogLevel}: give {string.Join(", ", Enum.GetNames<LogLevel>())}.";
        if (Environment.GetEnvironmentVariable(Telemetry.TelemetrySetup.EndpointVariable) is { Length: > 0 } endpoint
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"))
            yield return $"{Telemetry.TelemetrySetup.EndpointVariable} is not an address: give the collector's, e.g. http://127.0.0.1:4317, or leave the variable out.";
    }

    private static bool TryReadListen(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Port is > 0 and < 65536
        && (IPAddress.TryParse(uri.Host.Trim('[', ']'), out _) || uri.Host == "localhost");
}
