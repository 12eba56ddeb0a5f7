using Hybrid.Benchmarks.Measuring;
using Hybrid.Benchmarks.Running;
using Hybrid.Demo;
using Microsoft.Playwright;

namespace Hybrid.Benchmarks.Pictures;

/// <summary>Pictures in Chromium through the real product, against a bare <c>&lt;img&gt;</c> of the same bytes from the same storage.</summary>
internal sealed class PictureArea : IArea
{
    private const int Samples = 20;
    private const int WarmUps = 3;

    public string Name => "picture";

    public string Summary => "pictures of 2 MB in Chromium through the product against a bare <img>; the next task after Submit";

    public async Task RunAsync(CancellationToken ct)
    {
        var workspace = Path.Combine(Installation.Root, "control-plane", "workspace", "dist");
        if (!File.Exists(Path.Combine(workspace, "index.html"))) throw new DemoException("The workspace is not built: run infra/bench.sh picture.");
        var folder = Directory.CreateTempSubdirectory("hybrid-bench-pictures-").FullName;
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium" });
        await using var server = await BareServer.StartAsync(folder, Gallery.Source);
        await using (var context = await chromium.NewContextAsync()) await Gallery.MakeAsync(await context.NewPageAsync(), server.Url, folder, Samples + WarmUps + 2);

        var rows = new List<IReadOnlyList<string>>();
        await MeasureAsync(rows, chromium, workspace, folder, _ => Task.FromResult<Store?>(Store.OfFolder(folder, server.Url)), server.Url, ct);
        await MeasureAsync(rows, chromium, workspace, folder, url => Store.OfCephAsync(folder, url.GetLeftPart(UriPartial.Authority)), server.Url, ct);
        Directory.Delete(folder, recursive: true);
        Report.Table(
            Name,
[
                "storage", "bare <img>: loaded / painted, ms", "product: bytes / loaded / painted, ms", "loaded, product ÷ bare", "painted, product ÷ bare",
                "navigation → painted, warm worker", $"Submit → next painted, median of {Samples}",
            ], rows);
    }

    private static async Task MeasureAsync(
        List<IReadOnlyList<string>> rows, IBrowser chromium, string workspace, string folder, Func<Uri, Task<Store?>> storeFor, Uri server, CancellationToken ct)
    {
        await using var installation = new Installation();
        if (await storeFor(installation.Url) is not { } store) return;
        await installation.StartControlPlaneAsync(workspace, ct);
        await installation.StartAgentAsync(await installation.PrepareAgentAsync(store.Connection), ct);
        var projects = new List<Guid>();
        for (var i = 0; i < 3; i++) projects.Add(await installation.ImportAsync(ct));

        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        await SignInAsync(page, installation.Url);
        await Watch.InstallAsync(page);
        var bare = await context.NewPageAsync();
        await bare.GotoAsync(server.ToString());
        var (bares, products) = await CompareAsync(page, bare, installation, projects[0], store, ct);
        var navigations = await NavigateAsync(page, installation, projects[1], ct);
        var nexts = await NextAsync(page, new Uri(installation.Url, $"/projects/{projects[2]}/label"), ct);
        rows.Add(
        [
            store.Title, $"{Of(bares, t => t.Decoded)} / {Of(bares, t => t.Painted)}", $"{Of(products, t => t.Bytes)} / {Of(products, t => t.Decoded)} / {Of(products, t => t.Painted)}",
            Report.Against(Ratio(t => t.Decoded), 1.3, atLeast: false), $"{Report.Number(Ratio(t => t.Painted))}×",
            Report.Against(Median.Of(navigations), 1000, atLeast: false, " ms"), Report.Against(Median.Of(nexts), 100, atLeast: false, " ms"),
        ]);

        double Ratio(Func<PictureTimes, double> end) => Median.Of([.. products.Zip(bares, (p, b) => (end(p) - p.Asked) / (end(b) - b.Asked))]);
    }

    private static string Of(List<PictureTimes> times, Func<PictureTimes, double> end) => Report.Number(Median.Of([.. times.Select(t => end(t) - t.Asked)]));

    // In turns, each in a page that is open already: in the product a task is opened from its project's page, as by its link.
    private static async Task<(List<PictureTimes> Bare, List<PictureTimes> Product)> CompareAsync(IPage page, IPage bare, Installation installation, Guid project, Store store, CancellationToken ct)
    {
        var tasks = await TasksAsync(installation.Owner, project);
        await page.GotoAsync(new Uri(installation.Url, $"/projects/{project}").ToString());
        var (bares, products) = (new List<PictureTimes>(), new List<PictureTimes>());
        for (var i = 0; i < Samples + WarmUps; i++)
        {
            ct.ThrowIfCancellationRequested();
            Console.Error.Write($"\rpicture, {store.Title}: {i + 1} of {Samples + WarmUps} ");
            await bare.BringToFrontAsync();
            var alone = await Watch.BareAsync(bare, store.BareUrl(tasks[i].Key));
            await page.BringToFrontAsync();
            await Watch.GoAsync(page, $"/projects/{project}/label?task={tasks[i].Task}");
            var times = await Watch.PaintedAsync(page);
            await Watch.PrefetchedAsync(page);
            await Watch.GoAsync(page, $"/projects/{project}");
            await page.WaitForTimeoutAsync(300);
            if (i < WarmUps) continue;
            bares.Add(alone);
            products.Add(times);
        }

        return (bares, products);
    }

    private static async Task<List<double>> NavigateAsync(IPage page, Installation installation, Guid project, CancellationToken ct)
    {
        var navigations = new List<double>();
        foreach (var (task, _) in (await TasksAsync(installation.Owner, project)).Take(Samples + WarmUps))
        {
            ct.ThrowIfCancellationRequested();
            Console.Error.Write($"\rnavigation: {navigations.Count + 1} of {Samples + WarmUps} ");
            await page.GotoAsync(new Uri(installation.Url, $"/projects/{project}/label?task={task}").ToString());
            navigations.Add((await Watch.PaintedAsync(page)).Painted);
            await Watch.PrefetchedAsync(page);
        }

        return navigations[WarmUps..];
    }

    private static async Task<List<double>> NextAsync(IPage page, Uri queue, CancellationToken ct)
    {
        await page.GotoAsync(queue.ToString());
        await Watch.PaintedAsync(page);
        await Watch.PrefetchedAsync(page);
        var nexts = new List<double>();
        for (var i = 0; i < Samples; i++)
        {
            ct.ThrowIfCancellationRequested();
            nexts.Add(await Watch.SubmitAsync(page));
            Console.Error.Write($"\rnext: {i + 1} of {Samples} ");
            await Watch.PrefetchedAsync(page);
        }

        return nexts;
    }

    private static async Task<List<(Guid Task, string Key)>> TasksAsync(Browser owner, Guid project)
    {
        var page = await owner.GetAsync($"/api/projects/{project}/tasks?limit=200");
        return [.. page.GetProperty("items").EnumerateArray().Select(t => (t.GetProperty("id").GetGuid(), t.GetProperty("asset").GetProperty("name").GetString()!))];
    }

    private static async Task SignInAsync(IPage page, Uri url)
    {
        await page.GotoAsync(new Uri(url, "/sign-in").ToString());
        await page.FillAsync("input[name=email]", Installation.Email);
        await page.Keyboard.PressAsync("Enter");
        await page.FillAsync("input[name=password]", Installation.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => navigator.serviceWorker.controller !== null && !document.querySelector('input[name=password]')");
    }
}
