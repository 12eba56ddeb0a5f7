using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>
/// A public page and a private network (Local Network Access): the browser asks once, on a page that alone may talk to agent and storage.
/// Chromium is told that the workspace's own address is a public one.
/// </summary>
public sealed class ConnectPageTests : IAsyncLifetime
{
    private readonly CephStorage storage = new();
    private Installation installation = null!;
    private Chromium chromium = null!;

    public async ValueTask InitializeAsync()
    {
        installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, storage));
        chromium = new Chromium([$"--ip-address-space-overrides=127.0.0.1:{installation.Url.Port}=public,[::1]:{installation.Url.Port}=public"]);
        await chromium.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        if (installation is not null) await installation.DisposeAsync();
        await storage.DisposeAsync();
    }

    [Fact]
    public async Task Picture_InAPrivateNetwork_ShowsOnceTheBrowserWasAllowed()
    {
        // 1. Prompt: a worker cannot ask, so the desk says what to do; the URL itself came by the relay.
        await using var lea = await PersonAtDesk.AtAsync(chromium, installation, Installation.Labeler);
        await lea.GoAsync($"/projects/{installation.Project}/label");
        var link = lea.Page.GetByRole(AriaRole.Link, new() { Name = "Connect this browser" });
        await Assertions.Expect(link).ToBeVisibleAsync();

        // 2. Denied, as a browser without anybody before it answers by itself: the page says how to take that back.
        var page = await lea.Page.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This browser was told not to let this page into the network.")).ToBeVisibleAsync();

        // 3. Granted.
        await lea.Page.Context.GrantPermissionsAsync(["local-network-access"], new BrowserContextGrantPermissionsOptions { Origin = installation.Url.GetLeftPart(UriPartial.Authority) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This browser reaches your organization’s network.")).ToBeVisibleAsync();
        await lea.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await lea.SeesPictureAsync();
    }

    [Fact]
    public async Task Page_ForAnAgentOfNobody_ConnectsNowhere()
    {
        using var http = new HttpClient();
        var agent = (await installation.OwnerBrowser.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var known = await installation.OwnerBrowser.Http.GetAsync($"/connect/{agent}", TestContext.Current.CancellationToken);
        Assert.Contains(installation.AgentUrl.GetLeftPart(UriPartial.Authority), known.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains(installation.AgentUrl.GetLeftPart(UriPartial.Authority), await known.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // Somebody without a session, and an agent that is not of the organization, get the same page.
        var strangers = await http.GetAsync(new Uri(installation.Url, $"/connect/{agent}"), TestContext.Current.CancellationToken);
        var unknown = await installation.OwnerBrowser.Http.GetAsync($"/connect/{Guid.NewGuid()}", TestContext.Current.CancellationToken);
        Assert.Equal(await strangers.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var answer in new[] { strangers, unknown })
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("connect-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }
}
