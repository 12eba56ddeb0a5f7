using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hybrid.EndToEnd.Product;

/// <summary>A corporate HTTP proxy: tunnels by CONNECT, for those who name themselves (RFC 9110 § 9.3.6, RFC 7617).</summary>
internal sealed class HttpProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly string expected;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly Task accepting;
    private int tunnels;
    private int refusals;

    private HttpProxy(TcpListener listener, string expected)
    {
        (this.listener, this.expected) = (listener, expected);
        accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Tunnels that were opened.</summary>
    public int Tunnels => tunnels;

    /// <summary>Requests without the name and password.</summary>
    public int Refusals => refusals;

    public static HttpProxy Start(string user, string password)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new HttpProxy(listener, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        foreach (var client in open) client.Dispose();
        await accepting;
        stop.Dispose();
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
        open.Add(client);
        try
        {
            var stream = client.GetStream();
            while (await HeadAsync(stream) is { Count: > 0 } head)
            {
                if (!head.Contains($"Proxy-Authorization: {expected}"))
                {
                    Interlocked.Increment(ref refusals);
                    await SayAsync(stream, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"ward\"\r\nContent-Length: 0");
                    continue;
                }

                var target = head[0].Split(' ')[1].Split(':');
                using var server = new TcpClient();
                await server.ConnectAsync(target[0], int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture), stop.Token);
                Interlocked.Increment(ref tunnels);
                await SayAsync(stream, "200 Connection established");
                await Task.WhenAny(stream.CopyToAsync(server.GetStream(), stop.Token), server.GetStream().CopyToAsync(stream, stop.Token));
                return;
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side hung up.
        }
        finally
        {
            client.Dispose();
        }
    }

    private Task SayAsync(NetworkStream stream, string answer) => stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\n\r\n"), stop.Token).AsTask();

    private async Task<List<string>> HeadAsync(NetworkStream stream)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop.Token) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            var text = line.ToString().TrimEnd('\r');
            if (text.Length == 0) return lines;
            lines.Add(text);
            line.Clear();
        }

        return [];
    }
}
