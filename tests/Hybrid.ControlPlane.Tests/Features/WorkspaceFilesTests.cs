using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>The built workspace: its files as they are, its pages for every address of a page.</summary>
public sealed class WorkspaceFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hybrid-workspace");

    public WorkspaceFilesTests()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "index.html"), "<!doctype html><title>Hybrid</title>");
        File.WriteAllText(Path.Combine(folder.FullName, "sw.js"), "self;");
        File.WriteAllText(Path.Combine(folder.FullName, "connect.html"), "<!doctype html><title>Hybrid</title>");
        File.WriteAllText(Path.Combine(folder.FullName, "icon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("/icon.svg", "image/svg+xml")]
    [InlineData("/", "text/html")]
    [InlineData("/projects/7/assets", "text/html")]
    [InlineData("/nowhere", "text/html")]
    [InlineData("/sw.js", "text/javascript")]
    [InlineData("/missing.png", "application/problem+json")]
    [InlineData("/api/nowhere", "application/problem+json")]
    public async Task Address_IsAnsweredByItsOwnKind(string path, string type)
    {
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, $"--WorkspaceFolder={folder.FullName}");
        using var http = new HttpClient { BaseAddress = host.Url };

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Worker_OfTwoOrganizations_NamesOnlyTheStorageOfItsOwn()
    {
        await using var host = await ControlPlaneHost.StartAsync(DatabaseProvider.Postgres, $"--WorkspaceFolder={folder.FullName}");
        string[] origins = ["https://pictures.clinic.example", "https://pictures.museum.example"];
        var scripts = new List<(string Text, string[] Connect)>();
        foreach (var (origin, owner) in origins.Zip(["clinic@example.org", "museum@example.org"]))
        {
            await host.OrganizationAsync(owner);
            using var browser = await host.SignInAsync(owner);
            await using var agent = await FakeAgent.EnrolAsync(host, browser, 1, url: origin);
            scripts.Add(await WorkerAsync(browser.Http));
        }

        using var nobody = new HttpClient { BaseAddress = host.Url };
        scripts.Add(await WorkerAsync(nobody));

        Assert.Equal([[origins[0]], [origins[1]], []], scripts.Select(s => s.Connect));
        foreach (var (origin, at) in origins.Select((o, i) => (o, i)))
            Assert.All(scripts.Select((s, i) => (s.Text, Owns: i == at)), s => Assert.Equal(s.Owns, s.Text.Contains(origin, StringComparison.Ordinal)));
        // A browser takes a policy anew only with other bytes.
        Assert.Equal(3, scripts.Select(s => s.Text).Distinct().Count());
    }

    // The script, and what its own policy lets it connect to beside its server.
    private static async Task<(string Text, string[] Connect)> WorkerAsync(HttpClient http)
    {
        using var response = await http.GetAsync(new Uri("/sw.js", UriKind.Relative));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy")).Split(';', StringSplitOptions.TrimEntries);
        var connect = Assert.Single(policy, p => p.StartsWith("connect-src ", StringComparison.Ordinal)).Split(' ');
        Assert.Equal("'self'", connect[1]);
        return (await response.Content.ReadAsStringAsync(), connect[2..]);
    }
}
