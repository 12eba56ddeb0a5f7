using System.Net;
using System.Net.Sockets;

namespace Hybrid.ControlPlane.Infrastructure.Http;

/// <summary>
/// Requests to addresses that a customer names (security.md T11): the name is resolved once and that very address is connected to, private
/// ranges are denied unless the operator names the host, redirects are not followed, time and size are limited.
/// </summary>
internal static class GuardedHttp
{
    /// <summary>No answer is larger.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Turns a name into addresses.</summary>
    public delegate Task<IPAddress[]> Resolver(string host, CancellationToken ct);

    /// <summary>A client that reaches public addresses and the named hosts, and nothing else.</summary>
    public static HttpClient Client(IReadOnlyCollection<string> allowedHosts, Resolver? resolve = null) => Bound(new HttpClient(Handler(allowedHosts, resolve)));

    /// <summary>The same for a library that makes its own clients; <see cref="Bound"/> limits them.</summary>
    public static SocketsHttpHandler Handler(IReadOnlyCollection<string> allowedHosts, Resolver? resolve = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would resolve the name by itself.
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, allowedHosts, resolve ?? Dns.GetHostAddressesAsync, ct),
    };

    /// <summary>Limits time and size of a client's answers.</summary>
    public static HttpClient Bound(HttpClient client)
    {
        (client.Timeout, client.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(10), MaxBytes);
        return client;
    }

    /// <summary>Whether an address may be asked: https, or a host that the operator names.</summary>
    public static bool MayAsk(string? address, IReadOnlyCollection<string> allowedHosts) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && allowedHosts.Contains(uri.Host, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Whether an address lies in the public internet (IANA special-purpose registries, RFC 6890).</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Global unicast alone, without documentation, Teredo and its neighbours, and 6to4, which lead to IPv4 addresses.
            return (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x01 && (b[2] < 0x02 || (b[2] == 0x0D && b[3] == 0xB8))) && !(b[0] == 0x20 && b[1] == 0x02)
                && !(b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10);
        }

        return (b[0], b[1], b[2]) switch
        {
            (0 or 10 or 127 or >= 224, _, _) => false,
            (100, >= 64 and <= 127, _) => false,
            (169, 254, _) => false,
            (172, >= 16 and <= 31, _) => false,
            (192, 168, _) => false,
            (192, 0, 0 or 2) => false,
            (192, 88, 99) => false,
            (198, 18 or 19, _) => false,
            (198, 51, 100) => false,
            (203, 0, 113) => false,
            _ => true,
        };
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, IReadOnlyCollection<string> allowedHosts, Resolver resolve, CancellationToken ct)
    {
        var addresses = await resolve(target.Host, ct);
        var named = allowedHosts.Contains(target.Host, StringComparer.OrdinalIgnoreCase);
        // One private address among public ones is no mishap: the whole name is refused.
        if (addresses.Length == 0 || (!named && !addresses.All(IsPublic))) throw new HttpRequestException(HttpRequestError.ConnectionError, "The host lies in a private network that the installation does not allow.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
