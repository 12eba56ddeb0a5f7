using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Providers.Files;

/// <summary>From a grant to the bytes of a folder: ranges, conditions and what else HTTP offers (RFC 9110).</summary>
public sealed class FileDeliveryTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private readonly byte[] content = RandomNumberGenerator.GetBytes(100_000);
    private readonly TestClock clock = new(DateTimeOffset.UtcNow);
    private RunningAgent agent = null!;
    private UrlAnswerObject answer = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), content);
        await File.WriteAllTextAsync(Path.Combine(folder, "page.html"), "<script>alert(1)</script>");
        agent = await RunningAgent.StartAsync(clock, new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });
        answer = await AnswerAsync("a.png");
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Ranges_WhenSeveral_ComeAsMultipartWithExactlyThoseBytes()
    {
        using var response = await GetAsync("bytes=0-9, 50000-50099, -5");

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        var expected = new StringBuilder();
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(p => p.Name == "boundary").Value!;
        Assert.Equal("multipart/byteranges", response.Content.Headers.ContentType.MediaType);
        foreach (var (from, to) in (List<(int, int)>)[(0, 9), (50_000, 50_099), (99_995, 99_999)])
        {
            expected.Append($"\r\n--{boundary}\r\nContent-Type: image/png\r\nContent-Range: bytes {from}-{to}/100000\r\n\r\n").Append(Encoding.Latin1.GetString(content[from..(to + 1)]));
        }

        expected.Append($"\r\n--{boundary}--\r\n");
        var body = await response.BytesAsync();
        Assert.Equal(expected.ToString(), Encoding.Latin1.GetString(body));
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14", 206)]
    [InlineData("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", 200)]
    [InlineData("bytes=0-99998,1-99999", 200)]
    [InlineData("bytes=0-,0-,0-,0-,0-,0-,0-,0-", 200)]
    [InlineData("bytes=100000-,200000-300000", 416)]
    [InlineData("bytes=100000-,5-6", 206)]
    [InlineData("bytes=9-5", 200)]
    [InlineData("bytes=", 200)]
    [InlineData("lines=1-2", 200)]
    [InlineData("bytes=99999999999999999999-", 200)]
    public async Task Ranges_OfAnyNumber_AreServedWithinTheLimitOrTheWholeComes(string range, int status)
    {
        using var response = await GetAsync(range);

        Assert.Equal(status, (int)response.StatusCode);
        var body = await response.BytesAsync();
        if (status == 200) Assert.Equal(content, body);
        if (status == 416) Assert.Equal("bytes */100000", response.Content.Headers.ContentRange?.ToString());
        if (range == "bytes=100000-,5-6") Assert.Equal(content[5..7], body);
    }

    [Fact]
    public async Task IfRange_WhenTheFileIsStillTheSame_GivesThePart_OtherwiseTheWhole()
    {
        using var whole = await GetAsync(null);
        var tag = whole.Headers.ETag!.ToString();
        var modified = whole.Content.Headers.LastModified!.Value.ToString("R");
        foreach (var range in (string[])["bytes=0-9", "bytes=0-9,20-29"])
        {
            Assert.Equal(HttpStatusCode.PartialContent, (await GetAsync(range, ("If-Range", tag))).StatusCode);
            Assert.Equal(HttpStatusCode.PartialContent, (await GetAsync(range, ("If-Range", modified))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(range, ("If-Range", "\"other\""))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(range, ("If-Range", $"W/{tag}"))).StatusCode);
            Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(range, ("If-None-Match", tag))).StatusCode);
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await GetAsync(range, ("If-Match", "\"other\""))).StatusCode);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), content[..50_000], TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("bytes=0-9,20-29", ("If-Range", tag))).StatusCode);
    }

    [Fact]
    public async Task Url_WhenAnythingInItIsChanged_IsRefused()
    {
        string Changed(string name, string value) => string.Join('&', answer.Url!.Split('&', '?').Skip(1).Select(p => p.StartsWith(name + "=", StringComparison.Ordinal) ? $"{name}={value}" : p));
        var path = answer.Url!.Split('?')[0];
        foreach (var query in (string[])[Changed("e", "99999999999"), Changed("e", "x"), Changed("h", "1"), Changed("t", "text%2Fhtml"), Changed("s", "AAAA"), Changed("s", ""), ""])
        {
            using var response = await agent.Http.SignedAsync($"{path}?{query}", answer.Header);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        using var elsewhere = await agent.Http.SignedAsync(answer.Url.Replace("/objects/c/", "/objects/other/", StringComparison.Ordinal), answer.Header);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(null)).StatusCode);
    }

    [Fact]
    public async Task Url_WorksUntilItsLastSecondAcrossTheChangeOfTheHoursKey()
    {
        // Begin just before a full hour.
        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % TimeSpan.TicksPerHour) - TimeSpan.FromSeconds(10));
        answer = await AnswerAsync("a.png");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(null)).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(null)).StatusCode);
        clock.Advance(TimeSpan.FromHours(-3));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(null)).StatusCode);
    }

    [Fact]
    public async Task Content_ThatABrowserCouldRun_IsServedInASandbox()
    {
        answer = await AnswerAsync("page.html");

        using var response = await GetAsync(null);

        Assert.Equal("sandbox; default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private async Task<UrlAnswerObject> AnswerAsync(string key)
    {
        var (objects, code) = await agent.AskAsync(new ObjectReference("c", key, null));
        Assert.Null(code);
        return objects.Single();
    }

    private Task<HttpResponseMessage> GetAsync(string? range, params (string Name, string Value)[] headers) => agent.Http.SignedAsync(answer.Url!, answer.Header, with: h =>
    {
        if (range is not null) h.TryAddWithoutValidation("Range", range);
        foreach (var (name, value) in headers) h.TryAddWithoutValidation(name, value);
    });
}
