using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>Pictures of pages for human eyes: where <c>HYBRID_TEST_SCREENSHOTS</c> names a folder they go there, else none are taken.</summary>
internal static class Shots
{
    public static Task TakeAsync(IPage page, string name, ColorScheme scheme) =>
        Environment.GetEnvironmentVariable("HYBRID_TEST_SCREENSHOTS") is { Length: > 0 } folder
            ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}-{page.ViewportSize?.Width}.png") })
            : Task.CompletedTask;
}
