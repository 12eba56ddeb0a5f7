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

    /// <summary>The same person in another window of the same browser.</summary>
    public async Task<PersonAtDesk> OpenWindowAsync() => new(context, await context.NewPageAsync(), url);

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync(url.ToString());
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.Keyboard.PressAsync("Enter");
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
    }

    /// <summary>Signs out, without being asked: nothing of this person's waits here.</summary>
    public async Task SignOutAsync()
    {
        await GoAsync("/");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("E-mail")).ToBeVisibleAsync();
    }

    public async Task GoAsync(string path) => await Page.GotoAsync(new Uri(url, path).ToString());

    /// <summary>Follows links by the words on them, one after the other.</summary>
    public async Task FollowAsync(params string[] words)
    {
        foreach (var word in words) await Page.GetByRole(AriaRole.Link, new() { Name = word }).First.ClickAsync();
    }

    /// <summary>Opens one task by its address.</summary>
    public async Task OpenTaskAsync(Guid project, Guid task)
    {
        await GoAsync($"/projects/{project}/label?task={task}");
        await SeesPictureAsync();
    }

    /// <summary>Loads the page of the task anew, and waits for its picture.</summary>
    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await SeesPictureAsync();
    }

    /// <summary>Marks this very page, so that it shows when another was loaded in its place.</summary>
    public Task MarkPageAsync() => Page.EvaluateAsync("() => { window.marked = true; }");

    public Task<bool> IsOnMarkedPageAsync() => Page.EvaluateAsync<bool>("() => window.marked === true");

    /// <summary>Looks at an asset from the list of assets.</summary>
    public async Task OpenAssetAsync(string name)
    {
        await Page.GetByRole(AriaRole.Main).GetByText(name, new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }

    public async Task CloseDialogAsync()
    {
        await PressAsync("Escape");
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).Not.ToBeVisibleAsync();
    }

    /// <summary>Closes this window and opens another in the same browser.</summary>
    public async Task<PersonAtDesk> CloseAndOpenWindowAsync()
    {
        await Page.CloseAsync();
        return await OpenWindowAsync();
    }

    /// <summary>Asks to close the window as its cross does, and stays if the browser asks back; whether it asked.</summary>
    public async Task<bool> IsAskedOnClosingAsync()
    {
        var asked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Page.Close += (_, _) => asked.TrySetResult(false);
        Page.Dialog += async (_, dialog) =>
        {
            await dialog.DismissAsync();
            asked.TrySetResult(dialog.Type == DialogType.BeforeUnload);
        };
        await Page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        return await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>From now on what is submitted stays on its way.</summary>
    public Task HoldSubmitsAsync() => context.RouteAsync("**/submit", _ => { });

    /// <summary>From now on what is submitted gets lost on its way.</summary>
    public Task LoseSubmitsAsync() => context.RouteAsync("**/submit", route => route.AbortAsync());

    /// <summary>What was held goes on, and nothing is held or lost any more.</summary>
    public Task LetSubmitsGoAsync() => context.UnrouteAllAsync();

    public Task LosesNetworkAsync() => context.SetOfflineAsync(true);

    public Task HasNetworkAgainAsync() => context.SetOfflineAsync(false);

    /// <summary>Opens the project and begins: the next task is on the desk with its picture.</summary>
    public async Task StartAsync(Guid project, string action)
    {
        await GoAsync($"/projects/{project}");
        await Page.GetByRole(AriaRole.Link, new() { Name = action }).First.ClickAsync();
        await SeesPictureAsync();
    }

    /// <summary>
    /// Waits until the picture of the task is painted: its boat's colour is on a canvas. Longer than for anything else, since the
    /// worker itself waits for an agent and a storage that are slow.
    /// </summary>
    public async Task SeesPictureAsync()
    {
        try
        {
            await Page.WaitForFunctionAsync(BoatIsPainted, null, new() { Timeout = 45_000 });
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

    /// <summary>Draws a box of the first class by mouse, in fractions of the canvas.</summary>
    public async Task DrawBoxAsync(float left, float top, float right, float bottom)
    {
        await PressAsync("v", "Escape", "1");
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

    /// <summary>Decides about a label by a key, and waits until the server has the decision.</summary>
    public async Task DecideAsync(string key)
    {
        var answer = await Page.RunAndWaitForResponseAsync(() => PressAsync(key), r => r.Url.EndsWith("/review", StringComparison.Ordinal) && r.Request.Method == "POST");
        Assert.True(answer.Ok, $"{answer.Status} {await answer.TextAsync()}");
    }

    /// <summary>Chooses what is shown of a review: the original, one's own, or the differences.</summary>
    public async Task LooksAtAsync(string view)
    {
        var choice = Page.GetByRole(AriaRole.Group, new() { Name = "What is shown" }).GetByRole(AriaRole.Button, new() { Name = view, Exact = true });
        await choice.ClickAsync();
        await Assertions.Expect(choice).ToHaveAttributeAsync("aria-pressed", "true");
    }

    public Task SelectInListAsync(string name) => ObjectLines.And(Page.GetByLabel(name, new() { Exact = true })).ClickAsync();

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
