using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hybrid.EndToEnd.Product;

/// <summary>Passes connections on to a server on this machine and keeps every byte of both directions.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly ConcurrentBag<(MemoryStream ToServer, MemoryStream FromServer)> recorded = [];
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private MemoryStream[] silent = [];

    private RecordingProxy(TcpListener listener, int target)
    {
        (this.listener, Target) = (listener, target);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Port of the server; may be told later than its own is known.</summary>
    public int Target { get; set; }

    public static RecordingProxy Start(int target = 0)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new RecordingProxy(listener, target);
    }

    /// <summary>A copy of what passed so far, a pair for each connection.</summary>
    public IReadOnlyList<(byte[] ToServer, byte[] FromServer)> Recorded => [.. recorded.Select(r => (Copy(r.ToServer), Copy(r.FromServer)))];

    /// <summary>
    /// Leaves those connections open on which such requests were made, and carries nothing on them any more: half-open, as behind a
    /// firewall that forgot them. New ones are served.
    /// </summary>
    public void FallSilent(string request) => Volatile.Write(ref silent, [.. recorded.Where(r => Copy(r.ToServer).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(request)) >= 0).Select(r => r.ToServer)]);

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
            await server.ConnectAsync(IPAddress.Loopback, Target, stop.Token);
            var record = (ToServer: new MemoryStream(), FromServer: new MemoryStream());
            recorded.Add(record);
            await Task.WhenAll(PumpAsync(client, server, record.ToServer, record.ToServer), PumpAsync(server, client, record.FromServer, record.ToServer));
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

    private async Task PumpAsync(TcpClient from, TcpClient to, MemoryStream record, MemoryStream connection)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, stop.Token) is var read and > 0)
        {
            if (Volatile.Read(ref silent).Contains(connection)) await Task.Delay(Timeout.Infinite, stop.Token);
            lock (record) record.Write(buffer.AsSpan(0, read));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
