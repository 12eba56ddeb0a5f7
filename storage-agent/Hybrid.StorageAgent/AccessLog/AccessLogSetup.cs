using Hybrid.StorageAgent.AccessLog.Shipping;
using Hybrid.StorageAgent.Configuration;

namespace Hybrid.StorageAgent.AccessLog;

/// <summary>Puts the log, and what it is sent to, together.</summary>
internal static partial class AccessLogSetup
{
    /// <summary>Registers the log and its shippers.</summary>
    public static void AddAccessLog(this WebApplicationBuilder builder, AgentOptions options)
    {
        LogShipper.Add(builder, options);
        builder.Services.AddSingleton(services =>
        {
            var shippers = services.GetServices<LogShipper>().ToArray();
            var logger = services.GetRequiredService<ILogger<AccessJournal>>();
            return new AccessJournal(options.AccessLogFolder, options.AccessLog.Keeping)
            {
                RetentionFailed = failed => NotRemoved(logger, failed.GetType().Name),
                Recorded = shippers.Length == 0 ? null : (record, text) =>
                {
                    var line = new ShippedLine(record.At, record.Allowed, text);
                    foreach (var shipper in shippers) shipper.Offer(line);
                },
            };
        });
    }

    [LoggerMessage(3112, LogLevel.Error, "Old files of the access log could not be removed ({Kind}): accessLog.keepDays is not kept. Serving goes on; it is tried again with the next file")]
    private static partial void NotRemoved(ILogger logger, string kind);
}
