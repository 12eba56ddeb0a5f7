using System.Security.Cryptography;
using Hybrid.Contracts.Enrolment;
using Hybrid.Security.Keys;
using Hybrid.StorageAgent.Configuration;
using Hybrid.StorageAgent.Grants;
using Hybrid.StorageAgent.Identity;
using Hybrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hybrid.StorageAgent.Tests.Grants;

public sealed class GrantKeyringTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-keyring").FullName;
    private readonly List<ECDsa> keys = [.. Enumerable.Range(0, 5).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
    private readonly TestClock clock = new();
    private readonly HttpClient http = new();
    private WebApplication server = null!;
    private GrantKeyring keyring = null!;
    private IReadOnlyList<string> served = [];
    private string? body;
    private int asked;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.MapGet("/agent/v1/keys", () =>
        {
            Interlocked.Increment(ref asked);
            return body is null ? Microsoft.AspNetCore.Http.Results.Ok(new KeyStatements(served)) : Microsoft.AspNetCore.Http.Results.Text(body, "application/json");
        });
        await server.StartAsync();
        var identity = AgentIdentity.Create(folder, Guid.NewGuid(), ECDsa.Create(ECCurve.NamedCurves.nistP256), Id(1));
        keyring = new GrantKeyring(identity, new AgentOptions { ControlPlane = new Uri(server.Urls.Single()) }, http, clock);
    }

    public async ValueTask DisposeAsync()
    {
        keyring.Dispose();
        await server.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Accept_AfterSeveralRotationsMissed_TrustsEveryLaterKeyAndNoEarlierOne()
    {
        Assert.True(keyring.Accept(Chain(5)));

        Assert.Equal([false, true, true, true, true], Enumerable.Range(0, 5).Select(i => keyring.Find(Id(i)) is not null));
    }

    [Fact]
    public void Accept_WhenTheChainIsForeignOrBroken_KeepsTheOldKeys()
    {
        keyring.Accept(Chain(3));
        using var intruder = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.False(keyring.Accept([KeyStatement.Sign(EcPublicJwk.Of(intruder), intruder, Now)]));
        Assert.False(keyring.Accept([]));
        Assert.False(keyring.Accept(["nonsense", "a.b.c"]));
        Assert.NotNull(keyring.Find(Id(2)));
        Assert.Null(keyring.Find(EcPublicJwk.Of(intruder).Thumbprint));
    }

    [Fact]
    public void Accept_WhenALinkIsMissing_TrustsOnlyWhatTheChainReaches()
    {
        var chain = Chain(5);

        Assert.True(keyring.Accept([chain[0], chain[1], chain[2], chain[4]]));

        Assert.NotNull(keyring.Find(Id(2)));
        Assert.Null(keyring.Find(Id(4)));
    }

    [Fact]
    public async Task Refresh_FetchesNewerKeys_AtMostOnceInFiveSeconds()
    {
        served = Chain(2);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => keyring.RefreshAsync(Ct)));
        served = Chain(4);
        await keyring.RefreshAsync(Ct);
        Assert.Equal((1, false), (asked, keyring.Find(Id(3)) is not null));

        clock.Advance(TimeSpan.FromSeconds(5));
        await keyring.RefreshAsync(Ct);

        Assert.Equal((2, true), (asked, keyring.Find(Id(3)) is not null));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task Refresh_WhenTheAnswerIsNoChain_KeepsTheOldKeys(string nonsense)
    {
        keyring.Accept(Chain(2));
        body = nonsense;

        await keyring.RefreshAsync(Ct);

        Assert.NotNull(keyring.Find(Id(1)));
    }

    [Fact]
    public async Task Refresh_WhenTheControlPlaneIsAway_KeepsTheOldKeys()
    {
        keyring.Accept(Chain(2));
        await server.StopAsync(Ct);

        await keyring.RefreshAsync(Ct);

        Assert.NotNull(keyring.Find(Id(1)));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Id(int i) => EcPublicJwk.Of(keys[i]).Thumbprint;

    private List<string> Chain(int length) => [.. keys.Take(length).Select((k, i) => KeyStatement.Sign(EcPublicJwk.Of(k), i == 0 ? k : keys[i - 1], Now))];
}
