using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>The pages about people, by the keyboard alone: a team is made, a list is judged and done, access is given and confirmed.</summary>
[Collection(nameof(Chromium))]
public sealed class PeoplePagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task TeamListAndReview_ByKeys(ColorScheme scheme, int width, int height)
    {
        var unique = Guid.NewGuid().ToString("N")[..6];
        var (team, name) = ($"Night {unique}", $"Boats {unique}");
        var project = await Installation.CreateProjectAsync(name);
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;

        await owner.GoAsync("/people/teams");
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create team" }).First);
        await page.Keyboard.TypeAsync(team);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = team, Exact = true }).Or(page.GetByText(team, new() { Exact = true })).First).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "teams", scheme);

        await owner.GoAsync($"/projects/{project}/members");
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add team" }));
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Team", new() { Exact = true }).SelectOptionAsync(team);
        await PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add team" }));
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Shots.TakeAsync(page, "members", scheme);

        await owner.GoAsync("/people/many");
        await page.GetByLabel("List", new() { Exact = true }).FillAsync($"e-mail,name,project,role,team\nnina-{unique}@example.org,Nina New,{name},reviewer,{team}\nno address,Omar,{name},labeler,");
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Check the list" }));
        await Assertions.Expect(page.GetByText("1 to do, 0 are so already, 1 cannot be done.", new() { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("This is no e-mail address.")).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "many", scheme);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Do 1 line" }));
        // The word "Done" also heads a column: the job itself says when it is over.
        await Wait.UntilAsync(async () => (await Installation.OwnerBrowser.GetAsync("/api/people-jobs")).GetProperty("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } job && job.GetProperty("state").GetString() == "done");

        await owner.GoAsync("/people/access");
        await page.GetByLabel("Search people and projects").FillAsync(name);
        var confirm = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^Confirm the access of Nina New to {name}") }).First;
        await PressAsync(confirm);
        await Assertions.Expect(page.GetByText($"The access of Nina New to {name} is confirmed.")).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "access", scheme);

        await owner.GoAsync($"/projects/{project}/settings");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Archive" })).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "settings", scheme);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Delete" }));
        await Shots.TakeAsync(page, "delete", scheme);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync(name);
        await PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }));
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = $"Restore {name}" }));
        await Assertions.Expect(page.GetByText($"{name} is restored.")).ToBeVisibleAsync();

        foreach (var (path, shot) in new[] { ("/people", "people"), ("/people/projects", "all-projects") })
        {
            await owner.GoAsync(path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Shots.TakeAsync(page, shot, scheme);
        }

        Assert.Empty(owner.Complaints);
    }

    private static async Task PressAsync(ILocator control)
    {
        await control.FocusAsync();
        await control.PressAsync("Enter");
    }
}
