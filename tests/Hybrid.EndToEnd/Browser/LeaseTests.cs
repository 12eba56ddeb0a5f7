using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>One task, two who have it on the desk: another person after a lapse, another window of the same person.</summary>
[Collection(nameof(Chromium))]
public sealed class LeaseTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Fact]
    public async Task Task_WhenSomebodyElseTookIt_SaysSoAndLosesNothing()
    {
        var project = await Installation.CreateProjectAsync("Lapsed");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        var asset = await lea.AssetName.InnerTextAsync();
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await lea.ChooseAsync("Usable");
        await lea.SeesSavedAsync();

        await harbour.TakeAsync(project, asset);
        await lea.DrawBoxAsync(0.55f, 0.55f, 0.7f, 0.7f);

        // The save of the second box is refused: the page knows, before anything is submitted.
        await lea.ReadsAsync("Somebody else has this task now.");
        await lea.ReadsAsync("What you drew is kept as your draft.");
        await lea.PressSubmitAsync();
        await lea.SeesObjectsAsync("Boat 1", "Boat 2");
        await Assertions.Expect(lea.AssetName).ToHaveTextAsync(asset);
        Assert.Equal(0, await harbour.VersionsAsync(project, asset));

        await lea.Page.GetByRole(AriaRole.Button, new() { Name = "Next task" }).ClickAsync();
        await Assertions.Expect(lea.AssetName).Not.ToHaveTextAsync(asset);
        await lea.SeesPictureAsync();
        await lea.SeesObjectsAsync();

        // Given back, it is as she left it, with the box that never reached the server.
        await harbour.GiveBackAsync(project, asset);
        await lea.OpenTaskAsync(project, await harbour.TaskAsync(project, asset));
        await Assertions.Expect(lea.AssetName).ToHaveTextAsync(asset);
        await lea.SeesObjectsAsync("Boat 1", "Boat 2");
        await lea.SeesChosenAsync("Usable");
    }

    [Fact]
    public async Task Submit_AfterSomebodyElseTookTheTask_IsRefusedInWords()
    {
        var project = await Installation.CreateProjectAsync("Too late");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        var asset = await lea.AssetName.InnerTextAsync();
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await lea.ChooseAsync("Usable");

        await harbour.TakeAsync(project, asset);
        await lea.PressSubmitAsync();

        await lea.ReadsAsync("Somebody else has this task now.");
        await lea.ReadsAsync("Taken by somebody else");
        await Assertions.Expect(lea.AssetName).ToHaveTextAsync(asset);
        await lea.SeesObjectsAsync("Boat 1");
        Assert.Equal(0, await harbour.VersionsAsync(project, asset));
    }

    [Fact]
    public async Task Windows_OfOnePerson_ShareTheTaskAndNeverOverwriteEachOther()
    {
        var project = await Installation.CreateProjectAsync("Two windows");
        await using var left = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await using var right = await left.OpenWindowAsync();
        await left.StartAsync(project, "Start labeling");
        await right.StartAsync(project, "Start labeling");
        var asset = await left.AssetName.InnerTextAsync();
        await Assertions.Expect(right.AssetName).ToHaveTextAsync(asset);

        await left.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await left.SeesSavedAsync();
        await right.DrawPointsAsync("4", (0.2f, 0.2f));

        // What is on the screen stays; the newer draft is one press away.
        await right.ReadsAsync("A newer draft was saved in another window.");
        await right.SeesObjectsAsync("Buoy 1");
        await right.Page.GetByRole(AriaRole.Button, new() { Name = "Load the newer one" }).ClickAsync();
        await right.SeesObjectsAsync("Boat 1");

        await right.ChooseAsync("Usable");
        await right.SubmitAsync();
        Assert.Equal(["boat"], (await harbour.LabelAsync(project, asset)).Classes());
        await left.ChooseAsync("Usable");
        await left.PressSubmitAsync();
        await left.ReadsAsync("This task is finished already, from another window or by somebody else.");
        Assert.Equal(1, await harbour.VersionsAsync(project, asset));
    }
}
