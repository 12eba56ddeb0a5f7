using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using OtpNet;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Authenticator, recovery codes, fresh proofs, passwords from breaches, and the ways in which sessions end.</summary>
public abstract class SecondFactorTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string NewPassword = "seven lemons under glass";
    private ControlPlaneHost host = null!;
    private string email = null!;
    private BrowserSession owner = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        email = $"owner-{Guid.NewGuid():N}@example.org";
        await host.OrganizationAsync(email);
        owner = await host.SignInAsync(email);
        owner.ProvesItself = false;
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12 }));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Authenticator_OnceConfirmed_IsWantedAtEachSignIn_AndEachCodeCountsOnce()
    {
        var (totp, codes) = await EnrolAsync();
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Equal(2, (await owner.GetAsync("/api/session")).GetProperty("mfaLevel").GetInt32());

        using var browser = new BrowserSession(host);
        Assert.True((await SignInAsync(browser)).GetProperty("awaitsFactor").GetBoolean());
        await browser.UnlockAsync(browser.Key).IsProblemAsync(HttpStatusCode.Forbidden, "session.factor_needed");
        await browser.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Forbidden, "session.locked");
        await GiveAsync(browser, "000000").IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = Now(totp);
        await BrowserSession.OkAsync(await GiveAsync(browser, code));
        await BrowserSession.OkAsync(await browser.UnlockAsync(browser.Key));
        await browser.GetAsync("/api/projects");

        // The same code again, in another browser: looked over a shoulder.
        using var thief = new BrowserSession(host);
        await SignInAsync(thief);
        await GiveAsync(thief, code).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        // Nor is one that is older than the last.
        host.Clock.Advance(TimeSpan.FromSeconds(-30));
        await GiveAsync(thief, Now(totp)).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.SessionFactorRefused);
        var seed = Base32Encoding.ToString(Seed!);
        Assert.DoesNotContain(await host.AuditAsync(), e => e.Facts.Contains(seed, StringComparison.Ordinal) || codes.Any(c => e.Facts.Contains(c, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OneCode_InTwoBrowsersAtOnce_LetsOneIn()
    {
        var (totp, _) = await EnrolAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var browsers = Enumerable.Range(0, 4).Select(_ => new BrowserSession(host)).ToList();
        foreach (var browser in browsers) await SignInAsync(browser);
        var code = Now(totp);

        var answers = await Task.WhenAll(browsers.Select(b => GiveAsync(b, code)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        foreach (var browser in browsers) browser.Dispose();
    }

    [Fact]
    public async Task WrongCodes_MakeTheNextWait()
    {
        var (totp, _) = await EnrolAsync();
        using var browser = new BrowserSession(host);
        await SignInAsync(browser);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < SignInDelays.FreeTries; i++) await GiveAsync(browser, $"00000{i}").IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        await GiveAsync(browser, Now(totp)).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
    }

    [Fact]
    public async Task RecoveryCode_LetsInOnce_AndNewOnesVoidTheOld()
    {
        var (_, codes) = await EnrolAsync();
        using var browser = new BrowserSession(host);
        await SignInAsync(browser);
        await BrowserSession.OkAsync(await GiveAsync(browser, codes[3].ToUpperInvariant()));
        using var again = new BrowserSession(host);
        await SignInAsync(again);
        await GiveAsync(again, codes[3]).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        Assert.Equal(9, (await owner.GetAsync("/api/profile")).GetProperty("recoveryCodesLeft").GetInt32());

        await owner.PostAsync("/api/profile/recovery-codes");

        await GiveAsync(again, codes[4]).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        Assert.Equal(10, (await owner.GetAsync("/api/profile")).GetProperty("recoveryCodesLeft").GetInt32());
    }

    [Fact]
    public async Task FreshProof_IsWantedForWhatMatters_AndLastsFiveMinutes()
    {
        await owner.PostAsync("/api/agents", new { name = "first" });
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await owner.SendAsync(HttpMethod.Post, "/api/agents", new { name = "second" }).IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
        await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = "not the password at all" }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        var cookie = Cookie(owner);
        await owner.PostAsync("/api/session/step-up", new { password = ControlPlaneHost.Password });
        Assert.NotEqual(cookie, Cookie(owner));
        await owner.PostAsync("/api/agents", new { name = "second" });

        // With an authenticator the password alone is no proof any more.
        var (totp, _) = await EnrolAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = ControlPlaneHost.Password }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        await owner.PostAsync("/api/session/step-up", new { code = Now(totp) });
        await owner.PostAsync("/api/agents", new { name = "third" });
    }

    [Fact]
    public async Task Requests_UnderWayWhileTheCookieChanges_AreNotSignedOut_AndGainNothing()
    {
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var before = Cookie(owner);
        await owner.PostAsync("/api/session/step-up", new { password = ControlPlaneHost.Password });
        using var late = new BrowserSession(host);
        late.Cookies.Add(host.Url, new Cookie(owner.Cookies.GetCookies(host.Url).Single(c => c.Value == Cookie(owner)).Name, before));
        late.ProvesItself = false;

        await late.GetAsync("/api/projects");
        // The proof was given for the new value.
        await late.SendAsync(HttpMethod.Post, "/api/agents", new { name = "late" }).IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        await late.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await owner.GetAsync("/api/projects");
    }

    [Fact]
    public async Task Cookie_FromBeforeTheFactor_IsWorthNothingAfterIt()
    {
        var (totp, _) = await EnrolAsync();
        using var browser = new BrowserSession(host);
        await SignInAsync(browser);
        var waiting = Cookie(browser);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await BrowserSession.OkAsync(await GiveAsync(browser, Now(totp)));
        await BrowserSession.OkAsync(await browser.UnlockAsync(browser.Key));
        using var thief = new BrowserSession(host);
        thief.Cookies.Add(host.Url, new Cookie(browser.Cookies.GetCookies(host.Url).Single(c => c.Value == Cookie(browser)).Name, waiting));

        await thief.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Fact]
    public async Task RequiredFactor_LeavesOnlyTheWayToOne()
    {
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12, mfaFrom = "member" }));
        await owner.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Forbidden, "session.mfa_required");
        Assert.True((await owner.GetAsync("/api/session")).GetProperty("mfaRequired").GetBoolean());
        var (_, _) = await EnrolAsync();
        await owner.GetAsync("/api/projects");
        await owner.SendAsync(HttpMethod.Delete, "/api/profile/authenticator").IsProblemAsync(HttpStatusCode.Conflict, "authenticator.required");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12, mfaFrom = (string?)null }));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, "/api/profile/authenticator"));
    }

    [Fact]
    public async Task RequiredFactor_OfAProject_IsWantedThereFromTheRoleUpwards()
    {
        var project = (await owner.PostAsync("/api/projects", new { name = "Guarded", connectionIds = Array.Empty<Guid>(), ontology = Town.Ontology })).GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, $"/api/projects/{project}/mfa", new { from = "reviewer" }));
        await owner.SendAsync(HttpMethod.Get, $"/api/projects/{project}").IsProblemAsync(HttpStatusCode.Forbidden, "session.mfa_required");
        await owner.GetAsync("/api/projects");
        await EnrolAsync();
        Assert.Equal("reviewer", (await owner.GetAsync($"/api/projects/{project}")).GetProperty("mfaFrom").GetString());
    }

    [Fact]
    public async Task Password_FromABreach_OrTooShort_IsNotTaken_AndANewOneEndsOtherSessions()
    {
        using var other = await host.SignInAsync(email);
        Task<HttpResponseMessage> Change(string current, string next) => owner.SendAsync(HttpMethod.Post, "/api/profile/password", new { current, @new = next });
        await Change(ControlPlaneHost.Password, "unbelievable").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.breached");
        await Change(ControlPlaneHost.Password, "UNBELIEVABLE").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.breached");
        await Change(ControlPlaneHost.Password, "short").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await Change("wrong password here", NewPassword).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.wrong");
        await owner.SendAsync(HttpMethod.Post, "/api/people", new { email = "new@example.org", name = "New", role = "member", password = "unbelievable" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.breached");
        Assert.Equal(2, (await owner.GetAsync("/api/profile")).GetProperty("sessions").GetArrayLength());

        await BrowserSession.OkAsync(await Change(ControlPlaneHost.Password, NewPassword));

        await other.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await owner.GetAsync("/api/projects");
    }

    [Fact]
    public async Task Session_WithoutAnybodyAtThePage_EndsAfterAnHour_WhateverThePageAsks()
    {
        for (var i = 0; i < 5; i++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(11));
            await owner.GetAsync("/api/projects");
        }

        await owner.PostAsync("/api/session/active");
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await owner.GetAsync("/api/projects");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await owner.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Fact]
    public async Task Session_EndsAfterItsHours_HoweverBusy()
    {
        using var busy = await host.SignInAsync(email);
        for (var hour = 0; hour < 13; hour++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(55));
            await BrowserSession.OkAsync(await busy.SendAsync(HttpMethod.Post, "/api/session/active"));
        }

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await busy.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Fact]
    public async Task Sessions_AreSeenAndEndedFromAfar_ByOneselfAndByAnAdmin()
    {
        using var other = await host.SignInAsync(email);
        var listed = (await owner.GetAsync("/api/profile")).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal([true], listed.Where(s => s.GetProperty("current").GetBoolean()).Select(s => s.GetProperty("id").GetGuid() == owner.SessionId));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, $"/api/profile/sessions/{other.SessionId}"));
        await other.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");

        var mia = (await owner.PostAsync("/api/people", new { email = $"mia-{Guid.NewGuid():N}@example.org", name = "Mia", role = "admin", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid();
        var people = (await owner.GetAsync("/api/people")).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("person").GetProperty("id").GetGuid() == mia);
        using var hers = await host.SignInAsync(people.GetProperty("email").GetString()!);
        // Another's session is nobody's to end by its id, and an admin does not rule over owners.
        await hers.SendAsync(HttpMethod.Delete, $"/api/profile/sessions/{owner.SessionId}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await hers.SendAsync(HttpMethod.Delete, $"/api/people/{owner.PersonId}/sessions").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, $"/api/people/{mia}/sessions"));
        await hers.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Theory]
    [InlineData("""{"idleMinutes":4,"absoluteHours":12}""")]
    [InlineData("""{"idleMinutes":481,"absoluteHours":12}""")]
    [InlineData("""{"idleMinutes":60,"absoluteHours":25}""")]
    [InlineData("""{"idleMinutes":60,"absoluteHours":0}""")]
    public async Task Settings_OutsideTheirBounds_AreRefused(string body) =>
        await owner.SendAsync(HttpMethod.Put, "/api/organization/security", JsonElement.Parse(body)).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

    private byte[]? Seed { get; set; }

    private async Task<(Totp Totp, IReadOnlyList<string> RecoveryCodes)> EnrolAsync()
    {
        var begun = await owner.PostAsync("/api/profile/authenticator");
        Assert.StartsWith("<svg", begun.GetProperty("qrSvg").GetString(), StringComparison.Ordinal);
        Seed = Base32Encoding.ToBytes(begun.GetProperty("seed").GetString());
        var totp = new Totp(Seed);
        var right = Now(totp);
        await owner.SendAsync(HttpMethod.Post, "/api/profile/authenticator/confirm", new { code = right == "123456" ? "123457" : "123456" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "authenticator.wrong_code");
        var confirmed = await owner.PostAsync("/api/profile/authenticator/confirm", new { code = right });
        return (totp, [.. confirmed.GetProperty("recoveryCodes").EnumerateArray().Select(c => c.GetString()!)]);
    }

    private string Now(Totp totp) => totp.ComputeTotp(host.Clock.GetUtcNow().UtcDateTime);

    private async Task<JsonElement> SignInAsync(BrowserSession browser) => await browser.BeginAsync(email, ControlPlaneHost.Password);

    private static Task<HttpResponseMessage> GiveAsync(BrowserSession browser, string code) => browser.SendAsync(HttpMethod.Post, "/api/session/factor", new { code });

    private string Cookie(BrowserSession browser) => browser.Cookies.GetCookies(host.Url).Single(c => c.Name.StartsWith("hybrid", StringComparison.Ordinal)).Value;
}

/// <summary>On SQLite.</summary>
public sealed class SecondFactorOnSqliteTests() : SecondFactorTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class SecondFactorOnPostgresTests() : SecondFactorTests(DatabaseProvider.Postgres);
