using System.Security.Cryptography;
using Hybrid.Contracts.Urls;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Harness;

/// <summary>The real agent on a loopback port, enrolled with a control plane of which only the key exists.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    public const string Workspace = "https://hybrid.example";

    private readonly WebApplication app;
    private readonly ECDsa controlPlane;

    private RunningAgent(WebApplication app, AgentOptions options, AgentIdentity identity, ECDsa controlPlane, TimeProvider clock, KeptLog log) =>
        (this.app, Options, Identity, this.controlPlane, Clock, Log) = (app, options, identity, controlPlane, clock, log);

    public AgentOptions Options { get; }

    public AgentIdentity Identity { get; }

    public TimeProvider Clock { get; }

    public KeptLog Log { get; }

    public HttpClient Http { get; } = new();

    public IServiceProvider Services => app.Services;

    public string AccessLog => Path.Combine(Options.DataDirectory, "access-log");

    public static Task<RunningAgent> StartAsync(TimeProvider clock, params ConnectionOptions[] connections) => StartAsync(clock, _ => { }, connections);

    public static async Task<RunningAgent> StartAsync(TimeProvider clock, Action<AgentOptions> change, params ConnectionOptions[] connections)
    {
        var listen = $"http://127.0.0.1:{TestServers.FreePort()}";
        var options = new AgentOptions { ControlPlane = new Uri(Workspace), PublicUrl = new Uri(listen), Listen = listen, DataDirectory = Directory.CreateTempSubdirectory("hybrid-agent").FullName };
        foreach (var connection in connections) options.Connections.Add(connection);
        change(options);
        Assert.Empty(options.Mistakes());
        var controlPlane = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var identity = AgentIdentity.Create(options.DataDirectory, Guid.NewGuid(), ECDsa.Create(ECCurve.NamedCurves.nistP256), EcPublicJwk.Of(controlPlane).Thumbprint);
        var log = new KeptLog();
        var app = AgentHost.Build(options, identity, clock, b =>
        {
            b.Logging.ClearProviders().AddProvider(log);
            // The link has tests of its own; here nobody is at its other end.
            b.Services.Remove(b.Services.Single(s => s.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService) && s.ImplementationFactory is Func<IServiceProvider, ControlPlaneLink>));
        });
        Assert.True(app.Services.GetRequiredService<GrantKeyring>().Accept([KeyStatement.Sign(EcPublicJwk.Of(controlPlane), controlPlane, clock.GetUtcNow())]));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningAgent(app, options, identity, controlPlane, clock, log);
    }

    /// <summary>Asks for URLs as the service worker does, with a fresh grant for exactly these objects; the code when the whole request was refused.</summary>
    public Task<(IReadOnlyList<UrlAnswerObject> Objects, string? Code)> AskAsync(params ObjectReference[] objects) => AskAsAsync(new Asking(), objects);

    /// <summary>The same, as somebody.</summary>
    public Task<(IReadOnlyList<UrlAnswerObject> Objects, string? Code)> AskAsAsync(Asking asking, params ObjectReference[] objects) =>
        Browser.AskAsync(Http, Options.PublicUrl!, Identity.AgentId, kid => kid == Identity.KeyId ? Identity.PublicJwk : null, controlPlane, Workspace, Clock.GetUtcNow(), asking, objects);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Http.Dispose();
        controlPlane.Dispose();
        Identity.Dispose();
        Directory.Delete(Options.DataDirectory, recursive: true);
    }
}
