using System.Net;
using System.Text;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.Attacks;

/// <summary>Another site, with the person's cookies: request forgery, and answers that lead away.</summary>
[Collection("attacks")] // One after the other: they watch how long answers take, and what the log gains.
public sealed class CrossSiteTests(AttackedTown shared)
{
    private readonly Town town = shared.Town;

    [Fact]
    public async Task NoChange_IsTakenFromAnotherSite()
    {
        (string Name, string Value)[][] forged =
        [
            [], [("X-Hybrid-Request", "1"), ("Origin", "https://evil.example")], [("X-Hybrid-Request", "1"), ("Origin", "null")], [("X-Hybrid-Request", "1"), ("Sec-Fetch-Site", "cross-site")],
            [("X-Hybrid-Request", "1"), ("Sec-Fetch-Site", "same-site")], [("X-Hybrid-Request", "true")], [("X-Hybrid-Request", "1"), ("Origin", shared.Host.Url + ".evil.example")],
        ];
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = town.Owner.Cookies, AllowAutoRedirect = false }) { BaseAddress = shared.Host.Url };
        var routes = ApiDocument.Operations.Where(o => o.Changes && o.Path.StartsWith("/api/", StringComparison.Ordinal) && !o.Path.StartsWith("/api/csp-reports", StringComparison.Ordinal)).ToList();
        // The identity provider's own call carries a signed token and no cookie.
        routes.RemoveAll(o => o.Path.Contains("backchannel", StringComparison.OrdinalIgnoreCase));
        Assert.True(routes.Count > 60);
        foreach (var route in routes)
        {
            foreach (var headers in forged)
            {
                var (path, body) = route.With(null, "", name => name == "projectId" ? town.Project.ToString() : Guid.NewGuid().ToString());
                using var request = new HttpRequestMessage(route.Method, path);
                if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
                await browser.SendAsync(request, TestContext.Current.CancellationToken).IsProblemAsync(HttpStatusCode.Forbidden, "request.cross_site");
            }
        }
    }

    [Theory]
    [InlineData("/sign-in?to=//evil.example")]
    [InlineData("//evil.example/")]
    [InlineData("/%2F%2Fevil.example")]
    [InlineData("/%5C%5Cevil.example")]
    [InlineData("/https:/evil.example")]
    [InlineData("/api/session/sso/callback?code=x&state=x&returnTo=https://evil.example")]
    [InlineData("/connect?to=https://evil.example")]
    [InlineData("/projects?next=%0d%0aLocation:%20https://evil.example")]
    public async Task NoAnswer_LeadsToAnotherSite(string path)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = town.Owner.Cookies, AllowAutoRedirect = false });
        foreach (var host in (string?[])[null, "evil.example"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, shared.Host.Url.GetLeftPart(UriPartial.Authority) + path);
            request.Headers.Host = host;
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
            using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);

            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            // The pages themselves are there only where the workspace was built.
            Assert.True((int)answer.StatusCode < 500 || text.Contains("workspace.not_built", StringComparison.Ordinal), $"{answer} {text}");
            if (answer.Headers.Location is { } to) Assert.Equal(shared.Host.Url.Authority, new Uri(shared.Host.Url, to).Authority);
            Assert.DoesNotContain("evil.example", string.Join(' ', answer.Headers.Where(h => h.Key != "Location").SelectMany(h => h.Value)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LinksThatAreFetchedAhead_ChangeNothing()
    {
        // A mail scanner or a browser that looks ahead sends GET and HEAD, at times with the person's cookies.
        var before = (await shared.Host.AuditAsync()).Count;
        foreach (var route in ApiDocument.Operations.Where(o => !o.Changes))
        {
            var (path, _) = route.With(null, "", name => name == "projectId" ? town.Project.ToString() : Guid.NewGuid().ToString());
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.TryAddWithoutValidation("Sec-Purpose", "prefetch");
                using var answer = await town.Owner.Http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True((int)answer.StatusCode < 500, $"{method} {path}: {(int)answer.StatusCode}");
            }
        }

        var gained = (await shared.Host.AuditAsync()).Skip(before).Select(e => e.Act).ToList();
        Assert.Empty(gained);
        await town.Owner.GetAsync("/api/session");
    }
}
