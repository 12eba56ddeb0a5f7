using Hybrid.Contracts.Link;
using Hybrid.Security.Agents;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Life;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Telemetry;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hybrid.StorageAgent.Link;

/// <summary>
/// The one outgoing connection. It says hello, answers what <see cref="LinkAnswers"/> can, and comes back for ever: jittered backoff to
/// at most a minute, begun anew only after a hello was answered. An outage is logged once, and its end once.
/// </summary>
public sealed partial class ControlPlaneLink(
    AgentIdentity identity, AgentOptions options, GrantKeyring keyring, ConnectionTable connections, LinkAnswers answers, LinkPatience patience, AgentMetrics metrics, ClockWatch watch, TimeProvider clock, ILogger<ControlPlaneLink> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Version that hello reports.</summary>
    public static string Version => typeof(ControlPlaneLink).Assembly.GetName().Version?.ToString(3) ?? "0";

    private volatile HubConnection? live;
    private volatile TaskCompletionSource renew = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the link is up.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Makes the link anew by the key of now; the one that is up serves until the new one does.</summary>
    public void Renew() => renew.TrySetResult();

    /// <summary>Says what connections there are now, over the link that is up; where none is, the next one says it.</summary>
    public async Task SayHelloAgainAsync(CancellationToken ct)
    {
        if (live is not { State: HubConnectionState.Connected } link) return;
        try
        {
            await HelloAsync(link, ct);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or HubException)
        {
            // The link went away meanwhile: the next one begins with hello.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveLink(() => IsUp);
        var attempt = 0;
        var outage = false;
        HubConnection? former = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var link = Build();
            var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
            link.Closed += why =>
            {
                closed.TrySetResult(why);
                return Task.CompletedTask;
            };
            try
            {
                await link.StartAsync(stoppingToken);
                await HelloAsync(link, stoppingToken);
                (attempt, IsUp, live) = (0, true, link);
                if (outage) Back(options.ControlPlane!);
                else Up(options.ControlPlane!);
                outage = false;
                if (former is not null) await former.DisposeAsync();
                former = null;
                if (await Task.WhenAny(closed.Task, renew.Task).WaitAsync(stoppingToken) == renew.Task)
                {
                    (former, renew) = (link, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                    continue;
                }

                Away(options.ControlPlane!, Reason(await closed.Task));
                outage = true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await link.DisposeAsync();
                break;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                if (!outage) Away(options.ControlPlane!, Reason(failed));
                outage = true;
            }

            await link.DisposeAsync();
            IsUp = former?.State == HubConnectionState.Connected;
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 0.5 * Math.Pow(2, Math.Min(attempt++, 10))) * (0.5 + Random.Shared.NextDouble()));
            try
            {
                await Task.Delay(wait, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        if (former is not null) await former.DisposeAsync();
    }

    private string Reason(Exception? failed) => failed switch
    {
        null => "it closed the link",
        HttpRequestException { StatusCode: { } code } => $"it answered {(int)code}",
        HttpRequestException unreached => ControlPlaneHttp.Mend(options, unreached),
        HubException refused => LinkRefusal.Of(refused.Message),
        TimeoutException => FormattableString.Invariant($"nothing was heard of it for {patience.Silence.TotalSeconds:0} seconds"),
        _ => failed.GetType().Name,
    };

    private HubConnection Build()
    {
        var link = new HubConnectionBuilder()
            .WithUrl(new Uri(options.ControlPlane!, LinkMethods.Path), o =>
            {
                ControlPlaneHttp.Apply(options, o, watch);
                o.AccessTokenProvider = () => Task.FromResult<string?>(AgentAssertion.Sign(identity.AgentId, identity.Key, options.ControlPlane!.GetLeftPart(UriPartial.Authority), clock.GetUtcNow()));
            })
            .WithKeepAliveInterval(patience.KeepAlive)
            .WithServerTimeout(patience.Silence)
            .Build();
        link.On<ProbeRequest, ProbeResult>(LinkMethods.Probe, answers.ProbeAsync);
        link.On<ListRequest, ListPage>(LinkMethods.List, answers.ListAsync);
        link.On<DescribeRequest, DescribeResult>(LinkMethods.Describe, answers.DescribeAsync);
        link.On<RelayedRequest, RelayedAnswer>(LinkMethods.Urls, answers.UrlsAsync);
        return link;
    }

    private async Task HelloAsync(HubConnection link, CancellationToken ct)
    {
        var described = connections.All.Select(c => new ConnectionDescription(
            c.Options.Name, c.Options.Provider, c.Options.Delivery, c.Provider.StorageOrigin, c.Options.OpaqueKeys ? [] : [.. c.Options.Prefixes], c.Options.MaxUrlSeconds, c.Options.OpaqueKeys,
            [.. c.Provider.Weaknesses.Select(w => w.Code)])).ToList();
        var hello = new AgentHello(Version, options.PublicUrl?.GetLeftPart(UriPartial.Authority), described, LinkMethods.Protocol, LinkMethods.OldestProtocol);
        var answer = await link.InvokeAsync<HelloAnswer>(LinkMethods.Hello, hello, ct);
        if (answer.Protocol is < LinkMethods.OldestProtocol or > LinkMethods.Protocol) throw new HubException($"{LinkRefusal.Protocol} {answer.Protocol}-{answer.Protocol}");
        if (!keyring.Accept(answer.Statements)) ForeignChain(options.ControlPlane!);
    }

    [LoggerMessage(3001, LogLevel.Information, "Linked with {ControlPlane}")]
    private partial void Up(Uri controlPlane);

    [LoggerMessage(3002, LogLevel.Warning, "The link to {ControlPlane} is down ({Reason}); URLs already granted go on working, and the agent keeps trying")]
    private partial void Away(Uri controlPlane, string reason);

    [LoggerMessage(3003, LogLevel.Information, "Linked with {ControlPlane} again")]
    private partial void Back(Uri controlPlane);

    [LoggerMessage(3004, LogLevel.Error, "{ControlPlane} serves key statements that do not lead from the key pinned at enrolment: no grant is honoured. Enrol the agent again, if the change is real")]
    private partial void ForeignChain(Uri controlPlane);
}
