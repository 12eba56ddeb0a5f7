using Hybrid.EndToEnd.Product;
using Hybrid.Testing;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A window that is closed between Submit and the server's answer: the label arrives, or the person learns why it did not.</summary>
[Collection(nameof(Chromium))]
public sealed class ClosingTests(Chromium chromium, Harbour harbour)
{
    private Installation Installation => harbour.Installation;

    [Fact]
    public async Task Browser_ClosedRightAfterSubmit_HasSubmittedOnce()
    {
        var profile = Directory.CreateTempSubdirectory("hybrid-profile").FullName;
        try
        {
            var project = await Installation.CreateProjectAsync("Closed");
            string asset;
            await using (var lea = await PersonAtDesk.WithProfileAsync(chromium, profile, Installation))
            {
                await lea.SignInAsync(Installation.Labeler, Installation.Password);
                asset = await DrawAsync(lea, project);
                await lea.PressAsync("Control+Enter");
            }

            await using (var lea = await PersonAtDesk.WithProfileAsync(chromium, profile, Installation))
            {
                await lea.SignInAsync(Installation.Labeler, Installation.Password);
                await lea.StartAsync(project, "Start labeling");
                await Assertions.Expect(lea.AssetName).Not.ToHaveTextAsync(asset);
            }

            Assert.Equal(1, await harbour.VersionsAsync(project, asset));
            Assert.Equal(["boat"], (await harbour.LabelAsync(project, asset)).Classes());
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    [Fact]
    public async Task Submit_UntilTheServerAnswers_IsShownAndGuarded()
    {
        var project = await Installation.CreateProjectAsync("On its way");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        var asset = await DrawAsync(lea, project);
        await lea.HoldSubmitsAsync();

        await lea.PressSubmitAsync();
        await lea.ReadsAsync($"Sending {asset}");
        Assert.True(await lea.IsAskedOnClosingAsync());

        // Let go, it arrives; with nothing on its way nobody is asked.
        await lea.LetSubmitsGoAsync();
        await lea.ReadsNoMoreAsync($"Sending {asset}");
        Assert.Equal(1, await harbour.VersionsAsync(project, asset));
        Assert.False(await lea.IsAskedOnClosingAsync());
    }

    [Fact]
    public async Task Submit_OfAClosedWindow_GoesOnWithoutIt()
    {
        var project = await Installation.CreateProjectAsync("Without a window");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        var asset = await DrawAsync(lea, project);
        await lea.HoldSubmitsAsync();
        await lea.PressSubmitAsync();
        await lea.ReadsAsync($"Sending {asset}");

        await lea.Page.CloseAsync();

        await Wait.UntilAsync(async () => await harbour.VersionsAsync(project, asset) == 1);
    }

    [Fact]
    public async Task Submit_ThatNeverArrived_IsSentAtTheNextVisit()
    {
        var project = await Installation.CreateProjectAsync("Next visit");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        var asset = await DrawAsync(lea, project);
        await using var later = await SubmitInVainAndLeaveAsync(lea);
        Assert.Equal(0, await harbour.VersionsAsync(project, asset));

        await later.StartAsync(project, "Start labeling");

        await later.ReadsAsync($"{asset}: your result has reached the server.");
        await Assertions.Expect(later.AssetName).Not.ToHaveTextAsync(asset);
        Assert.Equal(1, await harbour.VersionsAsync(project, asset));
        Assert.Equal(["boat"], (await harbour.LabelAsync(project, asset)).Classes());
    }

    [Fact]
    public async Task Submit_ThatSomebodyElseForestalled_IsToldAtTheNextVisitAndStaysADraft()
    {
        var project = await Installation.CreateProjectAsync("Forestalled");
        await using var lea = await PersonAtDesk.AtAsync(chromium, Installation, Installation.Labeler);
        var asset = await DrawAsync(lea, project);
        await using var later = await SubmitInVainAndLeaveAsync(lea);
        await harbour.TakeAsync(project, asset);

        await later.StartAsync(project, "Start labeling");

        await later.ReadsAsync($"{asset}: your result was not accepted. Someone else took this task after your hold lapsed.");
        await Assertions.Expect(later.AssetName).Not.ToHaveTextAsync(asset);
        await harbour.GiveBackAsync(project, asset);
        await later.OpenTaskAsync(project, await harbour.TaskAsync(project, asset));
        await later.SeesObjectsAsync("Boat 1");
        Assert.Equal(0, await harbour.VersionsAsync(project, asset));
    }

    private static async Task<PersonAtDesk> SubmitInVainAndLeaveAsync(PersonAtDesk lea)
    {
        await lea.LoseSubmitsAsync();
        await lea.PressSubmitAsync();
        await lea.ReadsAsync("Your result has not reached the server.");
        var later = await lea.CloseAndOpenWindowAsync();
        await later.LetSubmitsGoAsync();
        return later;
    }

    // Not saved on the server as a draft: a submit follows at once.
    private static async Task<string> DrawAsync(PersonAtDesk lea, Guid project)
    {
        await lea.StartAsync(project, "Start labeling");
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.5f, 0.5f);
        await lea.ChooseAsync("Usable");
        return await lea.AssetName.InnerTextAsync();
    }
}
