using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.Policy;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Telemetry;

namespace Hybrid.StorageAgent.Life;

/// <summary>Where the agent's file is.</summary>
/// <param name="Path">Its path.</param>
internal sealed record AgentFilePath(string Path);

/// <summary>
/// Takes over a changed file without a restart: connections, limits, the workspace's origin. A file with a mistake is refused as a whole
/// and the old configuration goes on; every mistake is logged once for each state of the file. It looks at the file's bytes every two
/// seconds (notifications miss mounted secrets and network folders), and at once on SIGHUP.
/// </summary>
internal sealed partial class ConfigurationReload(
    AgentFilePath file, AgentOptions running, LocalPolicy policy, ConnectionTable connections, ControlPlaneLink link, AgentMetrics metrics, ILogger<ConfigurationReload> logger)
    : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim asked = new(0);
    private string seen = DigestOf(file.Path);
    private bool isRefused;

    /// <summary>Looks at the file; takes it over, or says why not, when it changed since the last look.</summary>
    /// <param name="always">Even when it did not change.</param>
    /// <returns>Whether it was taken over.</returns>
    public bool Look(bool always = false)
    {
        lock (gate)
        {
            var digest = DigestOf(file.Path);
            if (digest == seen && !always) return false;
            seen = digest;
            var (options, mistakes) = AgentFile.Read(file.Path);
            isRefused = mistakes.Count > 0 || !TryApply(options);
            foreach (var mistake in mistakes) Refused(mistake);
            if (isRefused) return false;
            foreach (var setting in NeedRestart(options)) Restart(setting);
            Applied(options.Connections.Count);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveConfiguration(() => isRefused);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            asked.Release();
        });
        while (true)
        {
            try
            {
                var isAsked = await asked.WaitAsync(Round, stoppingToken);
                if (Look(always: isAsked)) await link.SayHelloAgainAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public override void Dispose()
    {
        asked.Dispose();
        base.Dispose();
    }

    private bool TryApply(AgentOptions options)
    {
        try
        {
            connections.Apply(options);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or StorageException or InvalidOperationException or ArgumentException)
        {
            Refused($"A connection cannot be prepared ({failed.GetType().Name}): hybrid-agent check says which.");
            return false;
        }

        policy.Apply(options);
        return true;
    }

    private IEnumerable<string> NeedRestart(AgentOptions now)
    {
        (string Name, object? Old, object? New)[] settings =
        [
            ("controlPlane", running.ControlPlane, now.ControlPlane), ("controlPlaneCaFile", running.ControlPlaneCaFile, now.ControlPlaneCaFile), ("proxy", running.Proxy, now.Proxy),
            ("proxyCredentialsFile", running.ProxyCredentialsFile, now.ProxyCredentialsFile), ("publicUrl", running.PublicUrl, now.PublicUrl),
            ("certificateFile", running.CertificateFile, now.CertificateFile), ("certificateKeyFile", running.CertificateKeyFile, now.CertificateKeyFile),
            ("listen", running.Listen, now.Listen), ("operatorListen", running.OperatorListen, now.OperatorListen), ("logFormat", running.LogFormat, now.LogFormat), ("logLevel", running.LogLevel, now.LogLevel),
            ("dataDirectory", running.DataDirectory, now.DataDirectory), ("drainSeconds", running.DrainSeconds, now.DrainSeconds), ("trustedProxies", string.Join(' ', running.TrustedProxies), string.Join(' ', now.TrustedProxies)),
            ("accessLog", running.AccessLog.Fingerprint, now.AccessLog.Fingerprint),
        ];
        return settings.Where(s => !Equals(s.Old, s.New)).Select(s => s.Name);
    }

    private static string DigestOf(string path)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return unreadable.GetType().Name;
        }
    }

    [LoggerMessage(3300, LogLevel.Information, "The changed configuration is in force: {Connections} connections")]
    private partial void Applied(int connections);

    [LoggerMessage(3301, LogLevel.Error, "The changed configuration is refused, the one before goes on: {Mistake}")]
    private partial void Refused(string mistake);

    [LoggerMessage(3302, LogLevel.Warning, "{Setting} was changed in the file: restart the agent for it; everything else is in force")]
    private partial void Restart(string setting);
}
