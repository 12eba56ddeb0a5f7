using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A labeler asks about a place, a manager answers, and the labeler's page hears of it; a manager changes many tasks at once.</summary>
[Collection(nameof(Chromium))]
public sealed class ThreadPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task AQuestionAboutAPlace_IsAnswered_WithoutAReload(ColorScheme scheme, int width, int height)
    {
        var project = await Installation.CreateProjectAsync($"Talk {Guid.NewGuid().ToString("N")[..6]}");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler, scheme, width, height);
        await lea.StartAsync(project, "Start labeling");

        // 1. Asked at a place, without leaving the task.
        await lea.PressAsync("c");
        var panel = lea.Page.GetByRole(AriaRole.Region, new() { Name = "Issues and questions" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Choose a place" }).ClickAsync();
        var box = (await lea.Page.GetByTestId("stage").BoundingBoxAsync())!;
        await lea.Page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await panel.GetByLabel("Your question").FillAsync("Is this a mast? @Rita");
        await panel.GetByRole(AriaRole.Option).First.ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Assertions.Expect(panel.GetByText("Is this a mast?")).ToBeVisibleAsync();
        var mark = lea.Page.GetByRole(AriaRole.Button, new() { NameRegex = new System.Text.RegularExpressions.Regex("^Question: Is this a mast") });
        await Assertions.Expect(mark).ToBeVisibleAsync();
        await Assertions.Expect(lea.Page.GetByRole(AriaRole.Button, new() { Name = "1 open" })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(lea, "a thread beside the task");
        await Shots.TakeAsync(lea.Page, "thread-desk", scheme);

        // 2. Answered on the page of issues.
        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer, scheme, width, height);
        await rita.GoAsync($"/projects/{project}/issues?unread=true");
        await rita.Page.GetByRole(AriaRole.Button, new() { NameRegex = new System.Text.RegularExpressions.Regex("Is this a mast") }).ClickAsync();
        await rita.Page.GetByLabel("Comment").FillAsync("Yes. Box it with the boat.");
        await AccessibilityTests.CheckAsync(rita, "the issues");
        await Shots.TakeAsync(rita.Page, "issues", scheme);
        await rita.Page.GetByLabel("Comment").PressAsync("Control+Enter");
        await Assertions.Expect(rita.Page.GetByRole(AriaRole.Listitem).GetByText("Yes. Box it with the boat.")).ToBeVisibleAsync();

        // 3. Heard at the desk, and settled there.
        await Assertions.Expect(panel.GetByText("Yes. Box it with the boat.")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Solve", Exact = true }).ClickAsync();
        await Assertions.Expect(panel.GetByText("Solved by Lea Labeler")).ToBeVisibleAsync();
        await Assertions.Expect(mark).Not.ToBeVisibleAsync();
        Assert.Empty(lea.Complaints);
        Assert.Empty(rita.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task ManyTasks_AreChangedAtOnce_AndTakenBack(ColorScheme scheme, int width, int height)
    {
        var project = await Installation.CreateProjectAsync($"Many {Guid.NewGuid().ToString("N")[..6]}");
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;
        await owner.GoAsync($"/projects/{project}/queue");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change all shown" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("What to do").SelectOptionAsync("Set priority");
        await dialog.GetByLabel("Priority").FillAsync("7");
        await AccessibilityTests.CheckAsync(owner, "changing many tasks");
        await Shots.TakeAsync(page, "bulk", scheme);
        await page.Keyboard.PressAsync("Enter");
        var undo = page.GetByRole(AriaRole.Button, new() { Name = "Take back" });
        await Assertions.Expect(undo).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "7", Exact = true }).First).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "bulk-done", scheme);
        await undo.ClickAsync();
        await Assertions.Expect(page.GetByText("taken back").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "7", Exact = true })).ToHaveCountAsync(0, new() { Timeout = 20_000 });
        Assert.Empty(owner.Complaints);
    }

    [Fact]
    public async Task TwoVersionsOfALabel_StandAgainstEachOtherOnThePicture()
    {
        var project = await Installation.CreateProjectAsync($"Versions {Guid.NewGuid().ToString("N")[..6]}");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        var asset = await lea.AssetName.TextContentAsync();
        await lea.DrawPointsAsync("4", (0.2f, 0.2f));
        await lea.ChooseAsync("Usable");
        await lea.PressSubmitAsync();
        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer);
        await rita.StartAsync(project, "Start reviewing");
        await rita.PressAsync("e");
        await rita.DrawPointsAsync("4", (0.6f, 0.6f));
        await rita.DecideAsync("a");
        await rita.ReadsAsync("Nothing left to review");

        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner);
        var id = (await harbour.AssetAsync(project, asset!)).GetProperty("asset").GetProperty("id").GetGuid();
        await owner.GoAsync($"/projects/{project}/assets/{id}");
        await owner.ReadsDifferenceAsync("Added", "Buoy 2");
        await AccessibilityTests.CheckAsync(owner, "versions of a label");
        await Shots.TakeAsync(owner.Page, "versions", ColorScheme.Light);
        await Assertions.Expect(owner.Page.GetByLabel("Before")).ToHaveValueAsync("1");
        await Assertions.Expect(owner.Page.GetByLabel("After")).ToHaveValueAsync("2");
        Assert.Empty(owner.Complaints);
    }
}
