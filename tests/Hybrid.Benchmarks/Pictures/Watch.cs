using Microsoft.Playwright;

namespace Hybrid.Benchmarks.Pictures;

/// <summary>Notes in the product's own pages when a picture is asked for, when a key is pressed, and when a picture is first painted.</summary>
internal static class Watch
{
    // Nothing of the product is changed: three functions of the browser are wrapped before its scripts run.
    private const string Script = """
        (() => {
          const seen = new WeakSet();
          const watch = globalThis.__watch = { asked: undefined, bytes: undefined, decoded: undefined, painted: undefined, pressed: undefined, loading: 0 };
          let inFrame = false;
          const frame = globalThis.requestAnimationFrame.bind(globalThis);
          globalThis.requestAnimationFrame = paint => frame(at => {
            inFrame = true;
            try { paint(at); } finally { inFrame = false; }
          });
          const presented = done => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.now());
            channel.port2.postMessage(0);
          };
          const ask = globalThis.fetch.bind(globalThis);
          globalThis.fetch = async (input, init) => {
            const path = new URL(input instanceof Request ? input.url : input, location.href).pathname;
            if (!path.startsWith('/asset/')) return ask(input, init);
            watch.asked ??= performance.now();
            watch.loading++;
            try {
              const response = await ask(input, init);
              const blob = response.blob.bind(response);
              response.blob = () => blob().finally(() => {
                watch.bytes ??= performance.now();
                watch.loading--;
              });
              return response;
            } catch (error) {
              watch.loading--;
              throw error;
            }
          };
          const decode = globalThis.createImageBitmap.bind(globalThis);
          globalThis.createImageBitmap = async (...input) => {
            const bitmap = await decode(...input);
            watch.decoded ??= performance.now();
            return bitmap;
          };
          // A renderer may draw the picture on its canvas, or on one of its own first.
          for (const brush of [CanvasRenderingContext2D.prototype, OffscreenCanvasRenderingContext2D.prototype]) {
            const draw = brush.drawImage;
            brush.drawImage = function (image, ...rest) {
              if (image instanceof ImageBitmap && !seen.has(image)) {
                seen.add(image);
                const paint = () => presented(at => { watch.painted ??= at; });
                if (inFrame) paint();
                else frame(paint);
              }
              return draw.call(this, image, ...rest);
            };
          }
          addEventListener('keydown', event => {
            if (event.key === 'Enter' && event.ctrlKey) [watch.pressed, watch.painted] = [event.timeStamp, undefined];
          }, true);
        })();
        """;

    private const string Bare = """
        async url => {
          const started = performance.now();
          const image = new Image();
          image.src = url;
          await image.decode();
          const decoded = performance.now();
          document.body.replaceChildren(image);
          const painted = await new Promise(done => requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.now());
            channel.port2.postMessage(0);
          }));
          return [started, decoded, decoded, painted];
        }
        """;

    /// <summary>Goes to a page of the product from within it, as a link does.</summary>
    public static Task GoAsync(IPage page, string path) => page.EvaluateAsync("path => { [__watch.asked, __watch.bytes, __watch.decoded, __watch.painted] = []; history.pushState(null, '', path); }", path);

    public static Task InstallAsync(IPage page) => page.AddInitScriptAsync(Script);

    /// <summary>Shows a bare picture. Its bytes are decoded while they come: there is no instant of the bytes alone.</summary>
    public static async Task<PictureTimes> BareAsync(IPage page, string url) => PictureTimes.Of(await page.EvaluateAsync<double[]>(Bare, url));

    /// <summary>Waits for the first painting; milliseconds since the navigation.</summary>
    public static async Task<PictureTimes> PaintedAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => __watch.painted !== undefined");
        return PictureTimes.Of(await page.EvaluateAsync<double[]>("() => [__watch.asked, __watch.bytes, __watch.decoded, __watch.painted]"));
    }

    /// <summary>Waits until the prefetch is through: nothing has been on its way for half a second.</summary>
    public static Task PrefetchedAsync(IPage page) => page.EvaluateAsync("""
        async () => {
          for (let quiet = 0; quiet < 5; quiet = __watch.loading === 0 ? quiet + 1 : 0) await new Promise(done => setTimeout(done, 100));
        }
        """);

    /// <summary>Submits by the keyboard; milliseconds from the key until the next picture is on the screen.</summary>
    public static async Task<double> SubmitAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForFunctionAsync("() => __watch.pressed !== undefined && __watch.painted !== undefined");
        return await page.EvaluateAsync<double>("() => __watch.painted - __watch.pressed");
    }
}

/// <summary>When a picture was asked for, when its bytes were there, when it was decoded and when it was on the screen.</summary>
internal sealed record PictureTimes(double Asked, double Bytes, double Decoded, double Painted)
{
    public static PictureTimes Of(double[] at) => new(at[0], at[1], at[2], at[3]);
}
