using System.Net;
using System.Net.Sockets;

namespace Hybrid.ServiceDefaults.Tests.Harness;

/// <summary>Loopback ports that nobody uses.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static Uri FreeUrl() => new($"http://127.0.0.1:{Free()}");
}
