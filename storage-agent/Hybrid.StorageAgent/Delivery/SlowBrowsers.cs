using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hybrid.StorageAgent.Delivery;

/// <summary>
/// Bounds what a browser can hold by being slow: requests are small, so one that drips is an attack or a broken line, and is ended.
/// A connection between two requests stays as long as Kestrel keeps it (130 seconds), longer than ingresses do.
/// </summary>
internal static class SlowBrowsers
{
    /// <summary>Connections at a time; one more is closed at once. The operators' listener has its own.</summary>
    public const int MostConnections = 4096;

    /// <summary>How long a request's headers may take.</summary>
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    // Bytes a second either way, after a time to begin in: a telephone line of the last century.
    private const double LeastRate = 240;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void Bound(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.RequestHeadersTimeout = HeadersWithin;
        limits.MinRequestBodyDataRate = new MinDataRate(LeastRate, Grace);
        limits.MinResponseDataRate = new MinDataRate(LeastRate, Grace);
    }
}
