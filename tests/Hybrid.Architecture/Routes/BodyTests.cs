using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hybrid.Contracts;
using Hybrid.ControlPlane.Infrastructure.Hosting;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hybrid.Architecture.Routes;

/// <summary>No endpoint of the control plane takes a body above 25 MB, and none takes anything that could be an asset: by metadata and by sending.</summary>
[Collection("the running host")] // One after the other: they read the log that the other writes.
public sealed class BodyTests(TownFixture fixture)
{
    private static readonly string[] Media =
    [
        "image/jpeg", "image/png", "image/svg+xml", "video/mp4", "audio/wav", "application/octet-stream", "application/pdf", "application/dicom", "multipart/form-data; boundary=x",
        "multipart/related; boundary=x", "application/x-www-form-urlencoded", "text/plain", "application/zip", "application/jsonx", "image/json",
    ];

    private readonly ControlPlaneHost host = fixture.Host;
    private readonly Town town = fixture.Town;
    private readonly IReadOnlyList<Route> routes = fixture.Routes;

    [Fact]
    public void NoEndpoint_SaysThatItTakesMediaOrMore()
    {
        Assert.Equal(25 * 1024 * 1024, ControlPlaneApp.MaxBodyBytes);
        Assert.Equal(ControlPlaneApp.MaxBodyBytes, host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize);
        Assert.All(routes, r => Assert.All(r.Endpoint.Metadata.GetOrderedMetadata<IRequestSizeLimitMetadata>(), m => Assert.True(m.MaxRequestBodySize <= ControlPlaneApp.MaxBodyBytes, r.ToString())));
        Assert.All(routes, r => Assert.All(r.Endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>().SelectMany(m => m.ContentTypes), t => Assert.True(BodyRules.IsJson(t), $"{r} takes {t}")));
        Assert.All(routes, r => Assert.Empty(r.Endpoint.Metadata.GetOrderedMetadata<IFormOptionsMetadata>()));
        Assert.Contains(routes, r => r.Endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>().Any());
    }

    [Fact]
    public async Task NoEndpoint_TakesAMediaType()
    {
        foreach (var (method, path) in Changing())
        {
            foreach (var type in Media)
            {
                using var content = new ByteArrayContent(Encoding.ASCII.GetBytes("{}"));
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
                await SendAsync(method, path, content).IsProblemAsync(HttpStatusCode.UnsupportedMediaType, ErrorCodes.ContentTypeUnsupported);
            }
        }
    }

    [Fact]
    public async Task NoEndpointOfThePeople_TakesABodyWithoutAType()
    {
        foreach (var (method, path) in Changing().Where(r => r.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            using var content = new ByteArrayContent([0xFF, 0xD8, 0xFF]);
            await SendAsync(method, path, content).IsProblemAsync(HttpStatusCode.UnsupportedMediaType, ErrorCodes.ContentTypeUnsupported);
        }
    }

    [Fact]
    public async Task NoEndpoint_TakesMoreThan25MB()
    {
        foreach (var (method, path) in Changing())
        {
            using var content = new Zeros(ControlPlaneApp.MaxBodyBytes + 1);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
            await SendAsync(method, path, content, waitForContinue: true).IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.BodyTooLarge);
            Assert.False(content.WasAsked, $"{method} {path} began to read the body.");
        }
    }

    [Fact]
    public async Task ABodyOfUnknownLength_EndsAt25MB()
    {
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        using var content = new Zeros(ControlPlaneApp.MaxBodyBytes + 1, saysItsLength: false);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");

        using var response = await SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/draft", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private IEnumerable<(HttpMethod Method, string Path)> Changing() =>
        ForeignRoutes.Of(town.Project, Guid.NewGuid()).Concat(OrganizationRoutes.All).Where(r => r.Method != HttpMethod.Get).Select(r => (r.Method, r.Path))
            .Concat([(HttpMethod.Post, "/api/session"), (HttpMethod.Post, "/api/session/unlock"), (HttpMethod.Delete, "/api/session"), (HttpMethod.Post, "/api/csp-reports"), (HttpMethod.Post, "/agent/v1/enrol"), (HttpMethod.Post, "/agent/v1/rotate-key"), (HttpMethod.Post, "/agent/v1/link/negotiate"), (HttpMethod.Post, "/asset/a/b"), (HttpMethod.Put, "/health/live")]);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent content, bool waitForContinue = false)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.ExpectContinue = waitForContinue;
        return town.Owner.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Blanks, which are JSON as far as they go.</summary>
    private sealed class Zeros(long length, bool saysItsLength = true) : HttpContent
    {
        public bool WasAsked { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAsked = true;
            var blanks = new byte[64 * 1024];
            blanks.AsSpan().Fill((byte)' ');
            for (var left = length; left > 0; left -= blanks.Length) await stream.WriteAsync(blanks.AsMemory(0, (int)Math.Min(left, blanks.Length)));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return saysItsLength;
        }
    }
}
