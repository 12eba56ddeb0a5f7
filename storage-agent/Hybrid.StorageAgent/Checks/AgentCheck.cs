using System.Net;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Grants;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Providers;

namespace Hybrid.StorageAgent.Checks;

/// <summary>One line of the diagnosis.</summary>
/// <param name="What">What was tried.</param>
/// <param name="Ok">Whether it worked.</param>
/// <param name="Mend">What was seen, and what to do when it did not work.</param>
public sealed record CheckLine(string What, bool Ok, string Mend);

/// <summary>Diagnoses an installation: one line each, with the mend.</summary>
public static class AgentCheck
{
    /// <summary>Runs every check.</summary>
    public static async IAsyncEnumerable<CheckLine> RunAsync(
        AgentOptions options, HttpClient http, TimeProvider clock, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        yield return await DnsAsync(options.ControlPlane!, ct);
        foreach (var line in await ControlPlaneAsync(options, http, clock, ct)) yield return line;
        if (!AgentIdentity.Exists(options.DataDirectory))
        {
            yield return new CheckLine("enrolment", false, "This replica is not enrolled: hybrid-agent enrol --token …");
            yield break;
        }

        using var identity = AgentIdentity.Load(options.DataDirectory);
        yield return new CheckLine("enrolment", true, $"agent {identity.AgentId}, key {identity.KeyId}");
        var (lines, broken) = AccessJournal.Verify(Path.Combine(options.DataDirectory, "access-log"));
        yield return new CheckLine("access log", broken is null, broken is null ? $"{lines} lines, unbroken" : $"The chain breaks at {broken}: keep the files and find out who changed them.");
        using var table = new ConnectionTable(options, identity, clock);
        foreach (var connection in table.All)
        {
            await foreach (var line in ConnectionAsync(connection, options.Origin, http, clock, ct)) yield return line;
        }
    }

