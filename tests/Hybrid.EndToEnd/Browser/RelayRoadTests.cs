using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A person whose browser does not reach the agent works all the same: the pictures are asked for by the relay and come from storage.</summary>
[Collection(nameof(Chromium))]
public sealed class RelayRoadTests(Chromium chromium)
{
    [Fact]
    public async Task Desk_WhenTheAgentIsHidden_TakesTheRelay_AndSaysSo()
    {
        await using var storage = new CephStorage();
        await using var installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, storage) { AgentIsHidden = true });
        await using var lea = await PersonAtDesk.AtAsync(chromium, installation, Installation.Labeler);

        await lea.StartAsync(installation.Project, "Start labeling");

        await Assertions.Expect(lea.Road).ToHaveTextAsync("Relay");
        await lea.DrawBoxAsync(0.3f, 0.3f, 0.6f, 0.6f);
        await lea.ChooseAsync("Usable");
        await lea.SubmitAsync();
        await lea.SeesPictureAsync();
        // The bytes themselves came straight from the bucket.
        Assert.NotEmpty(storage.Signatures);
    }
}
