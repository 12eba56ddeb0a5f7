using System.Diagnostics;
using System.IO.Enumeration;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Hybrid.Contracts.Link;
using Hybrid.Contracts.Urls;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Describe;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Telemetry;

namespace Hybrid.StorageAgent.Link;

/// <summary>
/// What the agent does for the control plane, and nothing else: names, sizes, entity tags, media types, picture sizes; and, handed on
/// unread, URLs for browsers. Each kind has room of its own, so that neither a storm of browsers nor a long listing starves the other.
/// </summary>
public sealed class LinkAnswers(ConnectionTable connections, ObjectLookup lookup, OpaqueListing opaque, ObjectTypes types, IssueUrls issue, AgentMetrics metrics) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private const int LargestPage = LinkMethods.MaxMessageBytes - (4 * 1024);

    private static readonly UrlRefusal TooMuch = new("agent.busy", "The storage agent has more requests than it can answer. Try again in a moment.");

    private readonly ConcurrencyLimiter storage = Room(permits: 4, waiting: 64);
    private readonly ConcurrencyLimiter browsers = Room(permits: 2 * Environment.ProcessorCount, waiting: 512);

    /// <summary>Tries a connection: one page of one object.</summary>
    public async Task<ProbeResult> ProbeAsync(ProbeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var room = await storage.AcquireAsync();
        if (!room.IsAcquired) return new ProbeResult(false, TooMuch.Code, TooMuch.Detail, 0);
        if (connections.Find(request.Connection) is not { } connection) return new ProbeResult(false, "connection.unknown", "The agent has no connection of this name.", 0);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await metrics.MeasureAsync(connection.Options.Name, "probe", () => connection.Provider.ListAsync(connection.Options.Prefixes.FirstOrDefault() ?? "", null, 1, patience.Token));
            return new ProbeResult(true, null, null, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception failed) when (failed is StorageException or OperationCanceledException)
        {
            var refusal = Refusal(failed);
            return new ProbeResult(false, refusal.Code, refusal.Detail, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    /// <summary>One page of a listing, within the prefixes that the local file allows.</summary>
    public async Task<ListPage> ListAsync(ListRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var room = await storage.AcquireAsync();
        if (!room.IsAcquired) return new ListPage([], null, TooMuch);
        if (connections.Find(request.Connection) is not { } connection) return new ListPage([], null, new UrlRefusal("connection.unknown", "The agent has no connection of this name."));
        if (RefusalOf(request, connection.Options) is { } refused) return new ListPage([], null, refused);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            for (var limit = Math.Clamp(request.Limit, 1, 1000); ; limit = (limit + 1) / 2)
            {
                var (objects, cursor) = await metrics.MeasureAsync(connection.Options.Name, "list", () => PageAsync(connection, request, limit, patience.Token));
                var page = new ListPage(objects, cursor, null);
                // Long names: as many as one message carries; the cursor of a smaller page is another one, so it is listed anew.
                if (limit == 1 || JsonSerializer.SerializeToUtf8Bytes(page, JsonSerializerOptions.Web).Length <= LargestPage) return page;
            }
        }
        catch (Exception failed) when (failed is StorageException or OperationCanceledException)
        {
            return new ListPage([], null, Refusal(failed));
        }
    }

    private static UrlRefusal? RefusalOf(ListRequest request, ConnectionOptions connection)
    {
        if (connection.OpaqueKeys)
        {
            return request.Prefix.Length == 0 && request.Include.Concat(request.Exclude).All(OpaqueListing.IsHarmless) ? null : new UrlRefusal(
                "policy.opaque", "This connection keeps its objects' names to itself, so nothing can be asked by name: leave the prefix empty and filter by extension alone, e.g. *.png. The agent's own file narrows it by prefixes.");
        }

        return connection.Prefixes.Count == 0 || connection.Prefixes.Any(p => request.Prefix.StartsWith(p, StringComparison.Ordinal))
            ? null
            : new UrlRefusal("policy.prefix", $"The agent's local file allows only these prefixes: {string.Join(", ", connection.Prefixes)}.");
    }

    private async Task<(IReadOnlyList<ListedObject> Objects, string? Cursor)> PageAsync(AgentConnection connection, ListRequest request, int limit, CancellationToken ct)
    {
        var (objects, cursor) = connection.Options.OpaqueKeys
            ? await opaque.PageAsync(connection, request.Cursor, limit, ct) ?? throw new StorageException("request.malformed", "The cursor is not one of this agent's. Begin the listing anew.")
            : await connection.Provider.ListAsync(request.Prefix, request.Cursor, limit, ct);
        var wanted = await types.FillAsync(connection, [.. objects.Where(o => Matches(o.Key, request))], ct);
        return (connection.Options.OpaqueKeys ? opaque.Veil(connection.Options.Name, wanted) : wanted, cursor);
    }

    /// <summary>Picture sizes from headers, by ranged reads.</summary>
    public async Task<DescribeResult> DescribeAsync(DescribeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var room = await storage.AcquireAsync();
        if (!room.IsAcquired) return new DescribeResult([.. request.Objects.Take(UrlLimits.Objects).Select(o => new DescribedObject(o, null, null, null, TooMuch.Code))]);
        var described = new List<DescribedObject>();
        using var patience = new CancellationTokenSource(Patience);
        foreach (var reference in request.Objects.Take(UrlLimits.Objects)) described.Add(await DescribeAsync(reference, patience.Token));
        return new DescribeResult(described);
    }

    /// <summary>A browser's request for URLs by the relay: authenticated end to end, so it is trusted no less and no more than one that came directly.</summary>
    public async Task<RelayedAnswer> UrlsAsync(RelayedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var room = await browsers.AcquireAsync();
        if (!room.IsAcquired) return Problem(StatusCodes.Status503ServiceUnavailable, TooMuch);
        var body = Encoding.UTF8.GetBytes(request.Body);
        if (body.Length > UrlLimits.Bytes) return Problem(StatusCodes.Status413PayloadTooLarge, new UrlRefusal("body.too_large", $"The request is larger than {UrlLimits.Bytes} bytes. Split it."));
        using var patience = new CancellationTokenSource(Patience);
        var answer = await issue.HandleRelayedAsync(body, patience.Token);
        return answer.Refusal is { } refusal ? Problem(IssueUrls.StatusOf(refusal), new UrlRefusal(refusal.Code, refusal.Detail)) : new RelayedAnswer(StatusCodes.Status200OK, answer.Value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        storage.Dispose();
        browsers.Dispose();
    }

    private static RelayedAnswer Problem(int status, UrlRefusal refusal) => new(status, JsonSerializer.Serialize(refusal, AgentJson.Default.UrlRefusal));

    private static ConcurrencyLimiter Room(int permits, int waiting) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private static UrlRefusal Refusal(Exception failed) => failed is StorageException storage
        ? new UrlRefusal(storage.Code, storage.Message)
        : new UrlRefusal("storage.slow", "The store did not answer in time. Try again.");

    private static bool Matches(string key, ListRequest request) =>
        (request.Include.Count == 0 || request.Include.Any(g => FileSystemName.MatchesSimpleExpression(g, key, ignoreCase: false)))
        && !request.Exclude.Any(g => FileSystemName.MatchesSimpleExpression(g, key, ignoreCase: false));

    private async Task<DescribedObject> DescribeAsync(ObjectReference reference, CancellationToken ct)
    {
        var found = lookup.Find(reference);
        if (found.Connection is not { } connection) return new DescribedObject(reference, null, null, null, "connection.unknown");
        if (!found.IsKnown) return new DescribedObject(reference, null, null, null, ObjectLookup.Unknown.Code);
        var prefixes = connection.Options.Prefixes;
        if (prefixes.Count > 0 && !prefixes.Any(p => found.Object.Key.StartsWith(p, StringComparison.Ordinal))) return new DescribedObject(reference, null, null, null, "policy.prefix");
        try
        {
            var size = PictureHeader.Read(await metrics.MeasureAsync(connection.Options.Name, "read", () => connection.Provider.ReadStartAsync(found.Object, PictureHeader.Bytes, ct)));
            return size is null
                ? new DescribedObject(reference, null, null, null, "asset.not_a_picture")
                : new DescribedObject(reference, size.Width, size.Height, size.Orientation, null);
        }
        catch (Exception failed) when (failed is StorageException or OperationCanceledException)
        {
            return new DescribedObject(reference, null, null, null, Refusal(failed).Code);
        }
    }
}
