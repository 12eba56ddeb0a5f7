using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.Contracts;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.ServiceDefaults.Tests.Harness;
using Hybrid.StorageAgent;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.ServiceDefaults.Tests.Hosts;

/// <summary>What the framework refuses before a use case is reached, over real HTTP, at both hosts.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private WebApplication agent = null!;
    private AgentIdentity identity = null!;
    private Uri agentUrl = null!;
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-problems").FullName;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite);
        await host.OrganizationAsync("owner@example.org");
        owner = await host.SignInAsync("owner@example.org");
        agentUrl = Ports.FreeUrl();
        var options = new AgentOptions { ControlPlane = Ports.FreeUrl(), PublicUrl = agentUrl, Listen = agentUrl.GetLeftPart(UriPartial.Authority), DataDirectory = folder };
        options.Connections.Add(new ConnectionOptions { Name = "folder", Provider = "file", Folder = folder });
        identity = AgentIdentity.Create(folder, Guid.CreateVersion7(), ECDsa.Create(ECCurve.NamedCurves.nistP256), new string('A', 43));
        agent = AgentHost.Build(options, identity, new TestClock(), b => b.Logging.ClearProviders());
        agent.MapGet("/broken", string () => throw new InvalidOperationException("the secret plan"));
        await agent.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await host.DisposeAsync();
        await agent.DisposeAsync();
        identity.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("{\"name\":", "application/json", 400, ErrorCodes.RequestMalformed)]
    [InlineData("{\"name\":7}", "application/json", 400, ErrorCodes.RequestMalformed)]
    [InlineData("", "application/json", 400, ErrorCodes.RequestMalformed)]
    [InlineData("{}", "text/plain", 415, ErrorCodes.ContentTypeUnsupported)]
    [InlineData("<a/>", "image/svg+xml", 415, ErrorCodes.ContentTypeUnsupported)]
    public Task ControlPlane_BodyThatItCannotRead_IsRefused(string body, string type, int status, string code) =>
        IsProblemAsync(owner.Http.PostAsync("/api/agents", new StringContent(body, Encoding.UTF8, type), Ct), status, code);

    [Fact]
    public async Task ControlPlane_RoutesThatAreNone_AreRefused()
    {
        await IsProblemAsync(owner.Http.GetAsync("/api/nothing-here", Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(owner.Http.GetAsync("/api/projects/not-a-guid", Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(owner.Http.GetAsync($"/api/projects/{Guid.NewGuid()}", Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(owner.Http.PutAsync("/api/agents", new StringContent("{}", Encoding.UTF8, "application/json"), Ct), 405, ErrorCodes.MethodNotAllowed);
        await IsProblemAsync(owner.Http.GetAsync("/metrics", Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(owner.Http.PostAsync("/projects", null, Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(owner.Http.GetAsync("/projects/1/tasks", Ct), 503, "workspace.not_built");
    }

    [Fact]
    public async Task ControlPlane_WithAWorkspace_ShowsItsPageWhereNoRouteIs()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<!doctype html>the page", Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "sw.js"), "", Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "connect.html"), "", Ct);
        await using var built = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, $"--WorkspaceFolder={folder}");
        using var http = new HttpClient { BaseAddress = built.Url };
        foreach (var path in new[] { "/", "/projects/1/tasks", "/apiary" })
        {
            using var page = await http.GetAsync(path, Ct);
            Assert.Equal((HttpStatusCode.OK, "text/html", "no-cache"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType, page.Headers.CacheControl?.ToString()));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("<!doctype html>the page", await page.Content.ReadAsStringAsync(Ct));
        }

        foreach (var path in new[] { "/api", "/agent/v2", "/metrics", "/assets/gone.js" }) await IsProblemAsync(http.GetAsync(path, Ct), 401, "session.none");
    }

    [Fact]
    public async Task ControlPlane_WithoutASession_TellsNothingAboutRoutes()
    {
        using var stranger = new HttpClient { BaseAddress = host.Url };
        stranger.DefaultRequestHeaders.Add("X-Hybrid-Request", "1");
        foreach (var path in new[] { "/api/nothing-here", "/api/agents", "/api/projects/not-a-guid" })
        {
            await IsProblemAsync(stranger.GetAsync(path, Ct), 401, "session.none");
            await IsProblemAsync(stranger.PutAsync(path, new StringContent("{}", Encoding.UTF8, "application/json"), Ct), 401, "session.none");
            // What is no JSON is refused at the door, whether a route is there or not.
            await IsProblemAsync(stranger.PutAsync(path, new StringContent("x"), Ct), 415, ErrorCodes.ContentTypeUnsupported);
        }

        await IsProblemAsync(stranger.PostAsync("/agent/v1/link/negotiate", null, Ct), 401, ErrorCodes.CredentialsMissing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ControlPlane_BodyAbove25MB_IsRefused(bool chunked)
    {
        const int size = 25 * 1024 * 1024 + 1;
        var head = $"""
            POST /agent/v1/enrol HTTP/1.1
            Host: {host.Url.Authority}
            Content-Type: application/json
            Connection: close
            {(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}")}

            """;
        var answer = await RawHttp.SendAsync(host.Url, head, Body(size, chunked));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        IsProblem(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)], 413, ErrorCodes.BodyTooLarge);
    }

    [Fact]
    public async Task Agent_RequestsThatItCannotServe_AreRefused()
    {
        using var http = new HttpClient { BaseAddress = agentUrl };
        await IsProblemAsync(http.GetAsync("/nothing-here", Ct), 404, ErrorCodes.NotFound);
        await IsProblemAsync(http.GetAsync("/metrics", Ct), 404, ErrorCodes.NotFound);
        // Its control plane was never there.
        using var ready = await http.GetAsync("/health/ready", Ct);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"failed","failed":["grant-keys"]}"""), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Ct)));
        await IsProblemAsync(http.GetAsync("/v1/urls", Ct), 405, ErrorCodes.MethodNotAllowed);
        await IsProblemAsync(http.DeleteAsync("/objects/folder/a.jpg", Ct), 405, ErrorCodes.MethodNotAllowed);
        await IsProblemAsync(http.GetAsync("/objects/folder/a.jpg", Ct), 403, "storage.forbidden");
        await IsProblemAsync(http.PostAsync("/v1/urls", new StringContent("{", Encoding.UTF8, "text/plain"), Ct), 400, ErrorCodes.RequestMalformed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_BodyAboveItsLimit_IsRefused(bool chunked)
    {
        const int size = 26 * 1024 * 1024;
        var head = $"""
            POST /v1/urls HTTP/1.1
            Host: {agentUrl.Authority}
            Content-Type: text/plain
            Connection: close
            {(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}")}

            """;
        var answer = await RawHttp.SendAsync(agentUrl, head, Body(size, chunked));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        IsProblem(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)], 413, ErrorCodes.BodyTooLarge);
    }

    [Fact]
    public async Task Exception_BecomesA500_ThatTellsNothing_AndKeepsTheHostsHeaders()
    {
        using var http = new HttpClient { BaseAddress = agentUrl };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/broken");
        // A browser's own Accept: the framework's writer would give up on it.
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Origin", agent.Services.GetOptions().Origin);
        using var answer = await http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        IsProblem(text, 500, ErrorCodes.ServerError);
        Assert.DoesNotContain("secret plan", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Equal(agent.Services.GetOptions().Origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Exception_InDevelopment_TellsNothingEither()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults(new ServiceDescription("broken", "1.0.0", "Broken"), new OperatorOptions());
        await using var app = builder.Build();
        var url = Ports.FreeUrl();
        app.Urls.Add(url.ToString());
        app.UseServiceDefaults(branch => branch.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        }));
        app.MapGet("/broken", string () => throw new InvalidOperationException("the secret plan"));
        app.MapGet("/bound/{id:int}", (int id, int count) => id + count);
        app.MapGet("/limited", () => TypedResults.StatusCode(StatusCodes.Status429TooManyRequests));
        app.MapGet("/odd", () => TypedResults.StatusCode(StatusCodes.Status418ImATeapot));
        app.MapGet("/away", () => TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await app.StartAsync(Ct);
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html");
        using var answer = await http.GetAsync("/broken", Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        IsProblem(text, 500, ErrorCodes.ServerError);
        Assert.DoesNotContain("secret plan", text, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        await IsProblemAsync(http.GetAsync("/bound/1?count=many", Ct), 400, ErrorCodes.RequestMalformed);
        await IsProblemAsync(http.GetAsync("/limited", Ct), 429, ErrorCodes.RequestLimited);
        await IsProblemAsync(http.GetAsync("/odd", Ct), 418, ErrorCodes.RequestRefused);
        await IsProblemAsync(http.GetAsync("/away", Ct), 503, ErrorCodes.ServerUnavailable);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task IsProblemAsync(Task<HttpResponseMessage> sending, int status, string code)
    {
        using var answer = await sending;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        IsProblem(await answer.Content.ReadAsStringAsync(Ct), status, code);
    }

    private static void IsProblem(string text, int status, string code)
    {
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal($"urn:hybrid:problem:{code}", problem.GetProperty("type").GetString());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("traceId").GetString()));
    }

    private static IEnumerable<byte[]> Body(int size, bool chunked)
    {
        var part = new byte[64 * 1024];
        Array.Fill(part, (byte)' ');
        for (var sent = 0; sent < size; sent += part.Length)
        {
            if (chunked) yield return Encoding.ASCII.GetBytes($"{part.Length:x}\r\n");
            yield return part;
            if (chunked) yield return "\r\n"u8.ToArray();
        }

        if (chunked) yield return "0\r\n\r\n"u8.ToArray();
    }
}

internal static class AgentServices
{
    public static AgentOptions GetOptions(this IServiceProvider services) => (AgentOptions)services.GetService(typeof(AgentOptions))!;
}
