using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Passkeys: made, named, used alone, as a second factor and as a fresh proof; and every answer that must not count.</summary>
public abstract class PasskeyTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private string email = null!;
    private BrowserSession owner = null!;
    private SoftwareAuthenticator device = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Origin => host.Url.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        email = $"owner-{Guid.NewGuid():N}@example.org";
        await host.OrganizationAsync(email);
        owner = await host.SignInAsync(email);
        device = new SoftwareAuthenticator(Origin);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        device?.Dispose();
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Passkey_OnceAdded_SignsInAlone_WithTwoFactors()
    {
        using var other = await host.SignInAsync(email);
        var cookie = Cookie(owner);
        var added = await AddAsync(owner, device, "Phone");
        Assert.Equal(10, added.GetProperty("recoveryCodes").GetArrayLength());
        // More rights, another cookie; and where nobody gave the passkey, nobody is signed in any more.
        Assert.NotEqual(cookie, Cookie(owner));
        Assert.Equal(2, (await owner.GetAsync("/api/session")).GetProperty("mfaLevel").GetInt32());
        await other.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");

        using var browser = new BrowserSession(host);
        var view = await BrowserSession.OkAsync(await SignInAsync(browser, device));

        Assert.Equal((2, false, true), (view.GetProperty("mfaLevel").GetInt32(), view.GetProperty("awaitsFactor").GetBoolean(), view.GetProperty("locked").GetBoolean()));
        await browser.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Forbidden, "session.locked");
        await browser.ResumeAsync();
        await browser.GetAsync("/api/projects");
        var listed = Assert.Single((await browser.GetAsync("/api/profile")).GetProperty("passkeys").EnumerateArray());
        Assert.Equal("Phone", listed.GetProperty("name").GetString());
        Assert.Equal(host.Clock.GetUtcNow(), listed.GetProperty("lastUsedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        var acts = await host.AuditAsync();
        Assert.Contains(acts, e => e.Act == AuditActs.PasskeyAdded);
        Assert.Contains(acts, e => e.Act == AuditActs.SignedIn && e.Facts.Contains("\"passkey\":true", StringComparison.Ordinal));
        Assert.DoesNotContain(acts, e => e.Facts.Contains("Phone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PasswordAlone_IsNotEnough_OnceThereIsAPasskey_WhichIsTheSecondFactor()
    {
        var added = await AddAsync(owner, device);
        using var browser = new BrowserSession(host);
        var begun = await browser.BeginAsync(email, ControlPlaneHost.Password);
        Assert.True(begun.GetProperty("awaitsFactor").GetBoolean());
        Assert.True(begun.GetProperty("hasPasskey").GetBoolean());
        Assert.False(begun.GetProperty("hasAuthenticator").GetBoolean());
        await browser.UnlockAsync(browser.Key).IsProblemAsync(HttpStatusCode.Forbidden, "session.factor_needed");

        await BrowserSession.OkAsync(await ProveAsync(browser, device, "/api/session/factor"));

        await browser.ResumeAsync();
        await browser.GetAsync("/api/projects");

        // The device is lost: a recovery code does it.
        using var later = new BrowserSession(host);
        await later.BeginAsync(email, ControlPlaneHost.Password);
        await BrowserSession.OkAsync(await later.SendAsync(HttpMethod.Post, "/api/session/factor", new { code = added.GetProperty("recoveryCodes")[0].GetString() }));
    }

    [Fact]
    public async Task FreshProof_IsGivenByPasskey_AndThePasswordIsNoneAnyMore()
    {
        await AddAsync(owner, device);
        owner.ProvesItself = false;
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await owner.SendAsync(HttpMethod.Post, "/api/agents", new { name = "first" }).IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
        await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = ControlPlaneHost.Password }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.factor_refused");
        var cookie = Cookie(owner);

        await BrowserSession.OkAsync(await ProveAsync(owner, device, "/api/session/step-up"));

        Assert.NotEqual(cookie, Cookie(owner));
        await owner.PostAsync("/api/agents", new { name = "first" });
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.SessionSteppedUp);
    }

    [Fact]
    public async Task Replay_OfAnAnswer_LetsNobodyIn_WhoeverSendsIt()
    {
        await AddAsync(owner, device);
        foreach (var counts in new[] { true, false })
        {
            // Devices that do not count (most phones) have the challenge alone to tell a second time from the first.
            using var other = new SoftwareAuthenticator(Origin) { Counts = counts };
            await AddAsync(owner, other);
            using var browser = new BrowserSession(host);
            var body = await AnswerAsync(browser, other);
            await BrowserSession.OkAsync(await browser.SendAsync(HttpMethod.Post, "/api/session/passkey", body));

            await browser.SendAsync(HttpMethod.Post, "/api/session/passkey", body).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        }
    }

    [Fact]
    public async Task AnAnswer_InManyRequestsAtOnce_LetsOneIn()
    {
        device.Counts = false;
        await AddAsync(owner, device);
        using var browser = new BrowserSession(host);
        var body = await AnswerAsync(browser, device);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.SendAsync(HttpMethod.Post, "/api/session/passkey", body)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("port")]
    [InlineData("framed")]
    [InlineData("relying party")]
    [InlineData("not verified")]
    [InlineData("key")]
    [InlineData("handle")]
    [InlineData("late")]
    [InlineData("other browser")]
    [InlineData("changed question")]
    public async Task WrongAnswer_IsRefusedLikeAnyOther(string wrong)
    {
        await AddAsync(owner, device);
        using var browser = new BrowserSession(host);
        using var strangers = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = new SoftwareAuthenticator(Origin) { Key = strangers, CredentialId = device.CredentialId, UserHandle = device.UserHandle, Count = 9 };
        var asked = await AskAsync(browser);
        switch (wrong)
        {
            case "origin": device.Origin = "https://hybrid.example.net"; break;
            case "port": device.Origin = "http://localhost:1"; break;
            case "framed": device.CrossOrigin = true; break;
            case "relying party": device.RelyingParty = "example.net"; break;
            case "not verified": device.Verifies = false; break;
            case "handle": device.UserHandle = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(Guid.NewGuid().ToString())); break;
            case "late": host.Clock.Advance(PasskeyCeremonies.Life); break;
        }

        var credential = (wrong == "key" ? forged : device).Answer(asked.GetProperty("options"));
        var ceremony = asked.GetProperty("ceremony").GetString()!;
        if (wrong == "changed question") ceremony = ceremony[..^4] + (ceremony[^4] == 'A' ? "B" : "A") + ceremony[^3..];
        using var thief = new BrowserSession(host);
        var sender = wrong == "other browser" ? thief : browser;

        await sender.SendAsync(HttpMethod.Post, "/api/session/passkey", new { keyThumbprint = sender.Thumbprint, answer = new { ceremony, credential } })
            .IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");

        await sender.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Theory]
    [InlineData("""{"keyThumbprint":"x","answer":{"ceremony":"x","credential":{"id":"AA"}}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"keyThumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","answer":{"ceremony":"x","credential":"x"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"keyThumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","answer":null}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"keyThumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","answer":{"ceremony":"x","credential":{}}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"keyThumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","answer":{"ceremony":"x","credential":{"id":7}}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"keyThumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","answer":{"ceremony":"x","credential":{"id":"A","rawId":"é"}}}""", HttpStatusCode.Unauthorized)]
    public async Task Nonsense_IsRefused_AndNeverAFault(string body, HttpStatusCode status)
    {
        using var browser = new BrowserSession(host);
        Assert.Equal(status, (await browser.SendAsync(HttpMethod.Post, "/api/session/passkey", JsonElement.Parse(body))).StatusCode);
    }

    [Fact]
    public async Task NonsenseWithATrueQuestion_IsRefused_AndNeverAFault()
    {
        using var browser = new BrowserSession(host);
        foreach (var credential in new object[] { new { }, new { id = "AA" }, new { id = "AA", rawId = "AA", type = "password", response = new { } }, new { id = "AA", rawId = "AA", type = "public-key", clientExtensionResults = new { }, response = new { clientDataJSON = "e30", authenticatorData = "AA", signature = "AA", userHandle = "AA" } } })
        {
            var ceremony = (await AskAsync(browser)).GetProperty("ceremony").GetString();
            await browser.SendAsync(HttpMethod.Post, "/api/session/passkey", new { keyThumbprint = browser.Thumbprint, answer = new { ceremony, credential } }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
            var asked = await owner.PostAsync("/api/profile/passkeys/options");
            await owner.SendAsync(HttpMethod.Post, "/api/profile/passkeys", new { name = "Odd", answer = new { ceremony = asked.GetProperty("ceremony").GetString(), credential } }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "passkey.unfit");
        }
    }

    [Fact]
    public async Task Count_ThatGoesBack_IsRefused_AndInTheLog()
    {
        device.Count = 40;
        await AddAsync(owner, device);
        using var browser = new BrowserSession(host);
        await BrowserSession.OkAsync(await SignInAsync(browser, device));
        device.Count = 10; // A copy, made before.
        await SignInAsync(browser, device).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        device.Counts = false;
        await SignInAsync(browser, device).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        Assert.Equal(2, (await host.AuditAsync()).Count(e => e.Act == AuditActs.PasskeyCountedBack));

        await ProveAsync(owner, device, "/api/session/step-up").IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        Assert.Equal(3, (await host.AuditAsync()).Count(e => e.Act == AuditActs.PasskeyCountedBack));
    }

    [Fact]
    public async Task AnothersPasskey_IsNoProof_AndNobodysToRenameOrRemove()
    {
        await AddAsync(owner, device);
        var address = $"mia-{Guid.NewGuid():N}@example.org";
        owner.ProvesItself = false;
        await owner.PostAsync("/api/people", new { email = address, name = "Mia", role = "admin", password = ControlPlaneHost.Password });
        using var mia = await host.SignInAsync(address);
        using var hers = new SoftwareAuthenticator(Origin);
        var id = (await AddAsync(mia, hers)).GetProperty("id").GetGuid();

        await ProveAsync(mia, device, "/api/session/step-up").IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        using var browser = new BrowserSession(host);
        await browser.BeginAsync(address, ControlPlaneHost.Password);
        await ProveAsync(browser, device, "/api/session/factor").IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        // Another session's question, answered by the right person.
        var asked = await mia.PostAsync("/api/session/passkey/own-options");
        await browser.SendAsync(HttpMethod.Post, "/api/session/factor", new { passkey = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = hers.Answer(asked.GetProperty("options")) } }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        await owner.SendAsync(HttpMethod.Put, $"/api/profile/passkeys/{id}", new { name = "Mine" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await owner.SendAsync(HttpMethod.Delete, $"/api/profile/passkeys/{id}?confirmed=true").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        // A credential that one account has is no other's.
        await AddingAsync(owner, hers).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "passkey.unfit");
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("not verified")]
    [InlineData("late")]
    [InlineData("twice")]
    [InlineData("other session")]
    public async Task WrongNewPasskey_IsNotAdded(string wrong)
    {
        using var other = await host.SignInAsync(email);
        var asked = await owner.PostAsync("/api/profile/passkeys/options");
        switch (wrong)
        {
            case "origin": device.Origin = "https://hybrid.example.net"; break;
            case "relying party": device.RelyingParty = "example.net"; break;
            case "not verified": device.Verifies = false; break;
            case "late": host.Clock.Advance(PasskeyCeremonies.Life); break;
        }

        var body = new { name = "Phone", answer = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = device.Make(asked.GetProperty("options")) } };
        if (wrong == "twice") await owner.PostAsync("/api/profile/passkeys", body);
        await (wrong == "other session" ? other : owner).SendAsync(HttpMethod.Post, "/api/profile/passkeys", body).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "passkey.unfit");

        Assert.Equal(wrong == "twice" ? 1 : 0, (await owner.GetAsync("/api/profile")).GetProperty("passkeys").GetArrayLength());
    }

    [Fact]
    public async Task Passkey_IsRenamed_AndRemoved_TheLastOneOnlyWhenMeant()
    {
        var first = (await AddAsync(owner, device, "Phone")).GetProperty("id").GetGuid();
        using var second = new SoftwareAuthenticator(Origin);
        var added = await AddAsync(owner, second, "Key on the ring");
        Assert.Equal(0, added.GetProperty("recoveryCodes").GetArrayLength());
        owner.ProvesItself = false;
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, $"/api/profile/passkeys/{first}", new { name = " Old phone " }));
        await owner.SendAsync(HttpMethod.Put, $"/api/profile/passkeys/{first}", new { name = "" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["Old phone", "Key on the ring"], (await owner.GetAsync("/api/profile")).GetProperty("passkeys").EnumerateArray().Select(k => k.GetProperty("name").GetString()));

        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, $"/api/profile/passkeys/{first}"));
        using var browser = new BrowserSession(host);
        await SignInAsync(browser, device).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
        await ProveAsync(owner, device, "/api/session/step-up").IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");

        var last = added.GetProperty("id").GetGuid();
        await owner.SendAsync(HttpMethod.Delete, $"/api/profile/passkeys/{last}").IsProblemAsync(HttpStatusCode.Conflict, "passkey.last");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12, mfaFrom = "member" }));
        await owner.SendAsync(HttpMethod.Delete, $"/api/profile/passkeys/{last}?confirmed=true").IsProblemAsync(HttpStatusCode.Conflict, "passkey.required");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 60, absoluteHours = 12, mfaFrom = (string?)null }));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, $"/api/profile/passkeys/{last}?confirmed=true"));
        Assert.Equal(0, (await owner.GetAsync("/api/profile")).GetProperty("recoveryCodesLeft").GetInt32());
        Assert.Equal(2, (await host.AuditAsync()).Count(e => e.Act == AuditActs.PasskeyRemoved));
    }

    [Fact]
    public async Task RequiredFactor_IsAPasskeyToo()
    {
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/organization/security", new { idleMinutes = 480, absoluteHours = 24, mfaFrom = "member" }));
        await owner.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Forbidden, "session.mfa_required");
        await AddAsync(owner, device);
        await owner.GetAsync("/api/projects");
        Assert.False((await owner.GetAsync("/api/session")).GetProperty("mfaRequired").GetBoolean());
    }

    [Fact]
    public async Task WrongAnswers_MakeTheNextWait_AndUnknownOnesAnswerAlike()
    {
        await AddAsync(owner, device);
        using var unknown = new SoftwareAuthenticator(Origin) { UserHandle = device.UserHandle };
        using var strangers = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = new SoftwareAuthenticator(Origin) { Key = strangers, CredentialId = device.CredentialId, UserHandle = device.UserHandle, Count = 9 };
        foreach (var wrong in new[] { unknown, forged })
        {
            using var browser = new BrowserSession(host);
            for (var i = 0; i < SignInDelays.FreeTries; i++) await SignInAsync(browser, wrong).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");
            await SignInAsync(browser, wrong).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        }
    }

    [Fact]
    public async Task DeactivatedPerson_DoesNotComeIn_AndErasingForgetsThePasskeys()
    {
        var address = $"mia-{Guid.NewGuid():N}@example.org";
        var id = (await owner.PostAsync("/api/people", new { email = address, name = "Mia", role = "member", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid();
        using var mia = await host.SignInAsync(address);
        await AddAsync(mia, device);
        Assert.Contains("\"passkeys\":[{", (await mia.PostAsync("/api/me/export")).GetRawText(), StringComparison.Ordinal);
        await owner.PostAsync($"/api/people/{id}/deactivate");
        using var browser = new BrowserSession(host);
        await SignInAsync(browser, device).IsProblemAsync(HttpStatusCode.Unauthorized, "session.passkey_refused");

        await owner.PostAsync($"/api/people/{id}/erase", new { email = address });

        await using var db = host.Database.Open();
        Assert.False(await db.Passkeys.AnyAsync(Ct));
    }

    [Fact]
    public async Task AnsweredQuestions_AreForgottenOnceTheyAreVoid()
    {
        await AddAsync(owner, device);
        await using var db = host.Database.Open();
        Assert.Equal(1, await db.AnsweredChallenges.CountAsync(Ct));
        host.Clock.Advance(PasskeyCeremonies.Life + TimeSpan.FromSeconds(1));
        await host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AnsweredChallengeWorker>().Single().StepAsync(Ct);
        Assert.Equal(0, await db.AnsweredChallenges.CountAsync(Ct));
    }

    private static async Task<JsonElement> AddAsync(BrowserSession who, SoftwareAuthenticator device, string name = "A device") => await BrowserSession.OkAsync(await AddingAsync(who, device, name));

    private static async Task<HttpResponseMessage> AddingAsync(BrowserSession who, SoftwareAuthenticator device, string name = "A device")
    {
        var asked = await who.PostAsync("/api/profile/passkeys/options");
        return await who.SendAsync(HttpMethod.Post, "/api/profile/passkeys", new { name, answer = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = device.Make(asked.GetProperty("options")) } });
    }

    private static Task<JsonElement> AskAsync(BrowserSession browser) => browser.PostAsync("/api/session/passkey/options", new { keyThumbprint = browser.Thumbprint });

    private static async Task<object> AnswerAsync(BrowserSession browser, SoftwareAuthenticator device)
    {
        var asked = await AskAsync(browser);
        return new { keyThumbprint = browser.Thumbprint, answer = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = device.Answer(asked.GetProperty("options")) } };
    }

    private static async Task<HttpResponseMessage> SignInAsync(BrowserSession browser, SoftwareAuthenticator device) =>
        await browser.SendAsync(HttpMethod.Post, "/api/session/passkey", await AnswerAsync(browser, device));

    private static async Task<HttpResponseMessage> ProveAsync(BrowserSession browser, SoftwareAuthenticator device, string path)
    {
        var asked = await browser.PostAsync("/api/session/passkey/own-options");
        return await browser.SendAsync(HttpMethod.Post, path, new { passkey = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = device.Answer(asked.GetProperty("options")) } });
    }

    private string Cookie(BrowserSession browser) => browser.Cookies.GetCookies(host.Url).Single(c => c.Name.StartsWith("hybrid", StringComparison.Ordinal)).Value;
}

/// <summary>On SQLite.</summary>
public sealed class PasskeyOnSqliteTests() : PasskeyTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PasskeyOnPostgresTests() : PasskeyTests(DatabaseProvider.Postgres);
