using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>What happens to a connection on the <see cref="FaultyRoad"/>.</summary>
public enum Fault
{
    /// <summary>Everything passes.</summary>
    None,

    /// <summary>The connection is taken and nothing is ever answered.</summary>
    Silence,

    /// <summary>The answer begins, and stops after <see cref="FaultyRoad.AfterBytes"/> bytes without an end.</summary>
    Stall,

    /// <summary>The answer begins, and the connection is reset after <see cref="FaultyRoad.AfterBytes"/> bytes.</summary>
    Reset,

    /// <summary>Every request is answered with <see cref="FaultyRoad.Status"/> at once.</summary>
    Answer,
}

/// <summary>A TCP proxy between the agent and its store that breaks as it is told to.</summary>
internal sealed class FaultyRoad : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri target;
    private readonly Task accepting;
    private int opened;
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FaultyRoad(Uri target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Fault Fault { get; set; }

    public int AfterBytes { get; init; }

    public HttpStatusCode Status { get; init; }

    /// <summary>Connections that were opened so far.</summary>
    public int Opened => opened;

    /// <summary>Completes when the fault has taken effect on a request.</summary>
    public Task Broken => broken.Task;

    /// <summary>Where the road leads.</summary>
    public Uri Target => target;

    /// <summary>The road's own address, in the target's scheme.</summary>
    public Uri Url => new UriBuilder(target) { Host = target.Host, Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            Interlocked.Increment(ref opened);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var browser = client.GetStream();
                if (Fault == Fault.Answer)
                {
                    await AnswerAsync(browser);
                    return;
                }

                if (Fault == Fault.Silence)
                {
                    await browser.ReadExactlyAsync(new byte[1], stop.Token);
                    broken.TrySetResult();
                    await Task.Delay(System.Threading.Timeout.Infinite, stop.Token);
                }

                using var store = new TcpClient();
                await store.ConnectAsync(target.Host, target.Port, stop.Token);
                var up = browser.CopyToAsync(store.GetStream(), stop.Token);
                await DownAsync(store.GetStream(), browser, client);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either end went away: that is what this road is for.
        }
    }

    private async Task DownAsync(NetworkStream store, NetworkStream browser, TcpClient client)
    {
        var buffer = new byte[16 * 1024];
        var left = Fault == Fault.None ? long.MaxValue : AfterBytes;
        while (left > 0)
        {
            var read = await store.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), stop.Token);
            if (read == 0) return;
            await browser.WriteAsync(buffer.AsMemory(0, read), stop.Token);
            left -= read;
        }

        broken.TrySetResult();
        if (Fault == Fault.Stall) await Task.Delay(System.Threading.Timeout.Infinite, stop.Token);
        client.LingerState = new LingerOption(true, 0);
    }

    private async Task AnswerAsync(NetworkStream browser)
    {
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 {(int)Status} Broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var head = new byte[64 * 1024];
        for (var length = 0; !head.AsSpan(0, length).EndsWith("\r\n\r\n"u8);)
        {
            var read = await browser.ReadAsync(head.AsMemory(length), stop.Token);
            if (read == 0) return;
            length += read;
        }

        await browser.WriteAsync(answer, stop.Token);
        broken.TrySetResult();
    }
}
