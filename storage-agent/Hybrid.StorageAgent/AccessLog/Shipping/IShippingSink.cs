namespace Hybrid.StorageAgent.AccessLog.Shipping;

/// <summary>A line of the access log on its way out.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Allowed">What was decided.</param>
/// <param name="Text">The line as it stands in the log.</param>
internal sealed record ShippedLine(DateTimeOffset At, bool Allowed, string Text);

/// <summary>Where lines go besides the log.</summary>
internal interface IShippingSink : IAsyncDisposable
{
    /// <summary>Its name in metrics and events.</summary>
    string Name { get; }

    /// <summary>Hands a line over.</summary>
    /// <exception cref="IOException">The sink is away; the line is handed over again.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The same.</exception>
    ValueTask SendAsync(ShippedLine line, CancellationToken ct);
}
