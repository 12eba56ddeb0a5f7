using System.Net;
using System.Runtime.CompilerServices;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace Hybrid.StorageAgent.Delivery;

/// <summary>
/// Proxy delivery by YARP's forwarder: streamed with back-pressure, nothing buffered, a browser that goes away ends the store's answer too.
/// Only listed headers pass in either direction; what the store says of its errors stays here.
/// </summary>
internal sealed class Forwarding(IHttpForwarder forwarder, TimeProvider clock)
{
    // The time without a single byte either way. A film that is paused reads nothing, and goes on by a range of its own afterwards.
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(2), Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static readonly string[] RequestHeaders = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"];
    private static readonly string[] ResponseHeaders = ["Accept-Ranges", "Content-Encoding", "Content-Length", "Content-Range", "ETag", "Last-Modified"];

    private readonly ConditionalWeakTable<IForwardableStore, HttpMessageInvoker> invokers = [];

    /// <summary>Forwards a GET or HEAD and its answer.</summary>
    /// <param name="context">The browser's request.</param>
    /// <param name="store">Where the object is.</param>
    /// <param name="patience">How long the store's answer may take to begin.</param>
    /// <param name="reference">The object.</param>
    /// <param name="type">The content type that the URL pins.</param>
    /// <param name="ct">The browser went away.</param>
    /// <returns>Why there is no answer; null when it was sent, or as much of it as could be.</returns>
    /// <exception cref="StorageException">The agent has no credentials.</exception>
    public async Task<StorageException?> SendAsync(HttpContext context, IForwardableStore store, TimeSpan patience, ObjectReference reference, string type, CancellationToken ct)
    {
        var own = await store.OwnRequestAsync(reference, new HttpMethod(context.Request.Method), ct);
        using var waiting = new CancellationTokenSource(patience, clock);
        var exchange = new Exchange(own, store.ServesSuffixRanges, type, waiting);
        var invoker = invokers.GetValue(store, s => new HttpMessageInvoker(s.Handler, disposeHandler: false));
        var error = await forwarder.SendAsync(context, own.Url.GetLeftPart(UriPartial.Authority), invoker, Config, exchange, waiting.Token);
        if (exchange.Refused is { } refused) return refused;
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return null;
        return waiting.IsCancellationRequested ? StorageCall.Slow(null) : StorageCall.OfFailure(context.GetForwarderErrorFeature()?.Exception);
    }

    private sealed class Exchange(StoreRequest own, bool servesSuffixRanges, string type, CancellationTokenSource waiting) : HttpTransformer
    {
        /// <summary>What the store's status means, where it is not for the browser.</summary>
        public StorageException? Refused { get; private set; }

        public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            foreach (var name in RequestHeaders)
            {
                if (httpContext.Request.Headers.TryGetValue(name, out var value) && (name != "Range" || IsServed(value.ToString()))) proxyRequest.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }

            foreach (var (name, value) in own.Headers) proxyRequest.Headers.TryAddWithoutValidation(name, value);
            proxyRequest.RequestUri = own.Url;
            return ValueTask.CompletedTask;
        }

        public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            if (proxyResponse is null) return ValueTask.FromResult(false);
            waiting.CancelAfter(Timeout.InfiniteTimeSpan);
            var response = httpContext.Response;
            switch (proxyResponse.StatusCode)
            {
                case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                    Take(response, proxyResponse, ResponseHeaders);
                    response.ContentType = type;
                    break;
                case HttpStatusCode.NotModified:
                    Take(response, proxyResponse, ["ETag", "Last-Modified"]);
                    break;
                case HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable:
                    Take(response, proxyResponse, ["Content-Range"]);
                    return ValueTask.FromResult(false);
                default:
                    Refused = (int)proxyResponse.StatusCode is >= 300 and < 400
                        ? new StorageException("storage.failed", "The store sends the agent elsewhere, which it never follows. Check endpoint and region with hybrid-agent check.", new HttpRequestException())
                        : StorageCall.OfStatus(proxyResponse.StatusCode, new HttpRequestException());
                    return ValueTask.FromResult(false);
            }

            return ValueTask.FromResult(true);
        }

        private static void Take(HttpResponse response, HttpResponseMessage answer, IEnumerable<string> names)
        {
            response.StatusCode = (int)answer.StatusCode;
            foreach (var name in names)
            {
                if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)) response.Headers[name] = values.ToArray();
            }
        }

        // Several ranges: no two stores answer alike. What is not asked is answered by the whole (RFC 9110 § 14.2).
        private bool IsServed(string range) => !range.Contains(',', StringComparison.Ordinal) && (servesSuffixRanges || !range.StartsWith("bytes=-", StringComparison.Ordinal));
    }
}
