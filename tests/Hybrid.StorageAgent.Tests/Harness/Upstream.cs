using Hybrid.StorageAgent.Configuration;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>A store that answers as a test tells it: for what no real store does on demand.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication app;

    private Upstream(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    /// <summary>How it answers; at first with an empty 200.</summary>
    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Reached by the agent in proxy delivery.</summary>
    public ConnectionOptions Connection => new() { Name = "c", Provider = "s3", Bucket = "bucket", Endpoint = Url, AccessKey = "AKIDEXAMPLE", SecretKey = "secret", Delivery = "proxy" };

    public static async Task<Upstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = new Uri($"http://127.0.0.1:{TestServers.FreePort()}");
        // A test's slow reader is no attacker.
        builder.WebHost.UseUrls(url.ToString()).ConfigureKestrel(k => k.Limits.MinResponseDataRate = null);
        var upstream = new Upstream(builder.Build(), url);
        upstream.app.Run(context => upstream.Answer(context));
        await upstream.app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
