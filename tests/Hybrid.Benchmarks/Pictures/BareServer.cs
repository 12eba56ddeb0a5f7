using Hybrid.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Hybrid.Benchmarks.Pictures;

/// <summary>A server of nothing but files and an empty page: where the bare <c>&lt;img&gt;</c> lives.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private BareServer(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    public static async Task<BareServer> StartAsync(params string[] folders)
    {
        var url = new Uri($"http://localhost:{Installation.FreePort()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        foreach (var folder in folders)
        {
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(folder), OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "no-store",
            });
        }

        app.MapGet("/", () => Microsoft.AspNetCore.Http.Results.Content("<!doctype html><title>bare</title><body></body>", "text/html"));
        await app.StartAsync();
        return new BareServer(app, url);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
