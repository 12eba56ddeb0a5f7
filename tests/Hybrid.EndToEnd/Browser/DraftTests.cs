using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>What was drawn and not submitted: kept through a reload, a closed browser and a lost network, for the one who drew it.</summary>
[Collection(nameof(Chromium))]
public sealed class DraftTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Fact]
    public async Task Draft_AfterAReload_IsOnTheDesk()
    {
        var project = await Installation.CreateProjectAsync("Reloaded");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await lea.ChooseAsync("Sailing boat");

        // At once: the server does not have it yet.
        await lea.ReloadAsync();

        await lea.SeesObjectsAsync("Boat 1");
        await lea.PressAsync("Tab");
        await lea.SeesChosenAsync("Sailing boat");
        await lea.SeesSavedAsync();
        await lea.ReloadAsync();
        await lea.SeesObjectsAsync("Boat 1");
    }

    [Fact]
    public async Task Draft_InABrowserOfTwoPeople_IsOfferedToItsOwnAlone()
    {
        var profile = Directory.CreateTempSubdirectory("hybrid-profile").FullName;
        try
        {
            var project = await Installation.CreateProjectAsync("Two people");
            string asset;
            await using (var lea = await PersonAtDesk.WithProfileAsync(chromium, profile, Installation))
            {
                await lea.SignInAsync(Installation.Labeler, Installation.Password);
                await lea.StartAsync(project, "Start labeling");
                asset = await lea.AssetName.InnerTextAsync();
                // The server never gets it, however long this takes: what is looked for is the draft of this machine.
                await lea.Page.RouteAsync("**/draft", route => route.AbortAsync());
                await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
                await lea.SeesObjectsAsync("Boat 1");
                await lea.KeepsDraftAsync();
            }

            // The lease lapses, and somebody else is given the same task in the same browser.
            await harbour.LapseAsync(project, asset);
            await using (var desk = await PersonAtDesk.WithProfileAsync(chromium, profile, Installation))
            {
                await desk.SignInAsync(Installation.Reviewer, Installation.Password);
                await desk.StartAsync(project, "Start labeling");
                await Assertions.Expect(desk.AssetName).ToHaveTextAsync(asset);
                await desk.ReadsAsync("Nothing is drawn yet.");
                // Nor after everything on this machine was looked through once more.
                await desk.ReloadAsync();
                await desk.SeesObjectsAsync();
                await desk.SignOutAsync();

                await harbour.LapseAsync(project, asset);
                await desk.SignInAsync(Installation.Labeler, Installation.Password);
                await desk.OpenTaskAsync(project, await harbour.TaskAsync(project, asset));
                await Assertions.Expect(desk.AssetName).ToHaveTextAsync(asset);
                await desk.SeesObjectsAsync("Boat 1");
                await desk.ChooseAsync("Usable");
                await desk.SubmitAsync();
            }

            Assert.Equal(["boat"], (await harbour.LabelAsync(project, asset)).Classes());
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    [Fact]
    public async Task Network_WhenItGoesAndComes_LosesNothing()
    {
        var project = await Installation.CreateProjectAsync("Offline");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        await lea.StartAsync(project, "Start labeling");
        var asset = await lea.AssetName.InnerTextAsync();
        await lea.DrawBoxAsync(0.2f, 0.2f, 0.4f, 0.4f);
        await lea.SeesSavedAsync();

        await lea.LosesNetworkAsync();
        await lea.ReadsAsync("Offline: kept in this browser");
        await lea.DrawBoxAsync(0.5f, 0.5f, 0.7f, 0.7f);
        await lea.SeesObjectsAsync("Boat 1", "Boat 2");
        await lea.ChooseAsync("Usable");
        await lea.PressSubmitAsync();
        await lea.ReadsAsync("The server cannot be reached.");
        await Assertions.Expect(lea.AssetName).ToHaveTextAsync(asset);
        await lea.SeesObjectsAsync("Boat 1", "Boat 2");
        await lea.SeesChosenAsync("Usable");
        await lea.DrawBoxAsync(0.1f, 0.7f, 0.3f, 0.8f);
        Assert.Equal(0, await harbour.VersionsAsync(project, asset));

        await lea.HasNetworkAgainAsync();
        await lea.SeesSavedAsync();
        await lea.ReadsNoMoreAsync("The server cannot be reached.");
        await lea.SubmitAsync();

        Assert.Equal(["boat", "boat", "boat"], (await harbour.LabelAsync(project, asset)).Classes());
        Assert.Equal(1, await harbour.VersionsAsync(project, asset));
    }
}
