using System.Reflection;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Architecture.Routes;

/// <summary>Every route of the running control plane: who may call it, who may not, and what it leaves in the log.</summary>
[Collection("the running host")] // One after the other: they read the log that the other writes.
public sealed class RouteTests(TownFixture fixture)
{
    private static readonly HashSet<string> AuditCodes = [.. typeof(AuditActs).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    private readonly ControlPlaneHost host = fixture.Host;
    private readonly Town town = fixture.Town;
    private readonly IReadOnlyList<Route> routes = fixture.Routes;

    [Fact]
    public async Task EveryRoute_HasAnAuthorizationRule_AndWithoutOneNobodyComesIn()
    {
        Assert.True(routes.Count >= 40, $"Only {routes.Count} routes were found.");
        Assert.Empty(routes.Select(RouteTable.FaultOfRule).OfType<string>());
        var fallback = await host.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        Assert.NotNull(fallback);
        var owner = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new("unlocked", "1")], "test"));
        Assert.False((await host.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(owner, null, fallback)).Succeeded);
    }

    [Fact]
    public void EveryRouteThatMayChangeSomething_HasAnAuditAct() =>
        Assert.Empty(routes.Select(r => RouteTable.FaultOfEffect(r, AuditCodes)).OfType<string>());

    [Fact]
    public void EveryRouteWithAnAct_HasItsRowForThePersonWhoMayNot()
    {
        var rows = Rows(Guid.NewGuid()).ToList();

        var bare = routes.Where(r => r.Rule?.Request is not null).Where(r => rows.Count(row => r.Matches(row.Method, row.Path)) != 1).ToList();
        Assert.True(bare.Count == 0, $"Add a row to ForeignRoutes or OrganizationRoutes for: {string.Join(", ", bare)}");
        Assert.All(rows, row => Assert.Single(routes, r => r.Matches(row.Method, row.Path)));
    }

    [Fact]
    public async Task RoutesWithoutACommand_WriteTheirActs()
    {
        var before = (await host.AuditAsync()).Select(e => e.Id).ToHashSet();
        using var browser = await host.SignInAsync(await EmailOfAsync(town.Ana));
        await BrowserSession.OkAsync(await browser.SendAsync(HttpMethod.Delete, "/api/session"));

        Assert.Equal([AuditActs.SignedIn, AuditActs.SignedOut, AuditActs.SessionUnlocked], (await host.AuditAsync()).Where(e => !before.Contains(e.Id)).Select(e => e.Act).Order(StringComparer.Ordinal));
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.AgentEnrolled);
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.AgentConnectionsChanged);
    }

    [Fact]
    public void Rules_FindWhatIsWrong()
    {
        var app = WebApplication.CreateBuilder().Build();
        app.MapPost("/none", () => 1);
        app.MapPost("/open", () => 1).WithMetadata(new RouteRule(null, "")).AllowAnonymous();
        app.MapPost("/session", () => 1).WithMetadata(new RouteRule(typeof(RouteTests), null));
        app.MapPost("/act", () => 1).Sends<string>();
        app.MapPost("/unbound", () => 1).WithMetadata(new RouteRule(null, "because"));
        app.MapPost("/unknown", () => 1).OpenToAll("because").Audits("no.such_act");
        app.MapGet("/fine", () => 1).OpenToAll("because");
        IEnumerable<Route> bad = ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>().Select(e => new Route(e));

        Assert.Equal(5, bad.Select(RouteTable.FaultOfRule).OfType<string>().Count());
        Assert.Equal(6, bad.Select(r => RouteTable.FaultOfEffect(r, AuditCodes)).OfType<string>().Count());
    }

    private IEnumerable<(HttpMethod Method, string Path, object? Body)> Rows(Guid task) => ForeignRoutes.Of(town.Project, task).Concat(OrganizationRoutes.All);

    private static async Task<string> EmailOfAsync(BrowserSession who) => (await who.GetAsync("/api/session")).GetProperty("email").GetString()!;
}
