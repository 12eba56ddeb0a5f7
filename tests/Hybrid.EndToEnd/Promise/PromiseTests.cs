using System.Text;
using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Browser;
using Hybrid.EndToEnd.Product;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.EndToEnd.Promise;

/// <summary>
/// The promise: a label is drawn and reviewed in a real browser on pictures in a real bucket, and afterwards neither a byte of a picture, nor
/// a signature or secret header that could fetch one, nor the agent's storage secret, nor, with opaque keys, a picture's name is anywhere in the control plane.
/// </summary>
[Collection(nameof(Chromium))]
public sealed class PromiseTests(Chromium chromium)
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite, false)]
    [InlineData(DatabaseProvider.Postgres, true)]
    public async Task ControlPlane_AfterTheWholeLoop_HoldsNothingOfThePictures(DatabaseProvider database, bool keepsNames)
    {
        await using var storage = new CephStorage { KeepsNames = keepsNames };
        await using var installation = await Installation.StartAsync(new InstallationOptions(database, storage));

        await using (var lea = await PersonAtDesk.AtAsync(chromium, installation, Installation.Labeler))
        {
            await lea.StartAsync(installation.Project, "Start labeling");
            await lea.DrawBoxAsync(0.3f, 0.3f, 0.6f, 0.6f);
            await lea.ChooseAsync("Usable");
            await lea.SubmitAsync();
            await lea.SeesPictureAsync();
        }

        await using (var rita = await PersonAtDesk.AtAsync(chromium, installation, Installation.Reviewer))
        {
            await rita.StartAsync(installation.Project, "Start reviewing");
            await rita.Page.Keyboard.PressAsync("a");
            await Microsoft.Playwright.Assertions.Expect(rita.Page.GetByText("Nothing left to review")).ToBeVisibleAsync();
        }

        // What must not be found is known from storage's own side of the wire.
        var (signatures, secrets) = (storage.Signatures, storage.SplitSecrets);
        Assert.True(signatures.Count >= 2, "The browsers fetched pictures from the bucket.");
        Assert.Equal(signatures.Count, secrets.Count);
        var hunt = new SecretHunt();
        hunt.Add("canary", storage.Canary);
        hunt.Add("storage secret", Encoding.ASCII.GetBytes(storage.SecretKey));
        if (keepsNames) hunt.Add("name", "harbour/boat "u8.ToArray());
        foreach (var signature in signatures) hunt.Add("signature", Encoding.ASCII.GetBytes(signature));
        foreach (var secret in secrets) hunt.Add("split secret", Encoding.ASCII.GetBytes(secret));

        var (found, searched) = await Places.SearchAsync(installation, hunt);

        Assert.Empty(found);
        Assert.All([Places.Wire, Places.Database, Places.Log, Places.Traces, Places.Memory], place => Assert.True(searched.GetValueOrDefault(place) > 1000, $"{place}: {searched.GetValueOrDefault(place)} bytes searched"));
        await using var db = installation.OpenDatabase();
        Assert.True(await db.Labels.IgnoreQueryFilters().AnyAsync(TestContext.Current.CancellationToken), "A label was kept.");
    }
}

/// <summary>Browser tests run one after another, most of them in one installation: they share the machine's cores with the hosts that they drive.</summary>
[CollectionDefinition(nameof(Chromium))]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>, ICollectionFixture<Harbour>;
