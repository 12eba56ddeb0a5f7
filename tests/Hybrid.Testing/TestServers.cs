using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Hybrid.Testing;

/// <summary>What the scripts under <c>infra/servers</c> wrote of the servers that they started; and ports for those that a test starts itself.</summary>
public static class TestServers
{
    /// <summary>The values of a server's file; skips the test where the variable names none.</summary>
    public static IReadOnlyDictionary<string, string> Read(string variable, string absent)
    {
        return File.ReadLines(Address(variable, absent)).Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
    }

    /// <summary>Where a server is, as its variable says; skips the test where it says nothing.</summary>
    public static string Address(string variable, string absent)
    {
        var address = Environment.GetEnvironmentVariable(variable) ?? "";
        if (address.Length == 0) Assert.Skip(absent);
        return address;
    }

    /// <summary>A port of the loopback address that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
