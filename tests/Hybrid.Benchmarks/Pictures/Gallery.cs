using Hybrid.Benchmarks.Running;
using Hybrid.Demo;
using Microsoft.Playwright;

namespace Hybrid.Benchmarks.Pictures;

/// <summary>Photographs of 2 MB, each with bytes of its own: NASA's Blue Marble, turned a little further for each.</summary>
internal static class Gallery
{
    private const string Turn = """
        async ({ url, count, at }) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const { naturalWidth: width, naturalHeight: height } = image;
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [width, height];
          const pen = canvas.getContext('2d');
          const left = Math.round(width * at / count);
          pen.drawImage(image, -left, 0);
          pen.drawImage(image, width - left, 0);
          const encoded = quality => canvas.toDataURL('image/jpeg', quality);
          let [low, high] = [0.5, 1];
          for (let step = 0; step < 7; step++) {
            const middle = (low + high) / 2;
            if (encoded(middle).length * 3 / 4 > 2_000_000) high = middle;
            else low = middle;
          }
          return encoded(low).split(',')[1];
        }
        """;

    /// <summary>Where the photograph comes from.</summary>
    public static string Source
    {
        get
        {
            var folder = Path.Combine(Installation.Root, "infra", "Hybrid.Demo", "pictures", "node_modules", "three-globe", "example", "img");
            return Directory.Exists(folder) ? folder : throw new DemoException("The photographs are missing: run infra/bench.sh picture, which fetches them.");
        }
    }

    /// <summary>Makes them in a page of a server that has the source.</summary>
    public static async Task MakeAsync(IPage page, Uri server, string folder, int count)
    {
        await page.GotoAsync(server.ToString());
        for (var i = 0; i < count; i++)
        {
            var text = await page.EvaluateAsync<string>(Turn, new { url = "/earth-blue-marble.jpg", count, at = i });
            await File.WriteAllBytesAsync(Path.Combine(folder, $"earth-{i:D3}.jpg"), Convert.FromBase64String(text));
        }
    }
}
