using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.EndToEnd.Product;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Link;
using Hybrid.StorageAgent.Tests.Harness;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd;

/// <summary>What befalls the agent's one outgoing connection: what is logged once, and what heals by itself.</summary>
public sealed class LinkFaultTests : IAsyncLifetime
{
    private const int Linked = 3001;
    private const int Away = 3002;
    private const int Back = 3003;

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-link").FullName;
    private readonly List<IAsyncDisposable> parts = [];
    private readonly KeptLog log = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task HalfOpenLink_IsNoticedBySilence_AndMadeAnew_WithOneLine()
    {
        var road = Keep(RecordingProxy.Start());
        var origin = new Uri($"http://localhost:{road.Port}");
        // The control plane is heard as often as its host looks for silent connections, once a second.
        var host = Keep(await ControlPlaneHost.StartAsync(
            DatabaseProvider.Sqlite, "http", b => b.Services.Configure<HubOptions>(o => o.KeepAliveInterval = TimeSpan.FromMilliseconds(100)), $"--PublicUrl={origin}"));
        road.Target = host.Url.Port;
        await host.OrganizationAsync("owner@example.org");
        using var owner = new BrowserSession(origin, host.Clock);
        await owner.SignInAsync("owner@example.org", ControlPlaneHost.Password);
        var agent = Keep(await RealAgent.StartAsync(host, owner, Folder(), o => o.ControlPlane = origin, Logged(new LinkPatience(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)))));
        var connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();

        road.FallSilent("GET " + Hybrid.Contracts.Link.LinkMethods.Path);
        await Wait.UntilAsync(() => Task.FromResult(log.Of(Back).Count > 0));

        Assert.Single(log.Of(Linked));
        Assert.Contains("is down (nothing was heard of it for 4 seconds); URLs already granted go on working", Assert.Single(log.Of(Away)), StringComparison.Ordinal);
        Assert.Single(log.Of(Back));
        // The control plane, which waits longer, still believes in the old link; it asks over the new one.
        var asked = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.True((await owner.PostAsync($"/api/connections/{connection}/probe")).GetProperty("ok").GetBoolean());
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.True((await owner.GetAsync($"/api/agents/{agent.Identity.AgentId}")).GetProperty("online").GetBoolean());
    }

    [Fact]
    public async Task Certificate_OfTheControlPlane_ThatLapsed_IsSaidOnceWithItsMend_AndTheRenewedOneIsTaken()
    {
        var (ca, good, lapsed) = Certificates();
        var (served, handshakes) = (good, 0);
        var host = Keep(await ControlPlaneHost.StartAsync(
            DatabaseProvider.Sqlite, "https", b => b.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(o => o.ServerCertificateSelector = (_, _) =>
            {
                Interlocked.Increment(ref handshakes);
                return served;
            }))));
        await host.OrganizationAsync("owner@example.org");
        using var owner = await host.SignInAsync("owner@example.org");
        var agent = Keep(await RealAgent.StartAsync(host, owner, Folder(), o => o.ControlPlaneCaFile = ca, Logged(LinkPatience.Standard)));

        served = lapsed;
        agent.Services.GetRequiredService<ControlPlaneLink>().Renew();
        await Wait.UntilAsync(() => Task.FromResult(log.Of(Away).Count > 0));
        // Two more tries at least, by which time a second line would stand there.
        var tries = handshakes;
        await Wait.UntilAsync(() => Task.FromResult(handshakes >= tries + 3));
        var line = Assert.Single(log.Of(Away));
        Assert.Contains("shows a certificate that has lapsed or is not valid yet: its operator renews it; if it is right, this machine's clock is not", line, StringComparison.Ordinal);

        served = good;
        await Wait.UntilAsync(() => Task.FromResult(log.Of(Back).Count > 0));
        Assert.Single(log.Of(Away));
    }

    /// <summary>An authority in a PEM file, and two certificates by it for localhost, of which one has lapsed.</summary>
    private (string CaFile, X509Certificate2 Good, X509Certificate2 Lapsed) Certificates()
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Hospital authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(2));
        var file = Path.Combine(folder, "ca.pem");
        File.WriteAllText(file, ca.ExportCertificatePem());
        return (file, Issue(ca, DateTimeOffset.UtcNow.AddDays(1)), Issue(ca, DateTimeOffset.UtcNow.AddHours(-1)));
    }

    private static X509Certificate2 Issue(X509Certificate2 ca, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(ca, DateTimeOffset.UtcNow.AddDays(-2), until, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private Action<WebApplicationBuilder> Logged(LinkPatience patience) => b =>
    {
        b.Logging.AddProvider(log);
        b.Services.AddSingleton(patience);
    };

    private ConnectionOptions Folder() => new() { Name = "folder", Provider = "file", Folder = folder };

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }
}
