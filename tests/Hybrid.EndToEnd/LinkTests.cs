using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Hybrid.Contracts.Grants;
using Hybrid.ControlPlane.Features.Agents;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Enrolment;
using Hybrid.StorageAgent.Identity;
using Hybrid.StorageAgent.Link;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.EndToEnd;

/// <summary>The agent's one outgoing connection: through a proxy, by an authority of the customer's own, without web sockets, to any replica.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-link").FullName;
    private readonly List<IAsyncDisposable> parts = [];

    private string Pictures => Path.Combine(folder, "pictures");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Pictures);
        await File.WriteAllBytesAsync(Path.Combine(Pictures, "0.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_BehindAProxyAndAnAuthorityOfItsOwn_IsReachedByTheRelay(bool withoutWebSockets)
    {
        var (ca, certificate) = Certificates();
        var proxy = Keep(HttpProxy.Start("agent", "pass:wörd"));
        var transports = new List<string>();
        var host = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, "https", builder =>
        {
            builder.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(o => o.ServerCertificate = certificate));
            builder.Services.AddSingleton<IStartupFilter>(new Gateway(withoutWebSockets, transports));
        }));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var credentials = Path.Combine(folder, "credentials");
        await File.WriteAllTextAsync(credentials, "agent:pass:wörd\n", TestContext.Current.CancellationToken);

        var agent = Keep(await RealAgent.StartAsync(host, owner, Folder(), o =>
        {
            (o.ControlPlaneCaFile, o.Proxy, o.ProxyCredentialsFile) = (ca, proxy.Url, credentials);
        }));

        Assert.True(proxy.Tunnels > 0);
        Assert.Contains(withoutWebSockets ? "text/event-stream" : "websocket", transports);
        var (project, grant) = await GrantAsync(owner);
        var asked = await agent.AskByRelayAsync(host, owner, $"/api/projects/{project}/agents/{agent.Identity.AgentId}/urls", grant);
        Assert.True(asked.Open().Value.Objects.Single().Url is { Length: > 0 });
    }

    [Fact]
    public async Task Agent_ThatDoesNotTrustTheCertificate_DoesNotEnrol()
    {
        var (_, certificate) = Certificates();
        var (otherCa, _) = Certificates();
        var host = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Sqlite, "https", b => b.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(o => o.ServerCertificate = certificate))));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var id = (await owner.PostAsync("/api/agents", new { name = "Wary" })).GetProperty("id").GetGuid();
        var token = (await owner.PostAsync($"/api/agents/{id}/tokens")).GetProperty("token").GetString()!;
        var options = new AgentOptions { ControlPlane = host.Url, ControlPlaneCaFile = otherCa, DataDirectory = Path.Combine(folder, "wary") };
        using var http = ControlPlaneHttp.Client(options);

        var refused = await Enrol.RunAsync(options, token, http, host.Clock, TestContext.Current.CancellationToken);

        Assert.Contains("controlPlaneCaFile", refused, StringComparison.Ordinal);
        Assert.False(AgentIdentity.Exists(options.DataDirectory));
    }

    [Fact]
    public async Task Agent_LinkedToOneReplica_IsReachedThroughTheOther_AndLeavesAllWhenRevoked()
    {
        var redis = Environment.GetEnvironmentVariable("HYBRID_TEST_REDIS");
        if (string.IsNullOrEmpty(redis)) Assert.Skip("No Redis: run infra/test.sh.");
        var first = Keep(await ControlPlaneHost.StartAsync(DatabaseProvider.Postgres, $"--Redis={redis}"));
        var second = Keep(await first.StartReplicaAsync($"--Redis={redis}"));
        await first.OrganizationAsync("owner@example.org");
        using var owner = await first.SignInAsync("owner@example.org");
        using var elsewhere = new BrowserSession(second.Url, second.Clock, owner.Cookies);
        var agent = Keep(await RealAgent.StartAsync(first, owner, Folder()));
        var path = $"/api/agents/{agent.Identity.AgentId}";

        // 1. The replica without the link sees it, asks over it, and relays over it.
        Assert.True((await elsewhere.GetAsync(path)).GetProperty("online").GetBoolean());
        var connection = (await elsewhere.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        Assert.True((await elsewhere.PostAsync($"/api/connections/{connection}/probe")).GetProperty("ok").GetBoolean());
        var (project, grant) = await GrantAsync(owner);
        var asked = await agent.AskByRelayAsync(second, owner, $"{second.Url}api/projects/{project}/agents/{agent.Identity.AgentId}/urls", grant);
        Assert.True(asked.Open().Value.Objects.Single().Url is { Length: > 0 });

        // 2. Revoked through the replica without the link, it loses the link that the other one holds.
        await elsewhere.PostAsync($"{path}/revoke");
        first.Clock.Advance(LinkKeeper.Round);
        await Wait.UntilAsync(async () => !(await owner.GetAsync(path)).GetProperty("online").GetBoolean());
    }

    private static async Task<(Guid Project, GrantAnswer Grant)> GrantAsync(BrowserSession owner)
    {
        var connectionId = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var project = (await owner.PostAsync("/api/projects", new { name = "Link", connectionIds = new[] { connectionId } })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0].GetProperty("state").GetString() == "done");
        var task = (await owner.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        var grant = await BrowserSession.OkAsync(await owner.GrantAsync($"/api/projects/{project}/tasks/{task}/grant"));
        return (project, JsonSerializer.Deserialize<GrantAnswer>(grant, JsonSerializerOptions.Web)!);
    }

    private ConnectionOptions Folder() => new() { Name = "folder", Provider = "file", Folder = Pictures };

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    /// <summary>An authority in a PEM file, and a certificate by it for localhost.</summary>
    private (string CaFile, X509Certificate2 Server) Certificates()
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Hospital authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(ca, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, ca.ExportCertificatePem());
        return (file, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));
    }

    /// <summary>What stands in front of a control plane: some of them let no web socket through.</summary>
    private sealed class Gateway(bool withoutWebSockets, List<string> transports) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, go) =>
            {
                // HTTP/2 opens web sockets by an extended CONNECT (RFC 8441), HTTP/1.1 by an upgrade.
                var socket = context.Request.Headers.Upgrade == "websocket" || HttpMethods.IsConnect(context.Request.Method);
                if (context.Request.Query.ContainsKey("id"))
                {
                    lock (transports) transports.Add(socket ? "websocket" : context.Request.Headers.Accept.ToString());
                }

                if (socket && withoutWebSockets) context.Response.StatusCode = StatusCodes.Status403Forbidden;
                else await go();
            });
            next(app);
        };
    }
}