    private static async Task<CheckLine> DnsAsync(Uri controlPlane, CancellationToken ct)
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(controlPlane.Host, ct);
            return new CheckLine("DNS", found.Length > 0, $"{controlPlane.Host} is {string.Join(", ", found.Select(a => a.ToString()))}");
        }
        catch (System.Net.Sockets.SocketException)
        {
            return new CheckLine("DNS", false, $"{controlPlane.Host} has no address here: check the name and this machine's resolver.");
        }
    }

    private static async Task<IReadOnlyList<CheckLine>> ControlPlaneAsync(AgentOptions options, HttpClient http, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(options.ControlPlane!, "/health/live"), ct);
            var skew = answer.Headers.Date - clock.GetUtcNow();
            return
            [
                new("control plane", answer.IsSuccessStatusCode, answer.IsSuccessStatusCode ? "answers" : $"answers with {(int)answer.StatusCode}: is the address right, and is a proxy in between?"),
                new("clock", skew is { } s && s.Duration() < TimeSpan.FromSeconds(30), skew is { } off ? $"{off.TotalSeconds:0} s from the control plane's; set it by time server when it is more than 30 s" : "the control plane told no time"),
            ];
        }
        catch (HttpRequestException gone)
        {
            return [new("control plane", false, Link.ControlPlaneHttp.Mend(options, gone))];
        }
    }

    private static async IAsyncEnumerable<CheckLine> ConnectionAsync(
        AgentConnection connection, string origin, HttpClient http, TimeProvider clock, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var name = connection.Options.Name;
        string? key = null;
        string? failure = null;
        try
        {
            var (objects, _) = await connection.Provider.ListAsync(connection.Options.Prefixes.FirstOrDefault() ?? "", null, 1, ct);
            key = objects.Count > 0 ? objects[0].Key : null;
        }
        catch (StorageException failed)
        {
            failure = failed.Message;
        }

        yield return new CheckLine($"{name}: list", failure is null, failure ?? (key is null ? "works; the prefix is empty, so signing was not tried" : "works"));
        foreach (var weakness in connection.Provider.Weaknesses) yield return new CheckLine($"{name}: {weakness.Code}", true, $"weaker than it could be: {weakness.Detail}");
        if (key is null || connection.Options.Provider == "file") yield break;
        if (connection.Provider is ProxiedProvider proxied)
        {
            yield return await OwnReadAsync(proxied.Store, key, ct);
            yield break;
        }

        using var browser = new HttpClient(StorageHttp.Handler(connection.Options)) { Timeout = http.Timeout };
        var weak = connection.Provider.Weaknesses.Any(w => w.Code == UrlWeakness.HeaderUnbound);
        foreach (var line in await UrlAsync(connection, key, origin, weak, browser, clock, ct)) yield return line;
    }

    // No browser reaches the store, so neither its CORS nor its secret header matters: what counts is that the agent can read.
    private static async Task<CheckLine> OwnReadAsync(IForwardableStore store, string key, CancellationToken ct)
    {
        var what = $"{store.Name}: read for proxy delivery";
        try
        {
            var own = await store.OwnRequestAsync(new ObjectReference(store.Name, key, null), HttpMethod.Get, ct);
            using var http = new HttpMessageInvoker(store.Handler, disposeHandler: false);
            using var request = new HttpRequestMessage(HttpMethod.Get, own.Url);
            foreach (var (name, value) in own.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await http.SendAsync(request, ct);
            return new CheckLine(what, answer.IsSuccessStatusCode, answer.IsSuccessStatusCode ? "works" : StorageCall.OfStatus(answer.StatusCode).Message);
        }
        catch (StorageException failed)
        {
            return new CheckLine(what, false, failed.Message);
        }
        catch (HttpRequestException gone)
        {
            return new CheckLine(what, false, StorageCall.OfFailure(gone).Message);
        }
    }

    private static async Task<IReadOnlyList<CheckLine>> UrlAsync(AgentConnection connection, string key, string origin, bool weak, HttpClient browser, TimeProvider clock, CancellationToken ct)
    {
        var name = connection.Options.Name;
        try
        {
            var secret = SplitSecret.New();
            var signed = await connection.Provider.SignAsync(new ObjectReference(name, key, null), secret, ContentTypes.Of(key), TimeSpan.FromSeconds(30), ct);
            using var right = await FetchAsync(browser, signed.Url, secret, origin, ct);
            using var wrong = await FetchAsync(browser, signed.Url, null, origin, ct);
            var missing = BucketCors.Missing(right, origin);
            // A store that is behind takes a URL for one of the future, and one that is ahead for one that has lapsed.
            var skew = right.Headers.Date - clock.GetUtcNow();
            var lines = new List<CheckLine>
            {
                new($"{name}: signed URL", right.IsSuccessStatusCode, right.IsSuccessStatusCode ? "works" : $"answers {(int)right.StatusCode}: check that the credentials may read, and the clock of the store."),
                new($"{name}: split secret", !wrong.IsSuccessStatusCode, wrong.IsSuccessStatusCode ? "The store answers without the secret header: URLs alone work here. Use another store or delivery." : "a URL without its header is refused"),
                new($"{name}: CORS", missing.Count == 0, missing.Count == 0 ? "admits the workspace" : $"{string.Join(", ", missing)}. Apply: {BucketCors.Mend(connection.Options, origin)}"),
            };
            if (skew is { } off) lines.Add(new($"{name}: clock", off.Duration() < TimeSpan.FromSeconds(30), $"{off.TotalSeconds:0} s from this machine's; set both by time server when it is more than 30 s"));
            if (weak) lines.RemoveAt(1);
            return lines;
        }
        catch (StorageException failed)
        {
            return [new($"{name}: signed URL", false, failed.Message)];
        }
        catch (HttpRequestException gone)
        {
            return [new($"{name}: signed URL", false, $"{connection.Provider.StorageOrigin} does not answer ({gone.HttpRequestError}): is it the address that browsers use? Otherwise set publicEndpoint.")];
        }
    }

    private static async Task<HttpResponseMessage> FetchAsync(HttpClient http, string url, string? secret, string origin, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (secret is not null)
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation(SplitSecret.Header, secret);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }
}
