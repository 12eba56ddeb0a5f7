using System.Globalization;
using Hybrid.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Hybrid.Benchmarks.Agents.Proxying;

/// <summary>A store whose objects are made as they are sent; the last part of a key is its bytes.</summary>
internal sealed class LargeStore : IAsyncDisposable
{
    private static readonly byte[] Piece = new byte[128 * 1024];

    private readonly WebApplication app;

    private LargeStore(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    public static async Task<LargeStore> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{Installation.FreePort()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add(url.GetLeftPart(UriPartial.Authority));
        app.MapGet("/{bucket}/{bytes:long}", async (long bytes, Microsoft.AspNetCore.Http.HttpContext context) =>
        {
            (context.Response.ContentLength, context.Response.ContentType, context.Response.Headers.ETag) = (bytes, "application/octet-stream", "\"1\"");
            for (var left = bytes; left > 0; left -= Piece.Length) await context.Response.Body.WriteAsync(Piece.AsMemory(0, (int)Math.Min(left, Piece.Length)), context.RequestAborted);
        });
        await app.StartAsync();
        return new LargeStore(app, url);
    }

    /// <summary>Key of an object of this size.</summary>
    public static string KeyOf(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
