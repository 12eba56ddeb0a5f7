using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Hybrid.EndToEnd.Product;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>A person at the workspace, in a browser of their own: what they do, by the words that they read on the screen.</summary>
internal sealed partial class PersonAtDesk : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly Uri url;
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<string> failures = new();

    private PersonAtDesk(IBrowserContext context, IPage page, Uri url)
    {
        (this.context, Page, this.url) = (context, page, url);
        page.Console += (_, message) =>
        {
            // A refusal that the page shows is also a line in the console; everything else there is a defect.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        context.RequestFailed += (_, request) => failures.Enqueue($"{request.Method} {new Uri(request.Url).GetLeftPart(UriPartial.Path)}: {request.Failure}");
    }

    public IPage Page { get; }

    /// <summary>Errors and policy reports that the browser printed.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>The name of the asset on the desk.</summary>
    public ILocator AssetName => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>By which road the picture's URL came.</summary>
    public ILocator Road => Page.GetByText("Direct", new() { Exact = true }).Or(Page.GetByText("Relay", new() { Exact = true }));

    private ILocator Canvas => Page.Locator("main canvas").First;

    public static async Task<PersonAtDesk> AtAsync(Chromium chromium, Installation installation, string email, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var person = await OutsideAsync(chromium, installation, scheme, width, height);
        try
        {
            await person.SignInAsync(email, Installation.Password);
            return person;
        }
        catch (Exception failed) when (failed is TimeoutException or PlaywrightException)
        {
            throw new InvalidOperationException($"Nobody could sign in. The page said: {await person.Page.Locator("body").InnerTextAsync()} {string.Join(" ", person.Complaints)}", failed);
        }
    }

    /// <summary>Somebody who has not signed in yet.</summary>
    public static async Task<PersonAtDesk> OutsideAsync(Chromium chromium, Installation installation, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await chromium.ContextAsync(scheme, width, height);
        return new PersonAtDesk(context, await context.NewPageAsync(), installation.Url);
    }

    /// <summary>Somebody whose browser writes its profile to a folder.</summary>
    public static async Task<PersonAtDesk> WithProfileAsync(Chromium chromium, string folder, Installation installation)
    {
        var context = await chromium.PersistentContextAsync(folder);
        return new PersonAtDesk(context, context.Pages[0], installation.Url);
    }

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync(url.ToString());
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.Keyboard.PressAsync("Enter");
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
    }

    public async Task GoAsync(string path) => await Page.GotoAsync(new Uri(url, path).ToString());

    /// <summary>Follows links by the words on them, one after the other.</summary>
    public async Task FollowAsync(params string[] words)
    {
        foreach (var word in words) await Page.GetByRole(AriaRole.Link, new() { Name = word }).First.ClickAsync();
    }

    /// <summary>Opens the project and begins: the next task is on the desk with its picture.</summary>
    public async Task StartAsync(Guid project, string action)
    {
        await GoAsync($"/projects/{project}");
        await Page.GetByRole(AriaRole.Link, new() { Name = action }).First.ClickAsync();
        await SeesPictureAsync();
    }

    /// <summary>Waits until the picture of the task is painted: its boat's colour is on a canvas.</summary>
    public async Task SeesPictureAsync()
    {
        try
        {
            await Page.WaitForFunctionAsync(BoatIsPainted);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"No picture came. {Page.Url} said: {await Page.Locator("body").InnerTextAsync()} {string.Join(" ", complaints)} {string.Join(" ", failures)}", late);
        }
    }

    private const string BoatIsPainted = """
        () => [...document.querySelectorAll('main canvas')].some(canvas => {
          if (!canvas.width || !canvas.height) return false;
          const small = new OffscreenCanvas(64, 48), pen = small.getContext('2d');
          pen.drawImage(canvas, 0, 0, 64, 48);
          const { data } = pen.getImageData(0, 0, 64, 48);
          let boat = 0;
          for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i] - 150) < 12 && Math.abs(data[i + 1] - 60) < 12 && Math.abs(data[i + 2] - 30) < 12) boat++;
          return boat > 20;
        })
        """;

    /// <summary>Draws a box by mouse, in fractions of the canvas.</summary>
    public async Task DrawBoxAsync(float left, float top, float right, float bottom)
    {
        await Page.Keyboard.PressAsync("r");
        var box = (await Canvas.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + box.Width * left, box.Y + box.Height * top);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + box.Width * (left + right) / 2, box.Y + box.Height * (top + bottom) / 2);
        await Page.Mouse.MoveAsync(box.X + box.Width * right, box.Y + box.Height * bottom);
        await Page.Mouse.UpAsync();
    }

    /// <summary>Clicks points with a tool and closes the shape.</summary>
    public async Task DrawPointsAsync(string toolKey, params (float X, float Y)[] points)
    {
        await Page.Keyboard.PressAsync(toolKey);
        var box = (await Canvas.BoundingBoxAsync())!;
        foreach (var (x, y) in points) await Page.Mouse.ClickAsync(box.X + box.Width * x, box.Y + box.Height * y);
        if (points.Length > 1) await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.PressAsync("v");
    }

    /// <summary>Presses the button, and waits for nothing.</summary>
    public Task PressSubmitAsync() => Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Submit") }).ClickAsync();

    public Task ChooseAsync(string option) => Page.GetByLabel(option, new() { Exact = true }).CheckAsync();

    /// <summary>
    /// Submits, by the keyboard unless told otherwise, and waits until the server has the label and another task, or none, is on the desk. The next task shows
    /// before the answer is there: who closes the browser in between still has the draft, but nothing was submitted.
    /// </summary>
    public async Task SubmitAsync(Func<Task>? press = null)
    {
        var before = await AssetName.InnerTextAsync();
        var answer = await Page.RunAndWaitForResponseAsync(press ?? (() => Page.Keyboard.PressAsync("Control+Enter")), r => r.Url.EndsWith("/submit", StringComparison.Ordinal));
        Assert.True(answer.Ok, $"{answer.Status} {await answer.TextAsync()}");
        await Assertions.Expect(AssetName).Not.ToHaveTextAsync(before);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
