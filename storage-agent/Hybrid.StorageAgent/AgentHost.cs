using System.CommandLine;
using Hybrid.Security.Proofs;
using Hybrid.ServiceDefaults;
using Hybrid.StorageAgent.AccessLog;
using Hybrid.StorageAgent.Checks;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Delivery;
using Hybrid.StorageAgent.Enrolment;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Life;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.OpaqueKeys;
using Hybrid.StorageAgent.Policy;
using Hybrid.StorageAgent.Providers;
using Hybrid.StorageAgent.Telemetry;
using Hybrid.StorageAgent.Verbs;
using Microsoft.AspNetCore.HttpOverrides;

namespace Hybrid.StorageAgent;

/// <summary>The agent's verbs and its composition.</summary>
public static class AgentHost
{
    /// <summary>Variable with a one-time token: <c>run</c> enrols first when there is no identity yet.</summary>
    public const string TokenVariable = "HYBRID_AGENT_TOKEN";

    /// <summary>Runs a verb; without one, the agent.</summary>
    public static async Task<int> MainAsync(string[] args)
    {
        if (System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider") return await DescribeRoutesAsync();
        var config = new Option<string>("--config") { Description = "The agent's file. Default: agent.json.", DefaultValueFactory = _ => "agent.json" };
        var token = new Option<string>("--token") { Description = "The one-time token.", Required = true };
        var run = new Command("run", "Serves; with HYBRID_AGENT_TOKEN it enrols first when it must.") { config };
        run.SetAction((parsed, ct) => WithOptionsAsync(parsed.GetValue(config)!, o => RunAsync(o, parsed.GetValue(config)!, ct)));
        var enrol = new Command("enrol", "Makes this replica part of an agent.") { config, token };
        enrol.SetAction((parsed, ct) => WithOptionsAsync(parsed.GetValue(config)!, o => EnrolAsync(o, parsed.GetValue(token)!, ct)));
        var rotate = new Command("rotate-key", "Changes this replica's key, without a failed request; a running agent goes on.") { config };
        rotate.SetAction((parsed, ct) => WithOptionsAsync(parsed.GetValue(config)!, o => RotateAsync(o, ct)));
        var check = new Command("check", "Diagnoses the installation: one line each, with the mend.") { config };
        check.SetAction((parsed, ct) => WithOptionsAsync(parsed.GetValue(config)!, o => CheckAsync(o, ct)));
        var root = new RootCommand("Hybrid's storage agent.") { run, enrol, rotate, check, SimulateVerb.Make(config, WithOptionsAsync), ResolveVerb.Make(config, WithOptionsAsync), LogVerbs.Make(config, WithOptionsAsync) };
        // The host answers to signals itself: the library would end the process two seconds after SIGTERM, in the middle of the drain.
        return await root.Parse(args.Length == 0 ? ["run"] : args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Puts the agent together; tests use the same composition.</summary>
    public static WebApplication Build(AgentOptions options, AgentIdentity identity, TimeProvider clock, Action<WebApplicationBuilder>? more = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            SlowBrowsers.Bound(k.Limits);
            k.Limits.MaxRequestBodySize = Hybrid.Contracts.Urls.UrlLimits.Bytes + 1;
        });
        CustomerCertificate.Use(builder, options);
        builder.AddServiceDefaults(AgentMetrics.Service, options.Operator);
        builder.Services.AddSingleton<AgentMetrics>().AddSingleton<ClockWatch>().AddHealthChecks().AddCheck<AgentReady>("grant-keys", tags: ["ready"]).AddCheck<ClockWatch>("clock", tags: ["ready"]);
        builder.Services.AddSingleton(options).AddSingleton(identity).AddSingleton(clock);
        builder.Services.AddSingleton(s => ControlPlaneHttp.Client(options, s.GetRequiredService<ClockWatch>()));
        builder.AddAccessLog(options);
        builder.Services.AddSingleton(_ => new ReplayMemory(clock));
        builder.Services.AddSingleton(_ => new OpaqueNames(OpaqueNames.FileIn(options.DataDirectory), SharedSecret.Of(options, identity))).AddSingleton<OpaqueListing>();
        builder.Services.AddSingleton<MapRebuild>().AddHostedService(s => s.GetRequiredService<MapRebuild>()).AddSingleton<ObjectLookup>().AddSingleton<ObjectTypes>();
        builder.Services.AddSingleton<ConnectionTable>().AddSingleton<LocalPolicy>().AddSingleton<GrantKeyring>().AddSingleton<IssueUrls>().AddSingleton<LinkAnswers>();
        // Its forwarder writes whole URLs, signatures included, at lesser levels.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Services.AddHttpForwarder().AddSingleton<Forwarding>();
        builder.Services.AddSingleton(LinkPatience.Standard).AddSingleton<ControlPlaneLink>().AddHostedService(s => s.GetRequiredService<ControlPlaneLink>());
        more?.Invoke(builder);
        var app = builder.Build();
        var policy = app.Services.GetRequiredService<LocalPolicy>();
        app.Services.GetRequiredService<AgentMetrics>().ObserveCeilings(() => policy.Use);
        app.Services.GetRequiredService<AgentMetrics>().ObserveConnections(() => app.Services.GetRequiredService<ConnectionTable>().All.Select(c => (c.Options.Name, c.Provider.Breakers.Any(b => b.IsResting))));
        if (options.TrustedProxies.Count > 0) app.UseForwardedHeaders(Ingress(options));
        app.UseServiceDefaults(branch => branch.UseAgentCors(() => policy.Origins));
        app.UseAgentCors(() => policy.Origins);
        app.MapAgent();
        return app;
    }

    private static ForwardedHeadersOptions Ingress(AgentOptions options)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var range in options.TrustedProxies) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(range));
        return forwarded;
    }

    // The build starts the agent only to read its routes: an identity of the moment is enough.
    private static async Task<int> DescribeRoutesAsync()
    {
        var options = new AgentOptions { ControlPlane = new Uri("http://localhost:1"), PublicUrl = new Uri("http://localhost:2"), DataDirectory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) };
        using var identity = AgentIdentity.Create(options.DataDirectory, Guid.Empty, System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), "");
        await using var app = Build(options, identity, TimeProvider.System, b => b.Services.AddOpenApi());
        await app.RunAsync();
        Directory.Delete(options.DataDirectory, recursive: true);
        return 0;
    }

    private static async Task<int> WithOptionsAsync(string path, Func<AgentOptions, Task<int>> act)
    {
        var (options, mistakes) = AgentFile.Read(path);
        foreach (var mistake in mistakes) await Console.Error.WriteLineAsync(mistake);
        if (mistakes.Count > 0) return 2;
        try
        {
            return await act(options);
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("chmod", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
    }

    private static async Task<int> RunAsync(AgentOptions options, string path, CancellationToken ct)
    {
        if (!AgentIdentity.Exists(options.DataDirectory))
        {
            if (Environment.GetEnvironmentVariable(TokenVariable) is not { Length: > 0 } token)
            {
                await Console.Error.WriteLineAsync($"This replica is not enrolled: hybrid-agent enrol --token …, or set {TokenVariable}.");
                return 2;
            }

            if (await EnrolAsync(options, token, ct) is var code and not 0) return code;
        }

        try
        {
            await using var app = Build(options, AgentIdentity.Load(options.DataDirectory), TimeProvider.System, builder =>
            {
                builder.Services.AddSingleton(new AgentFilePath(path)).AddHostedService<ConfigurationReload>().AddHostedService<KeyRound>();
                Drain.Add(builder, options);
            });
            if (await app.OpenOperatorListenerAsync() is { } taken)
            {
                await Console.Error.WriteLineAsync(taken);
                return 2;
            }

            await app.RunAsync(ct);
            return 0;
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{options.Listen} is in use: end the other program, or set \"listen\" to another port.");
            return 2;
        }
    }

    private static async Task<int> EnrolAsync(AgentOptions options, string token, CancellationToken ct)
    {
        if (AgentIdentity.Exists(options.DataDirectory))
        {
            await Console.Error.WriteLineAsync($"{options.DataDirectory} holds an identity already: nothing was changed. Remove identity.json to enrol anew.");
            return 2;
        }

        using var http = ControlPlaneHttp.Client(options);
        if (await Enrol.RunAsync(options, token, http, TimeProvider.System, ct) is { } mistake)
        {
            await Console.Error.WriteLineAsync(mistake);
            return 1;
        }

        using var identity = AgentIdentity.Load(options.DataDirectory);
        Console.WriteLine($"Enrolled as agent {identity.AgentId}. The control plane's key: {Hybrid.Security.Keys.KeyFingerprint.Words(identity.Pinned)} (compare it with the administrator's page).");
        return 0;
    }

    private static async Task<int> RotateAsync(AgentOptions options, CancellationToken ct)
    {
        if (!AgentIdentity.Exists(options.DataDirectory))
        {
            await Console.Error.WriteLineAsync("This replica is not enrolled, so it has no key to change: hybrid-agent enrol --token …");
            return 2;
        }

        using var http = ControlPlaneHttp.Client(options);
        var (done, mistake) = await RotateKey.RunAsync(options, http, TimeProvider.System, ct);
        if (done is null) await Console.Error.WriteLineAsync(mistake);
        else Console.WriteLine($"New key {done.KeyId}. It signs from {done.SignFrom:O} on; the old one is accepted until {done.OldUntil:O}.");
        return done is null ? 1 : 0;
    }

    private static async Task<int> CheckAsync(AgentOptions options, CancellationToken ct)
    {
        using var http = ControlPlaneHttp.Client(options);
        var ok = true;
        await foreach (var line in AgentCheck.RunAsync(options, http, TimeProvider.System, ct))
        {
            Console.WriteLine($"{(line.Ok ? "✓" : "✗")} {line.What}: {line.Mend}");
            ok &= line.Ok;
        }

        return ok ? 0 : 1;
    }
}
