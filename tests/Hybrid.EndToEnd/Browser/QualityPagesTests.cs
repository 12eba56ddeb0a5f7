using System.Text.Json;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Two people answer for the same pictures; their manager looks at the figures, and a reviewer at both answers.</summary>
[Collection(nameof(Chromium))]
public sealed class QualityPagesTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1024, 768)]
    public async Task Answers_AreCompared_Shown_AndReviewed(ColorScheme scheme, int width, int height)
    {
        var project = await Installation.CreateProjectAsync($"Moles {Guid.NewGuid().ToString("N")[..6]}", workflow: new
        {
            steps = new object[] { new { name = "Labeling", consensus = new { labelers = 2, share = 1.0, threshold = 0.99 } }, new { name = "Review", sampling = new { kind = "fixed", rate = 0.0 } } },
        });
        await AnswerAsync(Installation.Labeler, project, 100);
        await AnswerAsync(Installation.Manager, project, 110);
        await Wait.UntilAsync(async () => (await Installation.OwnerBrowser.GetAsync($"/api/projects/{project}/quality")).GetProperty("consensus").GetProperty("settled").GetInt32() == 3);

        await using var owner = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Owner, scheme, width, height);
        var page = owner.Page;
        await owner.GoAsync($"/projects/{project}/quality");
        // Three are too few for a figure, until the settings say otherwise.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "n too small: 3" }).First).ToBeVisibleAsync();
        await page.GetByLabel("Least n").FillAsync("2");
        await page.GetByLabel("Honeypots among the tasks, in %").FillAsync("60");
        await Assertions.Expect(page.GetByText("From 0 to 50.")).ToBeVisibleAsync();
        await page.GetByLabel("Honeypots among the tasks, in %").FillAsync("10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save rules" }).ClickAsync();
        var cell = page.GetByRole(AriaRole.Table, new() { Name = "Agreement of people" }).GetByRole(AriaRole.Button).First;
        await Assertions.Expect(cell).ToContainTextAsync("%");
        await AccessibilityTests.CheckAsync(owner, "the figures of quality");
        await Shots.TakeAsync(page, "quality", scheme);

        // One click from a cell to its assets, one more to an asset.
        await cell.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Shots.TakeAsync(page, "quality-pairs", scheme);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Row).Nth(1).ClickAsync();
        await Assertions.Expect(page.GetByText("2 answers, agreement").First).ToBeVisibleAsync();
        await Shots.TakeAsync(page, "quality-asset", scheme);
        Assert.Empty(owner.Complaints);

        await owner.GoAsync($"/projects/{project}/workflow");
        await Assertions.Expect(page.GetByLabel("Several people per asset")).ToHaveValueAsync("fixed");
        await page.GetByLabel("Several people per asset").SelectOptionAsync("adaptive");
        await AccessibilityTests.CheckAsync(owner, "consensus in the workflow");
        await Shots.TakeAsync(page, "workflow-consensus", scheme);

        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer, scheme, width, height);
        await rita.StartAsync(project, "Start reviewing");
        var answers = rita.Page.GetByRole(AriaRole.Group, new() { Name = "Answers of several people" }).GetByRole(AriaRole.Button);
        await Assertions.Expect(answers).ToHaveCountAsync(2);
        await AccessibilityTests.CheckAsync(rita, "the review of several answers");
        for (var i = 0; i < 2; i++) await answers.Nth(i).ClickAsync();
        await Shots.TakeAsync(rita.Page, "review-answers", scheme);
        // One of them was chosen already, the other is a correction of it.
        await Assertions.Expect(rita.Page.GetByRole(AriaRole.Button, new() { NameRegex = new System.Text.RegularExpressions.Regex("^Approve") }).First).ToBeVisibleAsync();
        Assert.Empty(rita.Complaints);
    }

    private async Task AnswerAsync(string email, Guid project, double x)
    {
        using var browser = new BrowserSession(Installation.Url, TimeProvider.System);
        await browser.SignInAsync(email, Installation.Password);
        while (true)
        {
            var task = (await browser.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task");
            if (task.ValueKind == JsonValueKind.Null) return;
            await browser.PostAsync($"/api/projects/{project}/tasks/{task.GetProperty("id").GetGuid()}/submit", new
            {
                document = new
                {
                    schema = "hybrid.label/1", ontologyVersion = 1, answers = new { usable = new[] { "yes" } },
                    objects = new[] { new { id = Guid.CreateVersion7(), tool = "boat", geometry = new { x, y = 100, w = 300, h = 200 } } },
                    relations = Array.Empty<object>(),
                },
                activeMs = 1000,
            }, Guid.NewGuid().ToString());
        }
    }
}
