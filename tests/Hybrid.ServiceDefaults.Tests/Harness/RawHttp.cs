using System.Net.Sockets;
using System.Text;

namespace Hybrid.ServiceDefaults.Tests.Harness;

/// <summary>HTTP by hand, for what a well-behaved client does not send.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes and reads the answer to its end, even when the server answers and closes before all was sent.</summary>
    public static async Task<string> SendAsync(Uri url, string head, IEnumerable<byte[]> body)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n"));
        var answer = Task.Run(async () =>
        {
            using var all = new MemoryStream();
            try
            {
                await stream.CopyToAsync(all);
            }
            catch (IOException)
            {
                // Closed while we were still sending: what came before counts.
            }

            return Encoding.UTF8.GetString(all.ToArray());
        });
        try
        {
            foreach (var part in body)
            {
                if (answer.IsCompleted) break;
                await stream.WriteAsync(part);
            }
        }
        catch (IOException)
        {
            // The server has closed its side: its answer is there.
        }

        return await answer;
    }
}
