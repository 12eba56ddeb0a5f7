using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Hybrid.EndToEnd.Browser;

/// <summary>What they do on the picture by mouse, and what they take in hand for it.</summary>
internal sealed partial class PersonAtDesk
{
    // Where the picture's pixel 0,0 is on the page while it is shown at 100 %.
    private (float X, float Y) origin;

    private ILocator Tools => Page.GetByRole(AriaRole.Navigation, new() { Name = "Tools" });

    /// <summary>Shows the picture at 100 % and finds out where it lies: from then on a pixel of the screen is a pixel of the picture.</summary>
    public async Task ShowFullSizeAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = ShowsFullSize() }).ClickAsync();
        var box = (await Canvas.BoundingBoxAsync())!;
        var (x, y) = (MathF.Round(box.X + box.Width / 2), MathF.Round(box.Y + box.Height / 2));
        await Page.Mouse.MoveAsync(x, y);
        var place = Page.GetByText(PointerPlace());
        await Assertions.Expect(place).ToBeVisibleAsync();
        var read = PointerPlace().Match(await place.InnerTextAsync());
        // The page says the pixel under the pointer: its middle is half a pixel further.
        origin = (x - Number(read, "x") - 0.5f, y - Number(read, "y") - 0.5f);
    }

    /// <summary>Takes a class in hand by the list of classes; with something selected and nothing in hand, gives it the class.</summary>
    public Task TakeClassAsync(string name) => Page.GetByRole(AriaRole.Region, new() { Name = "Draw", Exact = true }).GetByTitle(name, new() { Exact = true }).ClickAsync();

    public Task SelectToolAsync() => Tools.GetByRole(AriaRole.Button, new() { Name = "Select" }).ClickAsync();

    public Task UndoAsync() => Tools.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

    public Task RedoAsync() => Tools.GetByRole(AriaRole.Button, new() { Name = "Redo" }).ClickAsync();

    public Task DeleteAsync() => Tools.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

    /// <summary>Clicks on picture pixels, one after the other.</summary>
    public async Task ClickPictureAsync(params (int X, int Y)[] places)
    {
        foreach (var (x, y) in places) await Page.Mouse.ClickAsync(origin.X + x, origin.Y + y);
    }

    public Task DoubleClickPictureAsync(int x, int y) => Page.Mouse.DblClickAsync(origin.X + x, origin.Y + y);

    /// <summary>Presses on one pixel of the picture, moves and releases on another.</summary>
    public async Task DragAsync((int X, int Y) from, (int X, int Y) to)
    {
        await Page.Mouse.MoveAsync(origin.X + from.X, origin.Y + from.Y);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(origin.X + to.X, origin.Y + to.Y, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
    }

    private static float Number(Match place, string group) => float.Parse(place.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+ %: show at 100 %$")]
    private static partial Regex ShowsFullSize();

    [GeneratedRegex(@"^x (?<x>\d+)\s+y (?<y>\d+)$")]
    private static partial Regex PointerPlace();
}
