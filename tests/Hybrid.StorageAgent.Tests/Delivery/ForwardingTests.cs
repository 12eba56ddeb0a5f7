using System.Net;
using System.Text.Json;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Hybrid.StorageAgent.Tests.Delivery;

/// <summary>Browser → agent → storage: what passes, what does not, and what happens when either end fails.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Upstream store = null!;
    private RunningAgent agent = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await Upstream.StartAsync();
        agent = await RunningAgent.StartAsync(clock, store.Connection);
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Headers_PassByTheirLists_InBothDirections()
    {
        var seen = new HeaderDictionary();
        store.Answer = context =>
        {
            foreach (var header in context.Request.Headers) seen[header.Key] = header.Value;
            var headers = context.Response.Headers;
            (headers.ETag, headers.LastModified, headers.AcceptRanges, headers.ContentType) = ("\"1\"", "Wed, 21 Oct 2015 07:28:00 GMT", "bytes", "text/html");
            (headers.SetCookie, headers.Server, headers.CacheControl, headers["x-amz-request-id"], headers.Location) = ("a=b", "store", "public, max-age=9", "secret-id", "https://elsewhere.example");
            return context.Response.WriteAsync("content");
        };

        using var answer = await GetAsync("a.png", with: h =>
        {
            h.TryAddWithoutValidation("Cookie", "session=1");
            h.TryAddWithoutValidation("Authorization", "Basic eA==");
            h.TryAddWithoutValidation("Origin", RunningAgent.Workspace);
            h.TryAddWithoutValidation("Referer", RunningAgent.Workspace);
            h.TryAddWithoutValidation("X-Forwarded-For", "10.0.0.1");
            h.TryAddWithoutValidation("X-Anything", "1");
            h.TryAddWithoutValidation("Range", "bytes=0-3");
            h.TryAddWithoutValidation("If-Range", "\"1\"");
            h.TryAddWithoutValidation("If-None-Match", "\"2\"");
        });

        Assert.Equal(["Host", "If-None-Match", "If-Range", "Range"], seen.Keys.Where(k => k is not ("Content-Length" or "traceparent")).Order(StringComparer.Ordinal));
        Assert.Equal(("content", "image/png"), (await answer.Content.ReadAsStringAsync(Ct), answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(
            ["Accept-Ranges", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Cache-Control", "Date", "ETag", "Vary", "X-Content-Type-Options"],
            answer.Headers.Select(h => h.Key).Where(k => k != "Transfer-Encoding").Order(StringComparer.Ordinal));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("page.html", "text/html")]
    [InlineData("drawing.svg", "image/svg+xml")]
    [InlineData("paper.pdf", "application/pdf")]
    [InlineData("data.xml", "application/xml")]
    public async Task Content_ThatABrowserCouldRun_IsServedInASandbox(string key, string type)
    {
        using var answer = await GetAsync(key);

        Assert.Equal((type, "sandbox; default-src 'none'"), (answer.Content.Headers.ContentType?.ToString(), answer.Headers.GetValues("Content-Security-Policy").Single()));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Redirect_IsNeverFollowed(int status)
    {
        var asked = new List<string>();
        store.Answer = context =>
        {
            asked.Add(context.Request.Path);
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, new Uri(store.Url, "/elsewhere").ToString());
            return Task.CompletedTask;
        };

        using var answer = await GetAsync("a.png");

        Assert.Equal((HttpStatusCode.BadGateway, "storage.failed"), (answer.StatusCode, await CodeAsync(answer)));
        Assert.Null(answer.Headers.Location);
        Assert.Equal(["/bucket/a.png"], asked);
    }

    [Theory]
    [InlineData(403, 502, "storage.forbidden")]
    [InlineData(404, 404, "storage.not_found")]
    [InlineData(500, 502, "storage.failed")]
    [InlineData(503, 503, "storage.busy")]
    public async Task Error_OfTheStore_IsNamed_AndItsWordsStayHere(int status, int expected, string code)
    {
        store.Answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<Error><BucketName>inner-bucket</BucketName></Error>");
        };

        using var answer = await GetAsync("a.png", with: h => h.TryAddWithoutValidation("Origin", RunningAgent.Workspace));

        Assert.Equal((expected, code), ((int)answer.StatusCode, await CodeAsync(answer)));
        Assert.DoesNotContain("inner-bucket", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(RunningAgent.Workspace, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Store_ThatDoesNotBeginToAnswer_IsGivenUp()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Answer = async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            arrived.SetResult();
            await left.Task;
        };

        var asking = GetAsync("a.png");
        await arrived.Task.WaitAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(21));
        using var answer = await asking;

        Assert.Equal((HttpStatusCode.GatewayTimeout, "storage.slow"), (answer.StatusCode, await CodeAsync(answer)));
        await left.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task Store_ThatIsNotThere_IsUnreachable()
    {
        await store.DisposeAsync();

        using var answer = await GetAsync("a.png");

        Assert.Equal((HttpStatusCode.BadGateway, "storage.unreachable"), (answer.StatusCode, await CodeAsync(answer)));
    }

    [Fact]
    public async Task Store_ThatBreaksOffInMidBody_BreaksTheAnswer()
    {
        store.Answer = async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.Body.WriteAsync(new byte[100_000]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        var (url, header) = await UrlAsync("a.png");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => agent.Http.SignedAsync(url, header));
    }

    [Fact]
    public async Task Browser_ThatGoesAway_EndsTheStoresAnswer()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Answer = async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            await EndlessAsync(context, _ => { });
        };
        var (url, header) = await UrlAsync("film.mp4");

        using (var answer = await OpenAsync(url, header))
        {
            await answer.Content.ReadAsStream(Ct).ReadExactlyAsync(new byte[1024], Ct);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Browser_ThatReadsSlowly_HoldsTheStoreBack()
    {
        long sent = 0;
        store.Answer = context => EndlessAsync(context, n => Interlocked.Add(ref sent, n));
        var (url, header) = await UrlAsync("film.mp4");
        using var answer = await OpenAsync(url, header);
        await using var body = await answer.Content.ReadAsStreamAsync(Ct);

        var part = new byte[1 << 20];
        for (long read = 0; read < 64L << 20; read += part.Length)
        {
            await body.ReadExactlyAsync(part, Ct);
            // What the sockets of three processes hold between them, and no more.
            Assert.InRange(Interlocked.Read(ref sent) - read, 0, 32L << 20);
        }
    }

    [Fact]
    public async Task Ranges_WhenSeveral_AreAnsweredByTheWhole()
    {
        var range = "-";
        store.Answer = context =>
        {
            range = context.Request.Headers.Range.ToString();
            return context.Response.WriteAsync("content");
        };

        using var answer = await GetAsync("a.png", with: h => h.TryAddWithoutValidation("Range", "bytes=0-1,3-4"));

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, range));
    }

    [Fact]
    public async Task Version_IsPinned()
    {
        var asked = "";
        store.Answer = context =>
        {
            asked = context.Request.Query["versionId"].ToString();
            return Task.CompletedTask;
        };
        var (url, header) = await UrlAsync("a.png", "v 1");
        using var pinned = await agent.Http.SignedAsync(url, header);
        using var other = await agent.Http.SignedAsync(url.Replace("v=v%201", "v=v%202", StringComparison.Ordinal), header);
        using var newest = await agent.Http.SignedAsync(url.Replace("&v=v%201", "", StringComparison.Ordinal), header);

        Assert.Equal("v 1", asked);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (pinned.StatusCode, other.StatusCode, newest.StatusCode));
    }

    [Fact]
    public async Task Request_WithABodyOrAnUpgrade_IsRefused()
    {
        var (url, header) = await UrlAsync("a.png");
        using var body = new HttpRequestMessage(HttpMethod.Get, url) { Content = new StringContent("body") };
        body.Content.Headers.TryAddWithoutValidation("Content-Language", header);
        using var upgrade = new HttpRequestMessage(HttpMethod.Get, url) { Content = new ByteArrayContent([]) };
        upgrade.Content.Headers.TryAddWithoutValidation("Content-Language", header);
        upgrade.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        upgrade.Headers.TryAddWithoutValidation("Upgrade", "websocket");

        Assert.Equal(HttpStatusCode.BadRequest, (await agent.Http.SendAsync(body, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await agent.Http.SendAsync(upgrade, Ct)).StatusCode);
    }

    private static async Task EndlessAsync(HttpContext context, Action<int> sent)
    {
        var part = new byte[64 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(part, context.RequestAborted);
            sent(part.Length);
        }
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("code").GetString();

    private async Task<(string Url, string Header)> UrlAsync(string key, string? version = null)
    {
        var (objects, code) = await agent.AskAsync(new ObjectReference("c", key, version));
        Assert.Null(code);
        Assert.StartsWith(agent.Options.Listen + "/objects/c/", objects[0].Url, StringComparison.Ordinal);
        return (objects[0].Url!, objects[0].Header!);
    }

    private async Task<HttpResponseMessage> GetAsync(string key, Action<System.Net.Http.Headers.HttpRequestHeaders>? with = null)
    {
        var (url, header) = await UrlAsync(key);
        return await agent.Http.SignedAsync(url, header, with: with);
    }

    private async Task<HttpResponseMessage> OpenAsync(string url, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Language", header);
        return await agent.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }
}
