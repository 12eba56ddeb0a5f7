using System.Text;
using Hybrid.EndToEnd.Product;
using Hybrid.EndToEnd.Promise;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>The service worker alone knows addresses and secrets (security.md § 5): what pages, history and disk can see of them.</summary>
[Collection(nameof(Chromium))]
public sealed class MediaWorkerTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Fact]
    public async Task Page_WhileAPictureIsOpen_KnowsNoAddressOfIt()
    {
        await using var lea = await StartAsync("Addresses");
        var seen = await lea.Page.EvaluateAsync<string>("""
            () => JSON.stringify([performance.getEntries().map(e => e.name), document.documentElement.outerHTML, Object.entries(localStorage), Object.entries(sessionStorage), history.state, location.href])
            """);
        Assert.Contains("/asset/", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Installation.AgentUrl.Authority, seen, StringComparison.Ordinal);
        // Injected script has nowhere to send pixels: the page's own policy names no storage.
        Assert.Equal("blocked", await lea.Page.EvaluateAsync<string>("async url => { try { await fetch(url); return 'fetched'; } catch { return 'blocked'; } }", Installation.AgentUrl + "health/live"));
    }

    [Fact]
    public async Task Asset_WhenTheServerIsAskedForIt_IsRefusedWithTheRemedy()
    {
        using var http = new HttpClient();
        var answer = await http.GetAsync(new Uri(Installation.Url, "/asset/a/b"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("asset.worker_missing", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WhenLoadedPastItsWorker_RecoversByItself()
    {
        await using var lea = await StartAsync("Hard reload");
        var devtools = await lea.Page.Context.NewCDPSessionAsync(lea.Page);
        // What Shift and reload does: the page comes without its worker.
        await devtools.SendAsync("Page.reload", new Dictionary<string, object> { ["ignoreCache"] = true });
        await lea.SeesPictureAsync();
        Assert.True(await lea.Page.EvaluateAsync<bool>("() => navigator.serviceWorker.controller !== null"));
    }

    [Fact]
    public async Task Picture_WhenTheFileIsNone_SaysSoAndCanBeSkipped()
    {
        var project = await Installation.CreateProjectAsync("Broken", "broken/");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.GoAsync($"/projects/{project}");
        await lea.Page.GetByRole(AriaRole.Link, new() { Name = "Start labeling" }).First.ClickAsync();
        await Assertions.Expect(lea.Page.GetByText("not a picture", new() { Exact = false }).First).ToBeVisibleAsync();
        await lea.Page.Keyboard.PressAsync("Control+Shift+Enter");
        await lea.Page.GetByLabel("Reason").FillAsync("Not a picture");
        await lea.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(lea.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Skip" })).ToBeEnabledAsync();
        await lea.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
        await Assertions.Expect(lea.Page.GetByText("Nothing left to label")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Picture_WhenTheAgentIsAway_SaysWhyAndComesWhenItIsBack()
    {
        var project = await Installation.CreateProjectAsync("Away");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await Installation.Agent.EndAsync();
        try
        {
            await lea.GoAsync($"/projects/{project}");
            await lea.Page.GetByRole(AriaRole.Link, new() { Name = "Start labeling" }).First.ClickAsync();
            await Assertions.Expect(lea.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        }
        finally
        {
            await Installation.RestartAgentAsync();
        }

        await lea.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await lea.SeesPictureAsync();
    }

    [Fact]
    public async Task Picture_WhenItsAgentMovedUnderAnOpenPage_IsShownWithoutAReload()
    {
        var project = await Installation.CreateProjectAsync("Moved");
        await using var tomas = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Manager);
        await tomas.StartAsync(project, "Start labeling");
        await tomas.FollowAsync("Back to the project", "Assets");
        await tomas.MarkPageAsync();

        // Another address, and one more connection there: the worker's policy knows neither.
        await Installation.MoveAgentAsync("quay", Path.Combine(harbour.Storage.Folder, "harbour"));
        await tomas.OpenAssetAsync("harbour/boat 2.png");
        await tomas.SeesPictureAsync();

        await Installation.CreateProjectAsync("At the quay", prefix: "", connection: "quay");
        await tomas.CloseDialogAsync();
        await tomas.FollowAsync("Projects", "At the quay", "Start labeling");
        await tomas.SeesPictureAsync();
        await tomas.ReadsAsync("Direct");
        Assert.True(await tomas.IsOnMarkedPageAsync());
        Assert.Empty(tomas.Complaints);
    }

    [Fact]
    public async Task Profile_AfterPicturesWereSeen_HoldsNothingOfThem()
    {
        var profile = Directory.CreateTempSubdirectory("hybrid-profile").FullName;
        try
        {
            var project = await Installation.CreateProjectAsync("Disk");
            await using (var lea = await PersonAtDesk.WithProfileAsync(chromium, profile, Installation))
            {
                await lea.SignInAsync(Installation.Labeler, Installation.Password);
                await lea.StartAsync(project, "Start labeling");
                await lea.ChooseAsync("Usable");
                await lea.SubmitAsync();
                await lea.SeesPictureAsync();
            }

            var hunt = new SecretHunt();
            hunt.Add("canary", harbour.Storage.Canary);
            hunt.Add("address", Encoding.ASCII.GetBytes(Installation.AgentUrl.Authority + "/v1/"));
            var files = Directory.GetFiles(profile, "*", SearchOption.AllDirectories);
            Assert.True(files.Length > 20, "The profile was written.");
            Assert.Empty(files.SelectMany(f => hunt.SearchFile(Path.GetRelativePath(profile, f), f)));
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    private async Task<PersonAtDesk> StartAsync(string project)
    {
        var id = await Installation.CreateProjectAsync(project);
        var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(id, "Start labeling");
        return lea;
    }
}
