using System.Diagnostics;
using System.Net;

namespace Hybrid.Benchmarks.Agents.Signing;

/// <summary>200 browsers, each with a connection of its own.</summary>
internal sealed class BrowserStorm : IDisposable
{
    private readonly HttpClient http;

    public BrowserStorm(Uri agent) => http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = SignTown.Browsers, UseProxy = false }) { BaseAddress = new Uri(agent, "/v1/urls"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>One request, to its answer.</summary>
    public async Task<string> SendAsync(SignRequest request, CancellationToken ct)
    {
        using var body = new ByteArrayContent(request.Body);
        body.Headers.ContentType = new("text/plain");
        using var answer = await http.PostAsync((Uri?)null, body, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.StatusCode == HttpStatusCode.OK ? text : throw new InvalidOperationException($"{answer.StatusCode}: {text}");
    }

    /// <summary>As fast as it is answered, 200 at once: how long it took for all.</summary>
    public async Task<TimeSpan> AsFastAsItGoesAsync(IReadOnlyList<SignRequest> requests, CancellationToken ct)
    {
        var (began, next) = (Stopwatch.GetTimestamp(), -1);
        await Task.WhenAll(Enumerable.Range(0, SignTown.Browsers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < requests.Count) await SendAsync(requests[i], ct);
        }));
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>At a rate, whether or not it is answered: the milliseconds from when each was due, sorted; what waits here waits for the agent too.</summary>
    public async Task<double[]> AtRateAsync(IReadOnlyList<SignRequest> requests, double perSecond, CancellationToken ct)
    {
        var (latencies, began) = (new double[requests.Count], Stopwatch.GetTimestamp());
        var under = new Task[requests.Count];
        for (var i = 0; i < requests.Count; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            // A timer has whole milliseconds; the rest of the wait is given to whoever has work.
            while (Stopwatch.GetElapsedTime(began) is var at && at < due)
            {
                if (due - at > TimeSpan.FromMilliseconds(2)) await Task.Delay(1, ct);
                else await Task.Yield();
            }

            under[i] = OneAsync(i, due);
        }

        await Task.WhenAll(under);
        Array.Sort(latencies);
        return latencies;

        async Task OneAsync(int i, TimeSpan due)
        {
            await SendAsync(requests[i], ct);
            latencies[i] = (Stopwatch.GetElapsedTime(began) - due).TotalMilliseconds;
        }
    }

    public void Dispose() => http.Dispose();
}
