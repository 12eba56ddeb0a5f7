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
}
