using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;

namespace Hybrid.StorageAgent.Providers.Gcs;

/// <summary>The two questions that the agent asks of Cloud Storage's JSON API (ADR 2), with Google's own rules for trying again.</summary>
internal sealed class GcsClient(HttpMessageHandler handler, Uri endpoint, string bucket, string? userProject) : IDisposable
{
    private const int Tries = 3;

    private readonly HttpClient http = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>One page of the bucket's objects.</summary>
    public async Task<GcsPage> ListAsync(string token, string prefix, string? cursor, int limit, CancellationToken ct)
    {
        var path = $"storage/v1/b/{Uri.EscapeDataString(bucket)}/o?fields=nextPageToken,items(name,size,generation,md5Hash,etag)&maxResults={limit}&prefix={Uri.EscapeDataString(prefix)}"
            + (cursor is null ? "" : $"&pageToken={Uri.EscapeDataString(cursor)}");
        using var answer = await SendAsync(token, path, null, ct);
        return await answer.Content.ReadFromJsonAsync(GcsJson.Default.GcsPage, ct) ?? new GcsPage(null, null);
    }

    /// <summary>The first bytes of an object.</summary>
    public async Task<byte[]> ReadStartAsync(string token, string name, string? generation, int bytes, CancellationToken ct)
    {
        var path = $"storage/v1/b/{Uri.EscapeDataString(bucket)}/o/{Uri.EscapeDataString(name)}?alt=media" + (generation is null ? "" : $"&generation={Uri.EscapeDataString(generation)}");
        using var answer = await SendAsync(token, path, new RangeHeaderValue(0, bytes - 1), ct);
        // An empty object has no first byte.
        return answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? [] : await answer.Content.ReadAsByteArrayAsync(ct);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string token, string path, RangeHeaderValue? range, CancellationToken ct)
    {
        var payer = userProject is null ? "" : $"&userProject={Uri.EscapeDataString(userProject)}";
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, path + payer));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Range = range;
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return answer;
            var status = answer.StatusCode;
            answer.Dispose();
            var passing = status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
            if (!passing || attempt == Tries) throw StorageCall.OfStatus(status);
            // Doubling with jitter, as Google asks of its clients.
            await Task.Delay(TimeSpan.FromMilliseconds(100 * (1 << attempt) * (0.5 + Random.Shared.NextDouble())), ct);
        }
    }
}

/// <summary>A page of a listing, as the JSON API writes it.</summary>
internal sealed record GcsPage(IReadOnlyList<GcsObject>? Items, string? NextPageToken);

/// <summary>An object, as the JSON API writes it.</summary>
internal sealed record GcsObject(string Name, [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long Size, string? Generation, string? Md5Hash, string? Etag);

/// <summary>Generated serializer: no reflection at start.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GcsPage))]
internal sealed partial class GcsJson : JsonSerializerContext;
