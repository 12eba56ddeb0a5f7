using System.Net;
using System.Web;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Single sign-on against a real provider, and against one that lies, on each database.</summary>
public abstract partial class SingleSignOnTests(DatabaseProvider database) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private CrookedProvider crooked = null!;
    private string realIssuer = null!;
    private Guid organization;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        realIssuer = TestServers.Address("HYBRID_TEST_OIDC", "No OpenID provider: run infra/test.sh, or infra/servers/oidc-up.sh and set HYBRID_TEST_OIDC.");
        var id = Guid.NewGuid();
        crooked = await CrookedProvider.StartAsync();
        host = await ControlPlaneHost.StartAsync(database, "--SingleSignOn:AllowedHosts:0=localhost", $"--SingleSignOn:ProvenDomains:foreign.test={id}");
        organization = await host.OrganizationAsync("owner@clinic.test");
        host.Services.GetRequiredService<Infrastructure.Hosting.ControlPlaneOptions>().SingleSignOn.ProvenDomains = new Dictionary<string, Guid> { ["hospital.test"] = organization, ["foreign.test"] = id };
        owner = await host.SignInAsync("owner@clinic.test");
        await owner.SendAsync(HttpMethod.Put, "/api/organization/sso/domains/hospital.test").ContinueWith(t => BrowserSession.OkAsync(t.Result)).Unwrap();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        owner?.Dispose();
        if (crooked is not null) await crooked.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task APersonOfAProvenDomain_SignsInAndGetsWhatTheGroupsGive_AndACodeServesOnce()
    {
        var project = (await owner.PostAsync("/api/projects", new { name = "Boats" }, "project-key-1")).GetProperty("id").GetGuid();
        await ConfigureRealAsync(mapping: [new { group = "g-admins", organizationRole = "admin" }, new { group = "g-boats", projectId = project, projectRole = "reviewer" }]);
        using var ada = new BrowserSession(host);

        var callback = await ThroughProviderAsync(ada, "ada@hospital.test", "ada", "/projects");
        using var landed = await ada.Http.GetAsync(callback, Ct);
        Assert.Equal("/projects", landed.Headers.Location?.ToString());
        var view = await ada.GetAsync("/api/session");
        Assert.True(view.GetProperty("locked").GetBoolean());
        Assert.Equal("Ada Admin", view.GetProperty("person").GetProperty("name").GetString());
        Assert.Equal("admin", view.GetProperty("organization").GetProperty("role").GetString());
        await ada.ResumeAsync();
        Assert.Single((await ada.GetAsync("/api/projects")).GetProperty("items").EnumerateArray());

        // The same answer again, in the same browser and in another one.
        using var again = await ada.Http.GetAsync(callback, Ct);
        Assert.Equal("/sign-in?sso-error=sso.state_mismatch", again.Headers.Location?.ToString());
        using var thief = new BrowserSession(host);
        using var stolen = await thief.Http.GetAsync(callback, Ct);
        Assert.Equal("/sign-in?sso-error=sso.state_mismatch", stolen.Headers.Location?.ToString());
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.MemberAdded && e.ProjectId == project);
    }

    [Fact]
    public async Task Discovery_AnswersAlikeForUnknownPeople_AndNotForUnprovenDomains()
    {
        await ConfigureRealAsync();
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/sso/domains/foreign.test"));
        using var nobody = new BrowserSession(host);
        async Task<string> Ask(string email) => await (await nobody.SendAsync(HttpMethod.Post, "/api/session/discover", new { email })).Content.ReadAsStringAsync();

        Assert.Equal(await Ask("ada@hospital.test"), await Ask("never-seen@HOSPITAL.test"));
        Assert.Contains("Clinic", await Ask("ada@hospital.test"), StringComparison.Ordinal);
        Assert.Equal("{\"provider\":null}", await Ask("x@foreign.test"));
        Assert.Equal(await Ask("owner@clinic.test"), await Ask("nobody@clinic.test"));
    }

    [Fact]
    public async Task AnUnprovenDomain_OrAnAddressThatIsTaken_GivesNoSession_UntilThePersonLinksItself()
    {
        await ConfigureRealAsync();
        await owner.PostAsync("/api/people", new { email = "ada@hospital.test", name = "Ada", role = "member", password = ControlPlaneHost.Password });
        using var eve = new BrowserSession(host);
        Assert.Equal("/sign-in?sso-error=sso.not_admitted", await LandAsync(eve, "eve@hospital.test", "eve"));
        using var ada = new BrowserSession(host);
        Assert.Equal("/sign-in?sso-error=sso.account_exists", await LandAsync(ada, "ada@hospital.test", "ada"));
        await ada.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");

        using var proven = await host.SignInAsync("ada@hospital.test");
        var url = (await proven.PostAsync("/api/session/sso/link")).GetProperty("url").GetString()!;
        using var linked = await proven.Http.GetAsync(await FollowAsync(url, "ada"), Ct);
        Assert.Equal("/", linked.Headers.Location?.ToString());
        using var later = new BrowserSession(host);
        Assert.Equal("/", await LandAsync(later, "ada@hospital.test", "ada"));
        Assert.Equal(proven.PersonId, (await later.GetAsync("/api/session")).GetProperty("person").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Linking_AsksForAFreshSignIn()
    {
        await ConfigureRealAsync();
        owner.ProvesItself = false;
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await owner.SendAsync(HttpMethod.Post, "/api/session/sso/link").IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
    }

    [Fact]
    public async Task EnforcedSingleSignOn_RefusesPasswords_ButNotOfBreakGlassOwners()
    {
        await owner.PostAsync("/api/people", new { email = "ben@clinic.test", name = "Ben", role = "admin", password = ControlPlaneHost.Password });
        await SendConfigurationAsync(crooked.Issuer, "hybrid", "s", enforced: true).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "sso.break_glass");
        await BrowserSession.OkAsync(await SendConfigurationAsync(crooked.Issuer, "hybrid", "s", enforced: true, breakGlass: [owner.PersonId]));
        using var ben = new BrowserSession(host);

        await ben.SendAsync(HttpMethod.Post, "/api/session", new { email = "ben@clinic.test", password = ControlPlaneHost.Password, keyThumbprint = ben.Thumbprint }).IsProblemAsync(HttpStatusCode.Forbidden, "sso.required");
        await ben.SendAsync(HttpMethod.Post, "/api/session", new { email = "ben@clinic.test", password = "not the password", keyThumbprint = ben.Thumbprint }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        using var spare = await host.SignInAsync("owner@clinic.test");
    }

    [Theory]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("https://evil.test/")]
    [InlineData("evil")]
    [InlineData("/a\r\nb")]
    public async Task ReturnAddresses_StayInTheWorkspace(string returnTo)
    {
        var id = await ConfigureCrookedAsync();
        using var ada = new BrowserSession(host);
        await ada.SendAsync(HttpMethod.Post, "/api/session/sso", new { providerId = id, keyThumbprint = ada.Thumbprint, returnTo }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task TokensThatLie_GiveNoSession()
    {
        var id = await ConfigureCrookedAsync();
        var other = await CrookedProvider.StartAsync();
        await using var _ = other;
        (string Name, Func<string, string> Token, bool Works)[] cases =
        [
            ("honest", n => crooked.Sign(Ada(n)), true),
            ("another sign-in's nonce", _ => crooked.Sign(Ada("another")), false),
            ("no nonce", _ => crooked.Sign(Ada(null)), false),
            ("another audience", n => crooked.Sign(Ada(n), audience: "other-client"), false),
            ("another issuer", n => crooked.Sign(Ada(n), issuer: "https://login.evil.test"), false),
            ("another key", n => other.Sign(Ada(n), issuer: crooked.Issuer), false),
            ("public key as shared secret", n => crooked.Sign(Ada(n), with: crooked.Confused()), false),
            ("no signature", n => string.Concat("eyJhbGciOiJub25lIn0.", crooked.Sign(Ada(n)).Split('.')[1], "."), false),
        ];
        foreach (var (name, token, works) in cases)
        {
            using var ada = new BrowserSession(host);
            var begun = await ada.PostAsync("/api/session/sso", new { providerId = id, keyThumbprint = ada.Thumbprint, returnTo = "/" });
            var query = HttpUtility.ParseQueryString(new Uri(begun.GetProperty("url").GetString()!).Query);
            crooked.Tokens[name] = token(query["nonce"]!);
            using var landed = await ada.Http.GetAsync($"/api/session/sso/callback?code={Uri.EscapeDataString(name)}&state={query["state"]}", Ct);
            Assert.Equal((name, works ? "/" : "/sign-in?sso-error=sso.refused"), (name, landed.Headers.Location?.ToString()));
        }
    }

    [Fact]
    public async Task GroupsOfTheClaim_FillTeams_AndWhoLeavesOneLosesLeases()
    {
        var (boats, ships) = (await TeamAsync("Boats"), await TeamAsync("Ships"));
        await using var agent = await FakeAgent.EnrolAsync(host, owner, 4);
        var connection = (await owner.GetAsync("/api/agents")).GetProperty("items")[0].GetProperty("connections")[0].GetProperty("id").GetGuid();
        var project = (await owner.PostAsync("/api/projects", new { name = "Boats", connectionIds = new[] { connection }, ontology = Town.Ontology })).GetProperty("id").GetGuid();
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection });
        await Wait.UntilAsync(async () => (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0].GetProperty("state").GetString() == "done");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, $"/api/projects/{project}/teams/{boats}", new { role = "labeler" }));
        await SendConfigurationAsync(crooked.Issuer, "hybrid", "top-secret", mapping: [new { group = "g", teamId = boats, organizationRole = "admin" }]).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendConfigurationAsync(crooked.Issuer, "hybrid", "top-secret", mapping: [new { group = "g", teamId = Guid.NewGuid() }]).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "sso.team_unknown");
        await BrowserSession.OkAsync(await SendConfigurationAsync(crooked.Issuer, "hybrid", "top-secret", mapping: [new { group = "g-boats", teamId = boats }, new { group = "g-ships", teamId = ships }]));
        var id = (await owner.GetAsync("/api/organization/sso")).GetProperty("provider").GetProperty("id").GetGuid();

        using var ada = await SignInCrookedAsync(id, "s1", ["g-boats"]);
        await ada.ResumeAsync();
        Assert.Equal((1, 0), await InsideAsync(boats, ships));
        await owner.SendAsync(HttpMethod.Put, $"/api/teams/{boats}/people/{owner.PersonId}").IsProblemAsync(HttpStatusCode.Conflict, "team.synchronized");
        var task = (await ada.PostAsync($"/api/projects/{project}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();

        // Without the claim nothing is known, and nothing taken.
        using var unsaid = await SignInCrookedAsync(id, "s2");
        Assert.Equal((1, 0), await InsideAsync(boats, ships));
        using var moved = await SignInCrookedAsync(id, "s3", ["g-ships", "g-unknown"]);
        Assert.Equal((0, 1), await InsideAsync(boats, ships));
        await ada.SendAsync(HttpMethod.Get, $"/api/projects/{project}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await using var db = host.Database.Open();
        Assert.Null((await db.Tasks.IgnoreQueryFilters().AsNoTracking().SingleAsync(t => t.Id == task, Ct)).HolderId);
        var acts = (await host.AuditAsync()).Where(e => e.Actor == ActorKind.System && e.Subjects.Contains(ada.PersonId.ToString(), StringComparison.Ordinal)).Select(e => e.Act).ToList();
        Assert.Equal((2, 1), (acts.Count(a => a == AuditActs.TeamMemberAdded), acts.Count(a => a == AuditActs.TeamMemberRemoved)));

        // A team that no rule names any more is the admins' again, as it is.
        await BrowserSession.OkAsync(await SendConfigurationAsync(crooked.Issuer, "hybrid", "top-secret"));
        Assert.Equal((0, 1), await InsideAsync(boats, ships));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, $"/api/teams/{boats}/people/{owner.PersonId}"));
    }

    [Fact]
    public async Task WhomTheDirectoryBrought_IsLinkedByTheProvidersOwnId_AndNeverByAnAddress()
    {
        var id = await ConfigureCrookedAsync();
        using var directory = await DirectoryClient.OfAsync(host, owner);
        var person = await directory.AddAsync("ada@hospital.test", "other-id");
        using (var refused = await BeginCrookedAsync(id, "d1", Ada)) Assert.Equal("/sign-in?sso-error=sso.account_exists", refused.Landed);

        await directory.PatchAsync($"/Users/{person}", new { op = "replace", path = "externalId", value = "ada" });
        using var ada = await SignInCrookedAsync(id, "d2");
        Assert.Equal(person, (await ada.GetAsync("/api/session")).GetProperty("person").GetProperty("id").GetGuid());

        // Somebody with a sign-in of their own is not taken over by an id that the directory writes.
        await owner.PostAsync("/api/people", new { email = "bea@clinic.test", name = "Bea", role = "admin", password = ControlPlaneHost.Password });
        var bea = (await directory.FindAsync("/Users", "userName eq \"bea@clinic.test\"")).Single();
        await directory.PatchAsync($"/Users/{bea}", new { op = "replace", path = "externalId", value = "bea-sub" });
        using var thief = await BeginCrookedAsync(id, "d3", n => { var claims = Ada(n); claims["sub"] = "bea-sub"; claims["email"] = "bea@clinic.test"; return claims; });
        Assert.Equal("/sign-in?sso-error=sso.not_admitted", thief.Landed);
    }

    [Fact]
    public async Task SigningOut_EndsTheProvidersSessionToo_AndComesBackByItsState()
    {
        await ConfigureRealAsync();
        using var ada = new BrowserSession(host);
        var cookies = new CookieContainer();
        using var landed = await ada.Http.GetAsync(await ThroughProviderAsync(ada, "ada@hospital.test", "ada", "/", cookies), Ct);
        await ada.ResumeAsync();
        await using (var db = host.Database.Open())
        {
            var kept = (await db.Sessions.IgnoreQueryFilters().AsNoTracking().SingleAsync(s => s.Id == ada.SessionId, Ct)).ProtectedIdToken!;
            Assert.DoesNotContain("eyJ", System.Text.Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        }

        // The provider knows the browser: it asks for nobody's name again.
        Assert.False(await AsksWhoAsync(ada, cookies));
        var url = (await BrowserSession.OkAsync(await ada.SendAsync(HttpMethod.Delete, "/api/session"))).GetProperty("url").GetString()!;
        await ada.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        var query = HttpUtility.ParseQueryString(new Uri(url).Query);
        Assert.StartsWith(realIssuer, url, StringComparison.Ordinal);
        Assert.Equal(new Uri(host.Url, "/api/session/sso/signed-out").ToString(), query["post_logout_redirect_uri"]);
        Assert.StartsWith("eyJ", query["id_token_hint"], StringComparison.Ordinal);

        var back = await SignOutAtProviderAsync(url, cookies);
        Assert.Equal(query["state"], HttpUtility.ParseQueryString(new Uri(host.Url, back).Query)["state"]);
        using (var strange = await ada.Http.GetAsync("/api/session/sso/signed-out?state=another", Ct)) Assert.Equal("/sign-in?sso-error=sso.state_mismatch", strange.Headers.Location?.ToString());
        // The state served once, even where it was the wrong one.
        using (var spent = await ada.Http.GetAsync(back, Ct)) Assert.Equal("/sign-in?sso-error=sso.state_mismatch", spent.Headers.Location?.ToString());
        Assert.True(await AsksWhoAsync(ada, cookies));

        // Signed in once more, the whole way ends at the sign-in page.
        using var again = await ada.Http.GetAsync(await ThroughProviderAsync(ada, "ada@hospital.test", "ada", "/", cookies), Ct);
        url = (await BrowserSession.OkAsync(await ada.SendAsync(HttpMethod.Delete, "/api/session"))).GetProperty("url").GetString()!;
        using var done = await ada.Http.GetAsync(await SignOutAtProviderAsync(url, cookies), Ct);
        Assert.Equal("/sign-in", done.Headers.Location?.ToString());
    }

    [Fact]
    public async Task SigningOut_OfAPasswordsSession_OrOfAProviderWithoutSuchAnEnd_GoesNowhere()
    {
        var id = await ConfigureCrookedAsync();
        using var ada = await SignInCrookedAsync(id, "o1");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await BrowserSession.OkAsync(await ada.SendAsync(HttpMethod.Delete, "/api/session"))).GetProperty("url").ValueKind);
        using var spare = await host.SignInAsync("owner@clinic.test");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await BrowserSession.OkAsync(await spare.SendAsync(HttpMethod.Delete, "/api/session"))).GetProperty("url").ValueKind);
    }

    [Fact]
    public async Task BackChannelLogout_EndsTheSession_OnceForEachToken()
    {
        var id = await ConfigureCrookedAsync();
        using var ada = await SignInCrookedAsync(id, "sid-1");
        using var other = await SignInCrookedAsync(id, "sid-2");
        Dictionary<string, object> Logout(string jti) => new() { ["sub"] = "ada", ["sid"] = "sid-1", ["jti"] = jti, ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() } };
        Task<HttpResponseMessage> Announce(string token) => new HttpClient { BaseAddress = host.Url }.PostAsync($"/sso/backchannel-logout/{id}", new FormUrlEncodedContent([new("logout_token", token)]), Ct);

        var withNonce = Logout("j0");
        withNonce["nonce"] = "n";
        foreach (var bad in new[] { crooked.Sign(withNonce), crooked.Sign(Logout("j0"), audience: "other"), crooked.Sign(Logout("j0"), issuer: "https://evil.test"), crooked.Sign(Ada("n")), "x", "" })
            await Announce(bad).IsProblemAsync(HttpStatusCode.BadRequest, "sso.logout_token_invalid");
        await ada.GetAsync("/api/session");

        var token = crooked.Sign(Logout("j1"));
        Assert.Equal(HttpStatusCode.OK, (await Announce(token)).StatusCode);
        await ada.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await other.GetAsync("/api/session");
        await Announce(token).IsProblemAsync(HttpStatusCode.BadRequest, "sso.logout_token_invalid");
    }

    [Fact]
    public async Task TheSecret_IsNeverShown_NorSentToAnotherIssuer_AndPrivateHostsAreNotAsked()
    {
        await ConfigureCrookedAsync();
        Assert.DoesNotContain("top-secret", (await owner.GetAsync("/api/organization/sso")).GetRawText(), StringComparison.Ordinal);
        await SendConfigurationAsync(realIssuer, "hybrid", null).IsProblemAsync(HttpStatusCode.BadRequest, "sso.secret_missing");
        foreach (var issuer in new[] { "https://127.0.0.1:1", "https://169.254.169.254", "https://[::1]", "http://example.com", "https://10.0.0.1" })
            await SendConfigurationAsync(issuer, "hybrid", "s").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "sso.provider_failed");
        await using var db = host.Database.Open();
        var row = await db.IdentityProviders.IgnoreQueryFilters().SingleAsync(Ct);
        Assert.DoesNotContain("top-secret", System.Text.Encoding.Latin1.GetString(row.ProtectedSecret), StringComparison.Ordinal);
    }
}

public sealed class SingleSignOnOnSqliteTests() : SingleSignOnTests(DatabaseProvider.Sqlite);

public sealed class SingleSignOnOnPostgresTests() : SingleSignOnTests(DatabaseProvider.Postgres);
