using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.StorageAgent.Tests.Delivery;

/// <summary>Exactly one origin may read the agent's answers.</summary>
public sealed class CorsTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-folder").FullName;
    private RunningAgent agent = null!;

    public async ValueTask InitializeAsync() =>
        agent = await RunningAgent.StartAsync(new TestClock(), new ConnectionOptions { Name = "c", Provider = "file", Folder = folder });

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData("POST", "/v1/urls")]
    [InlineData("GET", "/objects/c/a.png")]
    [InlineData("OPTIONS", "/v1/urls")]
    public async Task Answer_ToTheWorkspace_MayBeRead(string method, string path)
    {
        using var response = await SendAsync(method, path, RunningAgent.Workspace);

        Assert.Equal(RunningAgent.Workspace, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("ETag, Content-Range, Accept-Ranges, Content-Length", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", response.Headers.Vary.Single());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://hybrid.example.evil")]
    [InlineData("http://hybrid.example")]
    [InlineData("https://hybrid.example:444")]
    [InlineData("https://HYBRID.example")]
    [InlineData("https://sub.hybrid.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Answer_ToAnybodyElse_MayNotBeRead(string? origin)
    {
        foreach (var (method, path) in ((string, string)[])[("POST", "/v1/urls"), ("GET", "/objects/c/a.png"), ("OPTIONS", "/v1/urls")])
        {
            using var response = await SendAsync(method, path, origin);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal("Origin", response.Headers.Vary.Single());
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? origin)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(agent.Options.PublicUrl!, path));
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == "OPTIONS") request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        return await agent.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
