using System.Text.Json;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Labels go on to a reviewer: corrected, sent back, approved; and the manager's page tells the same as the API.</summary>
[Collection(nameof(Chromium))]
public sealed class ReviewTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Fact]
    public async Task Label_WhenCorrected_IsTheReviewersAndTheOriginalStays()
    {
        var project = await Installation.CreateProjectAsync("Corrected");
        var asset = await LabelAsync(project);
        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer);
        await rita.StartAsync(project, "Start reviewing");
        await Assertions.Expect(rita.AssetName).ToHaveTextAsync(asset);
        await rita.SeesObjectsAsync("Boat 1");
        await rita.SeesChosenAsync("Usable");
        await rita.ReadsAsync("By Lea Labeler");

        // 1. Until she says so, she only looks.
        await rita.PressAsync("Tab", "Delete");
        await rita.SeesObjectsAsync("Boat 1");
        await rita.LooksAtAsync("Differences 0");

        // 2. A buoy more, and the boat a little to the right.
        await rita.PressAsync("e");
        await rita.DrawPointsAsync("4", (0.2f, 0.2f));
        await rita.SeesObjectsAsync("Boat 1", "Buoy 1");
        await rita.SelectInListAsync("Boat 1");
        await rita.PressAsync("Shift+ArrowRight", "Shift+ArrowRight");
        await rita.LooksAtAsync("Differences 2");
        await rita.ReadsDifferenceAsync("Added", "Buoy 1");
        await rita.ReadsDifferenceAsync("Moved", "Boat 1");
        var differing = await rita.PaintedAsync();
        await rita.LooksAtAsync("Original");
        var original = await rita.PaintedAsync();
        await rita.LooksAtAsync("Mine");
        var mine = await rita.PaintedAsync();
        Assert.Equal(3, new HashSet<string> { differing, original, mine }.Count);

        // 3. Approved as it is now.
        await rita.DecideAsync("a");
        await rita.ReadsAsync("Nothing left to review");
        var about = await harbour.AssetAsync(project, asset);
        Assert.Equal("done", about.GetProperty("status").GetString());
        Assert.Equal(["human", "reviewCorrection"], about.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("origin").GetString()));
        Assert.Equal("corrected", about.GetProperty("reviews")[0].GetProperty("outcome").GetString());
        var (before, after) = (await harbour.LabelAsync(project, asset, 0), await harbour.LabelAsync(project, asset, 1));
        Assert.Equal(["boat"], before.Classes());
        Assert.Equal(["boat", "buoy"], after.Classes());
        Assert.Equal(X(before) + 20, X(after), 3);
        Assert.Empty(rita.Complaints);
    }

    [Fact]
    public async Task Label_WhenSentBack_ComesBackWithTheReasonAndGoesOnMended()
    {
        const string reason = "The buoy on the left is missing.";
        var project = await Installation.CreateProjectAsync("Sent back");
        var asset = await LabelAsync(project);

        await using var rita = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Reviewer);
        await rita.StartAsync(project, "Start reviewing");
        await rita.PressAsync("2", "j");
        await rita.Page.GetByLabel("Reason").FillAsync(reason);
        await rita.DecideAsync("Control+Enter");
        await rita.ReadsAsync("Nothing left to review");

        // Before all other tasks, with the reason and her own label.
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.ReadsAsync("1 sent back");
        await lea.StartAsync(project, "Start labeling");
        await Assertions.Expect(lea.AssetName).ToHaveTextAsync(asset);
        await lea.ReadsAsync("Sent back by Rita Reviewer");
        await lea.ReadsAsync(reason);
        await lea.ReadsAsync("Score: 2 of 5.");
        await lea.SeesObjectsAsync("Boat 1");
        await lea.DrawPointsAsync("4", (0.2f, 0.2f));
        await lea.SubmitAsync();

        await rita.StartAsync(project, "Start reviewing");
        await Assertions.Expect(rita.AssetName).ToHaveTextAsync(asset);
        await rita.SeesObjectsAsync("Boat 1", "Buoy 1");
        await rita.DecideAsync("a");
        await rita.ReadsAsync("Nothing left to review");
        var about = await harbour.AssetAsync(project, asset);
        Assert.Equal("done", about.GetProperty("status").GetString());
        Assert.Equal(["sentBack", "approved"], about.GetProperty("reviews").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()));
        Assert.Equal(["boat", "buoy"], (await harbour.LabelAsync(project, asset)).Classes());

        await ProgressAgreesAsync(project);
    }

    // What the manager's page says is what the API says, and that is true: one of three done.
    private async Task ProgressAgreesAsync(Guid project)
    {
        var view = await (await harbour.ByApiAsync(Installation.Manager)).GetAsync($"/api/projects/{project}");
        int Of(string name) => view.GetProperty("progress").GetProperty(name).GetInt32();
        Assert.Equal((3, 1), (Of("total"), Of("done")));

        await using var tomas = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Manager);
        await tomas.GoAsync($"/projects/{project}");
        foreach (var figure in new[] { $"Done {Of("done")}", $"In review {Of("submitted") + Of("inReview")}", $"In progress {Of("inProgress")}", $"Sent back {Of("sentBack")}", $"To do {Of("toDo")}" })
            await tomas.ReadsAsync(figure);
        foreach (var step in view.GetProperty("steps").EnumerateArray())
            await tomas.ReadsAsync($"{step.GetProperty("done")} done · {step.GetProperty("doing")} doing · {step.GetProperty("toDo")} to do");
        await tomas.GoAsync($"/projects/{project}/assets");
        await tomas.ReadsAsync("Done");
    }

    // A labeler has drawn a boat in the first picture and submitted it.
    private async Task<string> LabelAsync(Guid project)
    {
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        var asset = await lea.AssetName.InnerTextAsync();
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await lea.ChooseAsync("Usable");
        await lea.SubmitAsync();
        // What she holds already would come before what is sent back.
        var next = await harbour.TaskAsync(project, await lea.AssetName.InnerTextAsync());
        await (await harbour.ByApiAsync(Installation.Labeler)).PostAsync($"/api/projects/{project}/tasks/{next}/release");
        return asset;
    }

    private static double X(JsonElement label) => label.Only("boat").GetProperty("geometry").GetProperty("x").GetDouble();
}
