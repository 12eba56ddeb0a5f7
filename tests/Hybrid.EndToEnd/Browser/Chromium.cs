using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>One Chromium for all browser tests of the run; each person has a context (cookies, keys, drafts) of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // Without these it looks for servers that a closed network does not have.
    private static readonly string[] Arguments = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly string[] arguments;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Chromium()
        : this([])
    {
    }

    /// <summary>A Chromium of a test's own, with more switches.</summary>
    internal Chromium(IEnumerable<string> more) => arguments = [.. Arguments, .. more];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable)) return;
        // As patient as for everything else: a machine with two processors may be busy with all the other tests.
        Assertions.SetDefaultExpectTimeout(15_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = arguments });
    }

    /// <summary>A browser whose profile is written to a folder.</summary>
    public async Task<IBrowserContext> PersistentContextAsync(string folder)
    {
        if (playwright is null) Assert.Skip("No Chromium: run infra/test.sh without --quick.");
        return await playwright.Chromium.LaunchPersistentContextAsync(folder, new BrowserTypeLaunchPersistentContextOptions { ExecutablePath = Executable, Args = arguments, ViewportSize = new ViewportSize { Width = 1440, Height = 900 }, Locale = "en-GB" });
    }

    /// <summary>A browser profile of its own; skips the test where there is no Chromium.</summary>
    public async Task<IBrowserContext> ContextAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        if (browser is null) Assert.Skip("No Chromium: run infra/test.sh without --quick.");
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
