using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hybrid.EndToEnd.Product;

/// <summary>Passes connections on to a server on this machine and keeps every byte of both directions.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly int target;
    private readonly ConcurrentBag<(MemoryStream ToServer, MemoryStream FromServer)> recorded = [];
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private RecordingProxy(TcpListener listener, int target)
    {
        (this.listener, this.target) = (listener, target);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static RecordingProxy Start(int target)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new RecordingProxy(listener, target);
    }

    /// <summary>A copy of what passed so far, a pair for each connection.</summary>
    public IReadOnlyList<(byte[] ToServer, byte[] FromServer)> Recorded => [.. recorded.Select(r => (Copy(r.ToServer), Copy(r.FromServer)))];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        foreach (var client in open) client.Dispose();
        await accepting;
        stop.Dispose();
    }

    private static byte[] Copy(MemoryStream stream)
    {
        lock (stream) return stream.ToArray();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var server = new TcpClient();
        open.Add(client);
        open.Add(server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            var record = (ToServer: new MemoryStream(), FromServer: new MemoryStream());
            recorded.Add(record);
            await Task.WhenAll(PumpAsync(client, server, record.ToServer), PumpAsync(server, client, record.FromServer));
        }
        catch (Exception cut) when (cut is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side went away, as sides do.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, MemoryStream record)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, stop.Token) is var read and > 0)
        {
            lock (record) record.Write(buffer.AsSpan(0, read));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
