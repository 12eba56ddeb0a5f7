using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Hybrid.ControlPlane.Infrastructure.Identity;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Pauses after wrong tries: they grow to a bound, hold on every replica and for accounts that do not exist, and never keep an owner from their own device.</summary>
public abstract class SignInDelayTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Wrong = "not the password at all";
    private ControlPlaneHost host = null!;
    private string email = null!;
    private BrowserSession owner = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider, "--TrustedProxies:0=127.0.0.0/8", "--TrustedProxies:1=::1");
        email = $"owner-{Guid.NewGuid():N}@example.org";
        await host.OrganizationAsync(email);
        owner = await host.SignInAsync(email);
        owner.ProvesItself = false;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Pauses_GrowToABound_AndAnswerTheSameForAccountsThatDoNotExist()
    {
        using var stranger = new BrowserSession(host);
        var unknown = $"nobody-{Guid.NewGuid():N}@example.org";
        var pauses = new List<int>();
        for (var i = 1; i <= 18; i++)
        {
            await TryAsync(stranger, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
            await TryAsync(stranger, unknown).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
            if (i < SignInDelays.FreeTries) continue;
            using var known = await TryAsync(stranger, email);
            using var none = await TryAsync(stranger, unknown);
            Assert.Equal((HttpStatusCode.TooManyRequests, await known.BareAsync(), Retry(known)), (none.StatusCode, await none.BareAsync(), Retry(none)));
            pauses.Add(Retry(known));
            host.Clock.Advance(TimeSpan.FromSeconds(Retry(known)));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900], pauses);
        // The right password waits like a wrong one, and then lets in and is forgiven.
        await TryAsync(stranger, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await TryAsync(stranger, email, ControlPlaneHost.Password).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        host.Clock.Advance(SignInDelays.Longest);
        await stranger.SignInAsync(email, ControlPlaneHost.Password);
        using var another = new BrowserSession(host);
        for (var i = 1; i < SignInDelays.FreeTries; i++) await TryAsync(another, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await another.SignInAsync(email, ControlPlaneHost.Password);
    }

    [Fact]
    public async Task KnownDevice_IsNeverHeldUpByStrangers()
    {
        using var stranger = new BrowserSession(host);
        await HoldUpAsync(stranger);

        // The owner's browser, signed out; and the same browser without its cookie.
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, "/api/session"));
        using var elsewhere = new BrowserSession(host);
        await TryAsync(elsewhere, email, ControlPlaneHost.Password).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        await owner.SignInAsync(email, ControlPlaneHost.Password);

        // A cookie of one's own making, and the one of another account, are none.
        using var forger = new BrowserSession(host);
        forger.Cookies.Add(host.Url, new Cookie("known-device", SessionStore.NewToken()));
        await TryAsync(forger, email).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        var (other, _) = await PersonAsync();
        using var known = new BrowserSession(host);
        await known.SignInAsync(other, ControlPlaneHost.Password);
        await TryAsync(known, email).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");

        // A known device has its own count: whoever stole it cannot guess without end either.
        for (var i = 0; i < SignInDelays.FreeTries; i++) await TryAsync(owner, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await TryAsync(owner, email).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        await using var db = host.Database.Open();
        Assert.All(await db.KnownDevices.ToListAsync(Ct), d => Assert.Equal(32, d.TokenHash.Length));
    }

    [Fact]
    public async Task DeviceCookie_ComesWithAFullSignInAlone_AndIsForScriptsUnreadable()
    {
        using var browser = new BrowserSession(host);
        await browser.BeginAsync(email, ControlPlaneHost.Password);
        Assert.DoesNotContain(browser.Cookies.GetCookies(host.Url), c => c.Name == "known-device");
        var unlocked = await browser.UnlockAsync(browser.Key);
        var cookie = Assert.Single(unlocked.Headers.GetValues("Set-Cookie"), c => c.StartsWith("known-device=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        // The same browser keeps its value.
        await browser.BeginAsync(email, ControlPlaneHost.Password);
        Assert.DoesNotContain((await browser.UnlockAsync(browser.Key)).Headers.GetValues("Set-Cookie"), c => c.StartsWith("known-device=", StringComparison.Ordinal));
        await using var db = host.Database.Open();
        Assert.Equal(2, await db.KnownDevices.CountAsync(Ct));
    }

    [Fact]
    public async Task Replicas_CountTogether_AndManyAtOnceGainNothing()
    {
        await using var replica = await host.StartReplicaAsync();
        var strangers = Enumerable.Range(0, 40).Select(i => new BrowserSession(i % 2 == 0 ? host.Url : replica.Url, host.Clock)).ToList();

        var answers = await Task.WhenAll(strangers.Select(s => TryAsync(s, email)));

        Assert.Equal(SignInDelays.FreeTries, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(40 - SignInDelays.FreeTries, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Fact]
    public async Task BruteForceOfCodes_GetsAHundredADay_AndTheOwnerComesIn()
    {
        var totp = await EnrolAsync();
        using var thief = new BrowserSession(host);
        await thief.BeginAsync(email, ControlPlaneHost.Password);
        var (tries, until) = (0, host.Clock.GetUtcNow().AddDays(1));
        while (host.Clock.GetUtcNow() < until)
        {
            using var answer = await GiveAsync(thief, WrongCode(totp, tries));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) host.Clock.Advance(TimeSpan.FromSeconds(Retry(answer)));
            else if ((await answer.BareAsync()).Contains("session.none", StringComparison.Ordinal)) await thief.BeginAsync(email, ControlPlaneHost.Password);
            else tries++;
            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.InRange(tries, 50, 115);
        // A right code must wait as well, or guessing would pay; but not in the owner's own browser.
        await thief.BeginAsync(email, ControlPlaneHost.Password);
        await GiveAsync(thief, WrongCode(totp, 0));
        await GiveAsync(thief, Now(totp)).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        await owner.BeginAsync(email, ControlPlaneHost.Password);
        await BrowserSession.OkAsync(await GiveAsync(owner, Now(totp)));
    }

    [Fact]
    public async Task NetworkAddress_IsCountedOverAllAccounts()
    {
        using var clinic = new BrowserSession(host);
        clinic.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        for (var i = 0; i < SignInDelays.FreeTriesOfAddress; i++) await TryAsync(clinic, $"guess-{i}@example.org").IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await TryAsync(clinic, email, ControlPlaneHost.Password).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");

        using var elsewhere = new BrowserSession(host);
        elsewhere.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.8");
        await elsewhere.SignInAsync(email, ControlPlaneHost.Password);
        // The owner's own browser behind the same address.
        owner.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        await owner.SignInAsync(email, ControlPlaneHost.Password);

        // One subscriber's IPv6 addresses are one; and right tries give back what they took.
        using var six = new BrowserSession(host);
        for (var i = 0; i < SignInDelays.FreeTriesOfAddress; i++)
        {
            six.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            six.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"2001:db8:1:2::{i:x}");
            await TryAsync(six, $"six-{i}@example.org").IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        }

        await TryAsync(six, email).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        using var office = new BrowserSession(host);
        for (var i = 0; i < SignInDelays.FreeTriesOfAddress + 5; i++)
        {
            using var colleague = new BrowserSession(host);
            colleague.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
            await BrowserSession.OkAsync(await TryAsync(colleague, email, ControlPlaneHost.Password));
        }
    }

    [Fact]
    public async Task AskingForMailsToManyAddresses_IsHeldUp()
    {
        using var flood = new BrowserSession(host);
        flood.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.10");
        for (var i = 0; i < SignInDelays.FreeTriesOfAddress; i++) await BrowserSession.OkAsync(await flood.SendAsync(HttpMethod.Post, "/api/mail-links/password-reset", new { email = $"any-{i}@example.org" }));
        await flood.SendAsync(HttpMethod.Post, "/api/mail-links/password-reset", new { email }).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
    }

    [Fact]
    public async Task PasswordAtAnOpenBrowser_CannotBeGuessed()
    {
        for (var i = 0; i < SignInDelays.FreeTries; i++) await owner.SendAsync(HttpMethod.Post, "/api/profile/password", new { current = Wrong, @new = "seven lemons under glass" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.wrong");
        await owner.SendAsync(HttpMethod.Post, "/api/profile/password", new { current = ControlPlaneHost.Password, @new = "seven lemons under glass" }).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        for (var i = 0; i < SignInDelays.FreeTries; i++) await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = Wrong }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = ControlPlaneHost.Password }).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Post, "/api/session/step-up", new { password = ControlPlaneHost.Password }));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Post, "/api/profile/password", new { current = ControlPlaneHost.Password, @new = "seven lemons under glass" }));
    }

    [Fact]
    public async Task Counts_AreForgottenAfterADay()
    {
        using var stranger = new BrowserSession(host);
        await HoldUpAsync(stranger);
        host.Clock.Advance(SignInDelays.Forgotten + TimeSpan.FromSeconds(1));
        for (var i = 0; i < SignInDelays.FreeTries; i++) await TryAsync(stranger, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task HoldUpAsync(BrowserSession stranger)
    {
        for (var i = 0; i < SignInDelays.FreeTries; i++) await TryAsync(stranger, email).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        await TryAsync(stranger, email).IsProblemAsync(HttpStatusCode.TooManyRequests, "session.too_many_tries");
    }

    private async Task<(string Email, Guid Id)> PersonAsync()
    {
        var other = $"other-{Guid.NewGuid():N}@example.org";
        return (other, (await owner.PostAsync("/api/people", new { email = other, name = "Other", role = "member", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid());
    }

    private async Task<Totp> EnrolAsync()
    {
        var totp = new Totp(Base32Encoding.ToBytes((await owner.PostAsync("/api/profile/authenticator")).GetProperty("seed").GetString()));
        await owner.PostAsync("/api/profile/authenticator/confirm", new { code = Now(totp) });
        return totp;
    }

    private string WrongCode(Totp totp, int number)
    {
        var at = host.Clock.GetUtcNow().UtcDateTime;
        var right = new[] { -30, 0, 30 }.Select(s => totp.ComputeTotp(at.AddSeconds(s))).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(number, 4).Select(n => n.ToString("D6", CultureInfo.InvariantCulture)).First(c => !right.Contains(c));
    }

    private string Now(Totp totp) => totp.ComputeTotp(host.Clock.GetUtcNow().UtcDateTime);

    private static Task<HttpResponseMessage> GiveAsync(BrowserSession browser, string code) => browser.SendAsync(HttpMethod.Post, "/api/session/factor", new { code });

    private static Task<HttpResponseMessage> TryAsync(BrowserSession browser, string email, string password = Wrong) =>
        browser.Http.PostAsJsonAsync("/api/session", new { email, password, keyThumbprint = browser.Thumbprint });

    private static int Retry(HttpResponseMessage answer) => (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
}

/// <summary>On SQLite.</summary>
public sealed class SignInDelayOnSqliteTests() : SignInDelayTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class SignInDelayOnPostgresTests() : SignInDelayTests(DatabaseProvider.Postgres);
