using System.Net.Http.Headers;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>Requests a signed URL as a browser would, with the secret header or without.</summary>
internal static class Fetch
{
    public static async Task<HttpResponseMessage> SignedAsync(
        this HttpClient http, string url, string? secret, HttpMethod? method = null, Action<HttpRequestHeaders>? with = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, url);
        if (secret is not null)
        {
            // Content-Language is an entity header in .NET; an empty body carries it.
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Language", secret);
        }

        with?.Invoke(request.Headers);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<byte[]> BytesAsync(this HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
}
