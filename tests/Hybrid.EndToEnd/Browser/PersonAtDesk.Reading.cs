using System.Text.RegularExpressions;
using Hybrid.Testing;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>What they read on the screen.</summary>
internal sealed partial class PersonAtDesk
{
    // The lines of single objects: a class is folded and not pressed, a switch has a tip.
    private ILocator ObjectLines => Page.GetByRole(AriaRole.Region, new() { Name = "Objects", Exact = true }).Locator("button[aria-pressed]:not([title])");

    /// <summary>Waits until the list of objects names these, in this order.</summary>
    public Task SeesObjectsAsync(params string[] names) => ReadsAsync("els => els.map(e => e.ariaLabel)", names);

    /// <summary>Waits until these and no others are selected.</summary>
    public Task SeesSelectedAsync(params string[] names) => ReadsAsync("els => els.filter(e => e.ariaPressed === 'true').map(e => e.ariaLabel)", names);

    /// <summary>Waits until what was drawn is written down on this machine: a browser that is closed at once may take the last twentieth of a second with it.</summary>
    public async Task KeepsDraftAsync()
    {
        // Asked here, not by WaitForFunctionAsync: it takes the promise itself for a yes.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!await Page.EvaluateAsync<bool>(DraftIsKept)) patience.Token.ThrowIfCancellationRequested();
    }

    private const string DraftIsKept = """
        () => new Promise(done => {
          const opening = indexedDB.open('hybrid-drafts');
          opening.onsuccess = () => {
            const counting = opening.result.transaction('drafts').objectStore('drafts').count();
            counting.onsuccess = () => { opening.result.close(); done(counting.result > 0); };
          };
        })
        """;

    /// <summary>Waits until the page says a text.</summary>
    public Task ReadsAsync(string text) => Assertions.Expect(Page.GetByText(text).Filter(new() { Visible = true }).First).ToBeVisibleAsync();

    /// <summary>Waits until a text is on the page no more.</summary>
    public Task ReadsNoMoreAsync(string text) => Assertions.Expect(Page.GetByText(text)).Not.ToBeVisibleAsync();

    /// <summary>Waits until the list of differences has a line with these words.</summary>
    public Task ReadsDifferenceAsync(string word, string name) =>
        Assertions.Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Differences" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = word }).Filter(new() { HasText = name })).ToBeVisibleAsync();

    /// <summary>What is painted on the picture, once it is at rest: equal only for the same pixels.</summary>
    public async Task<string> PaintedAsync()
    {
        var (before, now) = ("", await PixelsAsync());
        while (before != now) (before, now) = (now, await PixelsAsync());
        return now;
    }

    // Two frames later, so that what was asked for in between is painted.
    private Task<string> PixelsAsync() => Page.EvaluateAsync<string>("""
        async () => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done))));
          return [...document.querySelectorAll('main canvas')].slice(0, 3).map(canvas => canvas.toDataURL()).join(' ');
        }
        """);

    /// <summary>Waits until everything so far is on the server.</summary>
    public Task SeesSavedAsync() => Assertions.Expect(Page.GetByText(SavedAt())).ToBeVisibleAsync(new() { Timeout = 10_000 });

    /// <summary>Whether an option is chosen.</summary>
    public Task SeesChosenAsync(string option) => Assertions.Expect(Page.GetByLabel(option, new() { Exact = true })).ToBeCheckedAsync();

    /// <summary>Waits until the focus is within the question of this text.</summary>
    public Task HasFocusInAsync(string question) =>
        Assertions.Expect(Page.GetByRole(AriaRole.Group, new() { Name = question }).Locator(":focus")).ToBeVisibleAsync();

    [GeneratedRegex(@"^Saved \d\d:\d\d:\d\d")]
    private static partial Regex SavedAt();

    private async Task ReadsAsync(string reading, string[] expected)
    {
        string[] read = [];
        try
        {
            await Wait.UntilAsync(async () => (read = await ObjectLines.EvaluateAllAsync<string[]>(reading)).SequenceEqual(expected));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Expected [{string.Join(", ", expected)}], read [{string.Join(", ", read)}]. The page said: {await Page.Locator("body").InnerTextAsync()} {string.Join(" ", complaints)}");
        }
    }
}
