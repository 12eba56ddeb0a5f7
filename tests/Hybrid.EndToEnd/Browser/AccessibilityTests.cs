using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Every page, in both themes, holds WCAG 2.2 AA as far as axe can tell, and breaks no content security policy.</summary>
[Collection(nameof(Chromium))]
public sealed class AccessibilityTests(Chromium chromium, Harbour harbour)
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_InEitherTheme_AreAccessible(ColorScheme scheme)
    {
        var project = await Installation.CreateProjectAsync($"Accessible {scheme}");
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme);
        var agent = (await Installation.OwnerBrowser.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var person = (await Installation.OwnerBrowser.GetAsync("/api/people")).GetProperty("items")[0].GetProperty("person").GetProperty("id").GetGuid();
        string[] pages =
        [
            "/", "/projects", $"/projects/{project}", $"/projects/{project}/queue", $"/projects/{project}/assets", $"/projects/{project}/imports",
            $"/projects/{project}/members", $"/projects/{project}/ontology", $"/projects/{project}/quality", $"/projects/{project}/settings", "/people", "/people/teams", "/people/many", "/people/projects", "/people/access",
            $"/people/{person}", "/profile", "/security", "/service-accounts", "/agents", $"/agents/{agent}", $"/connect/{agent}", "/nowhere",
        ];
        foreach (var page in pages)
        {
            await owner.GoAsync(page);
            await Assertions.Expect(owner.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await owner.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await CheckAsync(owner, page);
            await Shots.TakeAsync(owner.Page, page.Replace(project.ToString(), "ID").Replace(agent.ToString(), "ID").Replace(person.ToString(), "ID").Trim('/').Replace('/', '-') is { Length: > 0 } name ? name : "home", scheme);
        }

        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler, scheme);
        await lea.StartAsync(project, "Start labeling");
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.6f, 0.6f);
        await CheckAsync(lea, "the task");
        await lea.ChooseAsync("Usable");
        await lea.SubmitAsync();

        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer, scheme);
        await rita.StartAsync(project, "Start reviewing");
        await CheckAsync(rita, "the review");
        await rita.Page.Keyboard.PressAsync("j");
        await Assertions.Expect(rita.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await CheckAsync(rita, "the dialog to send back");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task SignIn_InEitherTheme_IsAccessible(ColorScheme scheme)
    {
        await using var somebody = await PersonAtDesk.OutsideAsync(chromium, Installation, scheme);
        await somebody.GoAsync("/");
        await Assertions.Expect(somebody.Page.GetByLabel("E-mail")).ToBeVisibleAsync();
        await CheckAsync(somebody, "the sign-in");
    }

    internal static async Task CheckAsync(PersonAtDesk person, string what, int complaints = 0)
    {
        var result = await person.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } });
        Assert.True(result.Violations.Length == 0, $"{what}: {string.Join(" · ", result.Violations.Select(v => $"{v.Id} {string.Join(' ', v.Nodes.Take(3).Select(n => n.Html))}"))}");
        Assert.True(person.Complaints.Count <= complaints, $"{what}: {string.Join(" · ", person.Complaints)}");
    }
}
