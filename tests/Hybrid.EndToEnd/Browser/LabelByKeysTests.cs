using Hybrid.EndToEnd.Product;

namespace Hybrid.EndToEnd.Browser;

/// <summary>The whole loop of a labeler without a pointer.</summary>
[Collection(nameof(Chromium))]
public sealed class LabelByKeysTests(Chromium chromium, Harbour harbour)
{
    [Fact]
    public async Task Label_FromSignInToSubmitByKeysAlone_IsKeptAsPlaced()
    {
        var project = await harbour.Installation.CreateProjectAsync("By keys");
        await using var lea = await PersonAtDesk.OutsideAsync(chromium, harbour.Installation);
        await lea.SignInByKeysAsync(Installation.Labeler, Installation.Password);
        await lea.GoByPaletteAsync("By keys");
        await lea.TabToAsync("Start labeling");
        await lea.PressAsync("Enter");
        await lea.SeesPictureAsync();
        await lea.HasPictureInFocusAsync();
        var first = await lea.AssetName.InnerTextAsync();

        // 1. A box: the class by its digit, two corners by the crosshair, which begins in the middle; 60 px wide, 43 px high.
        await lea.PressAsync("1", "Space");
        await lea.PressTimesAsync("Shift+ArrowRight", 6);
        await lea.PressTimesAsync("Shift+ArrowDown", 4);
        await lea.PressTimesAsync("ArrowDown", 3);
        await lea.PressAsync("Space");
        await lea.SeesObjectsAsync("Boat 1");

        // 2. Points by the same crosshair.
        await lea.PressAsync("4", "Space", "Shift+ArrowLeft", "Shift+ArrowLeft", "Space");
        await lea.SeesObjectsAsync("Boat 1", "Buoy 1", "Buoy 2");

        // 3. Object after object; one is taken away, comes back, another goes.
        await lea.PressAsync("v", "Escape", "Tab");
        await lea.SeesSelectedAsync("Boat 1");
        await lea.PressAsync("Tab", "Tab");
        await lea.SeesSelectedAsync("Buoy 2");
        await lea.PressAsync("Delete");
        await lea.SeesObjectsAsync("Boat 1", "Buoy 1");
        await lea.PressAsync("Control+z");
        await lea.SeesObjectsAsync("Boat 1", "Buoy 1", "Buoy 2");
        await lea.PressAsync("Control+y");
        await lea.SeesObjectsAsync("Boat 1", "Buoy 1");

        // 4. Another class by its digit, and back; 10 px to the right; a corner 2 px further up.
        await lea.PressAsync("Escape", "Tab");
        await lea.SeesSelectedAsync("Boat 1");
        await lea.PressAsync("5");
        await lea.SeesObjectsAsync("Buoy 1", "Barge 1");
        await lea.PressAsync("1");
        await lea.SeesObjectsAsync("Boat 1", "Buoy 1");
        await lea.PressAsync("Shift+ArrowRight", ".", "ArrowUp", "ArrowUp", "Escape");

        // 5. The list of objects, and the questions after it.
        await lea.TabToAsync("Buoy 1");
        await lea.PressAsync("Enter");
        await lea.SeesSelectedAsync("Buoy 1");
        await lea.PressAsync("Shift+Tab", "Shift+Tab");
        await lea.TabToAsync("Boat 1");
        await lea.PressAsync("Enter");
        await lea.SeesSelectedAsync("Boat 1");
        await lea.TabToAsync("Sailing boat");
        await lea.PressAsync("ArrowDown");
        await lea.SeesChosenAsync("Motor boat");
        await lea.TabToAsync("Small");
        await lea.PressAsync("ArrowDown");
        await lea.SeesChosenAsync("Large");

        // 6. Submitted from wherever one is; what is missing takes the focus.
        await lea.PressAsync("Control+Enter");
        await lea.ReadsAsync("1 thing is missing.");
        await lea.HasFocusInAsync("Is the picture usable?");
        await lea.PressAsync("Space");
        await lea.SeesChosenAsync("Usable");
        await lea.SubmitAsync();
        await lea.SeesPictureAsync();
        await lea.HasPictureInFocusAsync();

        var label = await harbour.LabelAsync(project, first);
        var box = label.Only("boat").GetProperty("geometry");
        Assert.Equal((60, 45), (box.GetProperty("w").GetDouble(), box.GetProperty("h").GetDouble()));
        var buoy = label.Only("buoy").GetProperty("geometry");
        Assert.Equal((box.GetProperty("x").GetDouble() + 60 - 10, box.GetProperty("y").GetDouble() + 45), (buoy.GetProperty("x").GetDouble(), buoy.GetProperty("y").GetDouble()));
        Assert.Equal(["motor", "large", "yes"], [.. label.Only("boat").Answers("kind"), .. label.Only("boat").Answers("size"), .. label.Answers("usable")]);
        Assert.Empty(lea.Complaints);
    }
}
