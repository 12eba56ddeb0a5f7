using System.Security.Cryptography;
using Hybrid.ControlPlane.Persistence;
using Hybrid.EndToEnd.Product;

namespace Hybrid.EndToEnd.Promise;

/// <summary>The same search finds leaks, one planted at each place: a clean result of <see cref="PromiseTests"/> is worth something.</summary>
public sealed class PlantedLeakTests
{
    private static readonly Dictionary<string, string> PlaceOf = new()
    {
        ["wire"] = Places.Wire, ["database"] = Places.Database, ["database-compressed"] = Places.Database,
        ["log"] = Places.Log, ["traces"] = Places.Traces, ["memory"] = Places.Memory,
    };

    [Fact]
    public async Task Search_WhenALeakIsPlantedAtEachPlace_FindsEachThere()
    {
        await using var storage = new FolderStorage();
        var folder = Directory.CreateTempSubdirectory("hybrid-leaks").FullName;
        var hunt = new SecretHunt();
        foreach (var leak in PlaceOf.Keys)
        {
            // A secret of its own for each place, so that each finding says whose it is.
            var secret = RandomNumberGenerator.GetBytes(48);
            hunt.Add(leak, secret);
            await File.WriteAllBytesAsync(Path.Combine(folder, leak), secret, TestContext.Current.CancellationToken);
        }

        await using var installation = await Installation.StartAsync(new InstallationOptions(DatabaseProvider.Sqlite, storage)
        {
            ControlPlaneProgram = Installation.Host("tests/Hybrid.LeakyControlPlane", "leaky-control-plane"),
            Environment = new Dictionary<string, string> { ["LEAK_FOLDER"] = folder },
        });
        foreach (var leak in PlaceOf.Keys) await installation.OwnerBrowser.GetAsync($"/api/leak?place={leak}");
        Directory.Delete(folder, recursive: true);

        var (found, _) = await Places.SearchAsync(installation, hunt);

        foreach (var (leak, place) in PlaceOf)
        {
            Assert.Contains(found, f => f.Secret == leak && f.Place == place);
            // What is still in memory after it was written elsewhere is no second leak.
            Assert.All(found.Where(f => f.Secret == leak), f => Assert.Contains(f.Place, new[] { place, Places.Memory }));
        }
    }
}
