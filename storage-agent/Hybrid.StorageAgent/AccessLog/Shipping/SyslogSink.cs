using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.AccessLog.Shipping;

/// <summary>Syslog messages (RFC 5424): one datagram each (RFC 5426), or counted octets over TCP (RFC 6587) or TLS (RFC 5425).</summary>
internal sealed class SyslogSink(Uri server, string? caFile) : IShippingSink
{
    // Facility 13, log audit.
    private const int Facility = 13 * 8;
    private const int Notice = 5;
    private const int Informational = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string sender = $"{Name(Environment.MachineName, 255)} hybrid-agent {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} access -";
    private Socket? socket;
    private Stream? stream;

    string IShippingSink.Name => "syslog";

    /// <summary>The message: the log's line as it stands is its text.</summary>
    public string Message(ShippedLine line) => string.Create(
        CultureInfo.InvariantCulture, $"<{Facility + (line.Allowed ? Informational : Notice)}>1 {line.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} {sender} {line.Text}");

    public async ValueTask SendAsync(ShippedLine line, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await OpenAsync(patience.Token);
            var message = Encoding.UTF8.GetBytes(Message(line));
            if (stream is null)
            {
                await socket!.SendAsync(message, patience.Token);
                return;
            }

            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")), .. message], patience.Token);
            await stream.FlushAsync(patience.Token);
        }
        catch (SocketException unreachable) when (stream is null && unreachable.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // A datagram before this one found nobody; this one may have, and nothing can tell: datagrams are given up, not repeated.
        }
        catch (Exception failed) when (failed is SocketException or IOException or AuthenticationException || (failed is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await CloseAsync();
            throw failed as IOException ?? new IOException(failed.Message, failed);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task OpenAsync(CancellationToken ct)
    {
        if (server.Scheme == "udp")
        {
            if (socket is not null) return;
            socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server.DnsSafeHost, server.Port, ct);
            return;
        }

        if (stream is not null && !IsClosedByPeer()) return;
        await CloseAsync();
        socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.DnsSafeHost, server.Port, ct);
        stream = new NetworkStream(socket);
        if (server.Scheme != "tls") return;
        var tls = new SslStream(stream);
        stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = server.DnsSafeHost };
        if (caFile is not null) options.CertificateChainPolicy = StorageHttp.Trust(caFile);
        await tls.AuthenticateAsClientAsync(options, ct);
    }

    // A server never speaks: what can be read is its end. Without this look, the first line after it would be lost unseen.
    private bool IsClosedByPeer() => server.Scheme == "tcp" && socket!.Poll(0, SelectMode.SelectRead);

    private async Task CloseAsync()
    {
        if (stream is not null) await stream.DisposeAsync();
        socket?.Dispose();
        (stream, socket) = (null, null);
    }

    // Names in a header are printable ASCII without spaces.
    private static string Name(string text, int longest)
    {
        var name = new string([.. text.Where(c => c is > ' ' and < '\u007f')]);
        return name.Length == 0 ? "-" : name[..Math.Min(name.Length, longest)];
    }
}
