using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A project admin writes how to label, with a picture from the customer's storage; a labeler reads it before the next task, and beside it.</summary>
[Collection(nameof(Chromium))]
public sealed class GuidelinePagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Guidelines_AreWritten_ReadBeforeTheNextTask_AndStandBesideIt(ColorScheme scheme, int width, int height)
    {
        var project = await Installation.CreateProjectAsync($"Rules {Guid.NewGuid().ToString("N")[..6]}");
        var key = (await (await harbour.ByApiAsync(Installation.Owner)).GetAsync($"/api/projects/{project}/assets")).GetProperty("items")[0].GetProperty("name").GetString()!;
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;

        // 1. Typed text outlives the page.
        await owner.GoAsync($"/projects/{project}/guidelines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write guidelines" }).ClickAsync();
        await page.GetByLabel("Text for everybody").FillAsync("# Boats\n\nDraw **tight** boxes.\n\n<script>alert(1)</script>\n\n");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on writing" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Text for everybody")).ToHaveValueAsync("# Boats\n\nDraw **tight** boxes.\n\n<script>alert(1)</script>\n\n");

        // 2. A picture, by the way of every picture; a section of a class.
        await page.GetByLabel("Text for everybody").PressAsync("Control+End");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add picture" }).ClickAsync();
        await page.GetByLabel("Object key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add and insert" }).ClickAsync();
        var preview = page.GetByRole(AriaRole.Region, new() { Name = "Preview" });
        await Assertions.Expect(preview.Locator("canvas")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(preview.GetByRole(AriaRole.Heading, new() { Name = "Boats" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("script:has-text('alert')")).ToHaveCountAsync(0);
        await page.GetByLabel("Part", new() { Exact = true }).SelectOptionAsync("Boat");
        await page.GetByLabel("Section: Boat").FillAsync("Sails belong to the boat.");
        await page.GetByLabel("Why this version").FillAsync("The first rules");
        await page.GetByLabel("Everybody says that they have read it").CheckAsync();
        await AccessibilityTests.CheckAsync(owner, "the guideline editor");
        await Shots.TakeAsync(page, "guideline-editor", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Version 1" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("not read yet").First).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(owner, "the guidelines");
        await Shots.TakeAsync(page, "guidelines", scheme);

        // 3. Before the next task, and beside it.
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler, scheme, width, height);
        await lea.GoAsync($"/projects/{project}/label");
        await Assertions.Expect(lea.Page.GetByRole(AriaRole.Heading, new() { Name = "Read before the next task" })).ToBeVisibleAsync();
        await Assertions.Expect(lea.Page.Locator("article canvas")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await AccessibilityTests.CheckAsync(lea, "the reading");
        await Shots.TakeAsync(lea.Page, "guideline-reading", scheme);
        await lea.Page.GetByRole(AriaRole.Button, new() { Name = "I have read version 1" }).ClickAsync();
        await lea.SeesPictureAsync();
        await lea.TakeClassAsync("Boat");
        await Assertions.Expect(lea.Page.GetByRole(AriaRole.Region, new() { Name = "Section: Boat" })).ToContainTextAsync("Sails belong to the boat.");
        await lea.PressAsync("g");
        var beside = lea.Page.GetByRole(AriaRole.Region, new() { Name = "Guidelines" });
        await Assertions.Expect(beside).ToContainTextAsync("Draw tight boxes.");
        await Shots.TakeAsync(lea.Page, "guideline-beside", scheme);
        await lea.PressAsync("g");
        await Assertions.Expect(beside).Not.ToBeVisibleAsync();

        // 4. Who comes second sees what the other wrote; what changed is shown.
        await owner.GoAsync($"/projects/{project}/guidelines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write a new version" }).ClickAsync();
        await page.GetByLabel("Text for everybody").FillAsync("# Boats\n\nDraw loose boxes.");
        await page.GetByLabel("Why this version").FillAsync("Loose ones");
        var api = await harbour.ByApiAsync(Installation.Owner);
        (await api.SendAsync(HttpMethod.Put, $"/api/projects/{project}/guidelines", new { text = "# Boats\n\nDraw exact boxes.", sections = new { }, reason = "Faster", mustRead = false }, ifMatch: "\"1\"")).EnsureSuccessStatusCode();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 2 was published meanwhile")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Text for everybody").First).ToHaveValueAsync("# Boats\n\nDraw loose boxes.");
        await Shots.TakeAsync(page, "guideline-conflict", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish mine after version 2" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Version 3" })).ToBeVisibleAsync();
        await page.GetByLabel("Compare with").SelectOptionAsync("Changes since version 2");
        await Assertions.Expect(page.Locator("ins")).ToHaveTextAsync("loose");
        await Shots.TakeAsync(page, "guideline-diff", scheme);
        Assert.Empty(lea.Complaints);
    }
}
