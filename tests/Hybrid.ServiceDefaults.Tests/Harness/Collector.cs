using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Tests.Harness;

/// <summary>An OTLP receiver (http/protobuf) that keeps the bytes of each signal as they came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, MemoryStream> received = new(StringComparer.Ordinal);

    private Collector(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = Ports.FreeUrl();
        var app = builder.Build();
        app.Urls.Add(url.ToString());
        var collector = new Collector(app, url);
        app.MapPost("/v1/{signal}", collector.KeepAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Everything of a signal (traces, metrics, logs). Protobuf writes strings as plain UTF-8.</summary>
    public string TextOf(string signal) => received.TryGetValue(signal, out var bytes) ? Encoding.UTF8.GetString(bytes.ToArray()) : "";

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> KeepAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var all = received.GetOrAdd(signal, _ => new MemoryStream());
        lock (all) body.WriteTo(all);
        return Results.Bytes([], "application/x-protobuf");
    }
}
