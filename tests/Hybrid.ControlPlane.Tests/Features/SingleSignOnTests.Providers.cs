using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using System.Web;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>How the tests go through providers, the honest one and the crooked one.</summary>
public abstract partial class SingleSignOnTests
{
    private static Dictionary<string, object> Ada(string? nonce)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "ada", ["email"] = "ada@hospital.test", ["email_verified"] = true, ["name"] = "Ada" };
        if (nonce is not null) claims["nonce"] = nonce;
        return claims;
    }

    private async Task<Guid> TeamAsync(string name) => (await owner.PostAsync("/api/teams", new { name })).GetProperty("id").GetGuid();

    private async Task<(int First, int Second)> InsideAsync(Guid first, Guid second)
    {
        var teams = (await owner.GetAsync("/api/teams")).GetProperty("items").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetGuid(), t => t.GetProperty("people").GetInt32());
        return (teams[first], teams[second]);
    }

    /// <summary>Whether the provider would ask who this is, instead of going straight back.</summary>
    private static async Task<bool> AsksWhoAsync(BrowserSession browser, CookieContainer cookies)
    {
        var providerId = (await browser.PostAsync("/api/session/discover", new { email = "ada@hospital.test" })).GetProperty("provider").GetProperty("id").GetGuid();
        var url = (await browser.PostAsync("/api/session/sso", new { providerId, keyThumbprint = browser.Thumbprint, returnTo = "/" })).GetProperty("url").GetString()!;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        using var response = await http.GetAsync(url);
        return new Uri(new Uri(url), response.Headers.Location!).AbsolutePath.StartsWith("/login/", StringComparison.Ordinal);
    }

    /// <summary>Confirms the provider's own question, as its page has it, up to the way back.</summary>
    private static async Task<string> SignOutAtProviderAsync(string url, CookieContainer cookies)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        var page = await http.GetStringAsync(url, Ct);
        var (action, xsrf) = (Regex.Match(page, "action=\"([^\"]+)\"").Groups[1].Value, Regex.Match(page, "name=\"xsrf\" value=\"([^\"]+)\"").Groups[1].Value);
        using var response = await http.PostAsync(action, new FormUrlEncodedContent([new("xsrf", xsrf), new("logout", "yes")]), Ct);
        return (response.Headers.Location ?? throw new InvalidOperationException($"{response.StatusCode}: {page}")).PathAndQuery;
    }

    private async Task<Attempt> BeginCrookedAsync(Guid id, string code, Func<string?, Dictionary<string, object>> claims)
    {
        var browser = new BrowserSession(host);
        var begun = await browser.PostAsync("/api/session/sso", new { providerId = id, keyThumbprint = browser.Thumbprint, returnTo = "/" });
        var query = HttpUtility.ParseQueryString(new Uri(begun.GetProperty("url").GetString()!).Query);
        crooked.Tokens[code] = crooked.Sign(claims(query["nonce"]));
        using var landed = await browser.Http.GetAsync($"/api/session/sso/callback?code={code}&state={query["state"]}", Ct);
        return new Attempt(browser, landed.Headers.Location?.ToString());
    }

    private async Task<BrowserSession> SignInCrookedAsync(Guid id, string sid, string[]? groups = null)
    {
        var attempt = await BeginCrookedAsync(id, sid, n =>
        {
            var claims = Ada(n);
            claims["sid"] = sid;
            if (groups is not null) claims["groups"] = groups;
            return claims;
        });
        Assert.Equal("/", attempt.Landed);
        return attempt.Browser;
    }

    private sealed record Attempt(BrowserSession Browser, string? Landed) : IDisposable
    {
        public void Dispose() => Browser.Dispose();
    }

    private async Task<string?> LandAsync(BrowserSession browser, string email, string user)
    {
        using var landed = await browser.Http.GetAsync(await ThroughProviderAsync(browser, email, user, "/"));
        return landed.Headers.Location?.ToString();
    }

    private static async Task<string> ThroughProviderAsync(BrowserSession browser, string email, string user, string returnTo, CookieContainer? cookies = null)
    {
        var found = await browser.PostAsync("/api/session/discover", new { email });
        var providerId = found.GetProperty("provider").GetProperty("id").GetGuid();
        var url = (await browser.PostAsync("/api/session/sso", new { providerId, keyThumbprint = browser.Thumbprint, returnTo })).GetProperty("url").GetString()!;
        // The request was pushed: the browser carries a reference alone.
        Assert.Contains("request_uri=", url, StringComparison.Ordinal);
        Assert.DoesNotContain("nonce=", url, StringComparison.Ordinal);
        return await FollowAsync(url, user, cookies);
    }

    /// <summary>Walks through the provider's pages as its user, up to the way back.</summary>
    private static async Task<string> FollowAsync(string url, string user, CookieContainer? cookies = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer() });
        for (var hop = 0; hop < 8; hop++)
        {
            using var response = await http.GetAsync(url);
            var next = new Uri(new Uri(url), response.Headers.Location ?? throw new InvalidOperationException($"{response.StatusCode} {url}: {await response.Content.ReadAsStringAsync()}"));
            if (next.AbsolutePath == "/api/session/sso/callback") return next.PathAndQuery;
            url = next.AbsolutePath.StartsWith("/login/", StringComparison.Ordinal) ? $"{next}?user={user}" : next.ToString();
        }

        throw new InvalidOperationException("The provider did not send the browser back.");
    }

    private async Task ConfigureRealAsync(object[]? mapping = null)
    {
        using var http = new HttpClient();
        var client = await BrowserSession.OkAsync(await http.PostAsJsonAsync(realIssuer + "/reg", new { redirect_uris = new[] { new Uri(host.Url, "/api/session/sso/callback").ToString() }, post_logout_redirect_uris = new[] { new Uri(host.Url, "/api/session/sso/signed-out").ToString() } }));
        await BrowserSession.OkAsync(await SendConfigurationAsync(realIssuer, client.GetProperty("client_id").GetString()!, client.GetProperty("client_secret").GetString(), mapping: mapping));
    }

    private async Task<Guid> ConfigureCrookedAsync()
    {
        await BrowserSession.OkAsync(await SendConfigurationAsync(crooked.Issuer, "hybrid", "top-secret"));
        return (await owner.GetAsync("/api/organization/sso")).GetProperty("provider").GetProperty("id").GetGuid();
    }

    private Task<HttpResponseMessage> SendConfigurationAsync(string issuer, string clientId, string? clientSecret, bool enforced = false, Guid[]? breakGlass = null, object[]? mapping = null) =>
        owner.SendAsync(HttpMethod.Put, "/api/organization/sso", new
        {
            name = "Clinic", issuer, clientId, clientSecret, scopes = "openid email profile", groupsClaim = "groups", mapping = mapping ?? [], justInTime = true, enforced, breakGlass = breakGlass ?? [],
        });
}
