using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd.Product;

/// <summary>Takes what a host exports by OTLP (http/protobuf) and keeps the bytes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentBag<(string Signal, byte[] Body)> received = [];

    private OtlpReceiver(WebApplication app) => this.app = app;

    public Uri Endpoint => new(app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Urls.Add("http://127.0.0.1:0");
        receiver.app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var bytes = body.ToArray();
            receiver.received.Add((signal, request.Headers.ContentEncoding.Count > 0 ? Promise.Inflation.By(request.Headers.ContentEncoding.ToString(), bytes)! : bytes));
            return Results.Bytes([], "application/x-protobuf");
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>What came of a signal: traces, metrics or logs.</summary>
    public IReadOnlyList<byte[]> Of(string signal) => [.. received.Where(r => r.Signal == signal).Select(r => r.Body)];

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
