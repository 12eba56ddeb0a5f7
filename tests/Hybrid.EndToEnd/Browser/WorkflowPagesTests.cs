using System.Text.RegularExpressions;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A project admin gives the workflow another review, and a task to a person.</summary>
[Collection(nameof(Chromium))]
public sealed class WorkflowPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task AnotherReview_AndATaskForOnePerson(ColorScheme scheme, int width, int height)
    {
        var project = await Installation.CreateProjectAsync($"Docks {Guid.NewGuid().ToString("N")[..6]}");
        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;

        await owner.GoAsync($"/projects/{project}/workflow");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add review step" }).ClickAsync();
        await page.GetByLabel("Name of the step").Last.FillAsync("Chief");
        await page.GetByLabel("What is reviewed").Last.SelectOptionAsync("Adaptive: a low share while reviewers agree");
        await AccessibilityTests.CheckAsync(owner, "the workflow");
        await Shots.TakeAsync(page, "workflow", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as new version" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 2 is in force.").First).ToBeVisibleAsync();

        await owner.GoAsync($"/projects/{project}/queue");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Steer ") }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Lea Labeler").CheckAsync();
        await dialog.GetByLabel("Priority").FillAsync("5.5");
        await Assertions.Expect(dialog.GetByText("A whole number from -1000 to 1000.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Priority").FillAsync("5");
        await dialog.GetByLabel("Due", new() { Exact = false }).FillAsync("2031-02-03T10:00");
        await AccessibilityTests.CheckAsync(owner, "steering a task");
        await Shots.TakeAsync(page, "steer", scheme);
        await page.Keyboard.PressAsync("Enter");

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Lea Labeler" });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row.GetByRole(AriaRole.Cell, new() { Name = "5", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(row).ToContainTextAsync("2031");
        await Shots.TakeAsync(page, "queue-steered", scheme);
        Assert.Empty(owner.Complaints);
    }
}
