using Hybrid.EndToEnd.Product;

namespace Hybrid.EndToEnd.Browser;

/// <summary>The whole loop of a labeler by mouse, and what the server keeps of it.</summary>
[Collection(nameof(Chromium))]
public sealed class LabelByMouseTests(Chromium chromium, Harbour harbour)
{
    [Fact]
    public async Task Label_DrawnChangedAndAnsweredByMouse_IsKeptAsDrawn()
    {
        var project = await harbour.Installation.CreateProjectAsync("By mouse");
        await using var lea = await PersonAtDesk.AtAsync(chromium, harbour.Installation, Installation.Labeler);
        await lea.FollowAsync("Projects", "By mouse", "Start labeling");
        await lea.SeesPictureAsync();
        var first = await lea.AssetName.InnerTextAsync();
        await lea.ShowFullSizeAsync();

        // 1. One of each kind; each is taken back and comes again.
        await DoAsync(lea, [], ["Boat 1"], async () =>
        {
            await lea.TakeClassAsync("Boat");
            await lea.DragAsync((200, 150), (400, 300));
        });
        await DoAsync(lea, ["Boat 1"], ["Boat 1", "Shore 1"], async () =>
        {
            await lea.TakeClassAsync("Shore");
            await lea.ClickPictureAsync((500, 100), (700, 100), (700, 300), (500, 100));
        });
        await DoAsync(lea, ["Boat 1", "Shore 1"], ["Boat 1", "Shore 1", "Horizon 1"], async () =>
        {
            await lea.TakeClassAsync("Horizon");
            await lea.ClickPictureAsync((100, 400), (300, 420));
            await lea.DoubleClickPictureAsync(500, 400);
        });
        await DoAsync(lea, ["Boat 1", "Shore 1", "Horizon 1"], ["Boat 1", "Shore 1", "Horizon 1", "Buoy 1"], async () =>
        {
            await lea.TakeClassAsync("Buoy");
            await lea.ClickPictureAsync((800, 500));
        });

        // 2. A vertex more, moved; one from the middle of an edge, moved as it is made.
        await lea.SelectToolAsync();
        await lea.ClickPictureAsync((650, 150));
        await lea.SeesSelectedAsync("Shore 1");
        await lea.DoubleClickPictureAsync(550, 100);
        await lea.DragAsync((550, 100), (550, 50));
        await lea.DragAsync((700, 200), (760, 200));
        await lea.UndoAsync();
        await lea.RedoAsync();

        // 3. Another class, and back again; moved; larger.
        await lea.ClickPictureAsync((300, 225));
        await lea.SeesSelectedAsync("Boat 1");
        await DoAsync(lea, ["Boat 1", "Shore 1", "Horizon 1", "Buoy 1"], ["Shore 1", "Horizon 1", "Buoy 1", "Barge 1"], () => lea.TakeClassAsync("Barge"));
        await lea.TakeClassAsync("Boat");
        await lea.SeesObjectsAsync("Boat 1", "Shore 1", "Horizon 1", "Buoy 1");
        await lea.DragAsync((300, 225), (340, 255));
        await lea.UndoAsync();
        await lea.RedoAsync();
        await lea.DragAsync((440, 330), (480, 360));
        await lea.UndoAsync();
        await lea.RedoAsync();

        // 4. Gone, back, gone.
        await lea.ClickPictureAsync((800, 500));
        await lea.SeesSelectedAsync("Buoy 1");
        await DoAsync(lea, ["Boat 1", "Shore 1", "Horizon 1", "Buoy 1"], ["Boat 1", "Shore 1", "Horizon 1"], lea.DeleteAsync);

        // 5. A question that an answer brings.
        await lea.ClickPictureAsync((340, 255));
        await lea.ChooseAsync("Motor boat");
        await lea.ChooseAsync("Large");

        // 6. What is missing is said and gone to; nothing is lost.
        await lea.PressSubmitAsync();
        await lea.ReadsAsync("1 thing is missing.");
        await lea.HasFocusInAsync("Is the picture usable?");
        await lea.SeesObjectsAsync("Boat 1", "Shore 1", "Horizon 1");
        await lea.SeesChosenAsync("Large");
        Assert.Equal(0, await harbour.VersionsAsync(project, first));

        // 7. Submitted, and the next one is there.
        await lea.ChooseAsync("Usable");
        await lea.SubmitAsync(lea.PressSubmitAsync);
        await lea.SeesPictureAsync();
        await lea.SeesObjectsAsync();

        var label = await harbour.LabelAsync(project, first);
        Assert.Equal(["boat", "shore", "horizon"], label.Classes());
        label.Only("boat").IsBox(240, 180, 480, 360);
        label.Only("shore").HasPoints((500, 100), (550, 50), (700, 100), (760, 200), (700, 300));
        label.Only("horizon").HasPoints((100, 400), (300, 420), (500, 400));
        Assert.Equal(["motor"], label.Only("boat").Answers("kind"));
        Assert.Equal(["large"], label.Only("boat").Answers("size"));
        Assert.Equal(["yes"], label.Answers("usable"));
        Assert.Empty(lea.Complaints);
    }

    /// <summary>Does an act, takes it back and does it again: the objects follow.</summary>
    private static async Task DoAsync(PersonAtDesk who, string[] before, string[] after, Func<Task> act)
    {
        await act();
        await who.SeesObjectsAsync(after);
        await who.UndoAsync();
        await who.SeesObjectsAsync(before);
        await who.RedoAsync();
        await who.SeesObjectsAsync(after);
    }
}
