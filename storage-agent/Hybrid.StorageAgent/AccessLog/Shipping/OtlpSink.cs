namespace Hybrid.StorageAgent.AccessLog.Shipping;

/// <summary>
/// Log records of the category <see cref="Category"/>, which only the exporter of OTLP takes; its own queue and batches come after this.
/// </summary>
internal sealed partial class OtlpSink(ILoggerFactory loggers) : IShippingSink
{
    /// <summary>The category; the console never shows it.</summary>
    public const string Category = "Hybrid.AccessLog";

    private readonly ILogger logger = loggers.CreateLogger(Category);

    public string Name => "otlp";

    public ValueTask SendAsync(ShippedLine line, CancellationToken ct)
    {
        if (line.Allowed) Allowed(logger, line.Text);
        else Refused(logger, line.Text);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [LoggerMessage(3100, LogLevel.Information, "{Record}")]
    private static partial void Allowed(ILogger logger, string record);

    [LoggerMessage(3101, LogLevel.Warning, "{Record}")]
    private static partial void Refused(ILogger logger, string record);
}
