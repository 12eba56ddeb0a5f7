using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Mail;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>An account in a second organization: invited by mail, joined by the account's own proof, gone to and back; neither organization learns of the other.</summary>
public abstract partial class SecondOrganizationTests(DatabaseProvider provider) : IAsyncLifetime
{
    private readonly string unique = Guid.NewGuid().ToString("N")[..8];
    private MailServer mail = null!;
    private ControlPlaneHost host = null!;
    private BrowserSession first = null!;
    private BrowserSession second = null!;
    private BrowserSession nina = null!;
    private Guid firstOrganization;
    private Guid secondOrganization;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Email => $"nina-{unique}@example.org";

    public async ValueTask InitializeAsync()
    {
        mail = MailServer.Start();
        host = await ControlPlaneHost.StartAsync(provider, mail.Settings);
        firstOrganization = await host.OrganizationAsync($"first-{unique}@example.org");
        secondOrganization = await host.OrganizationAsync($"second-{unique}@example.org");
        first = await host.SignInAsync($"first-{unique}@example.org");
        second = await host.SignInAsync($"second-{unique}@example.org");
        await first.PostAsync("/api/people", new { email = Email, name = "Nina Secret", role = "member", password = ControlPlaneHost.Password });
        nina = await host.SignInAsync(Email);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var browser in new[] { first, second, nina }) browser?.Dispose();
        if (host is not null) await host.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }

    [Fact]
    public async Task Invitation_OfAnAccount_IsAcceptedByItsOwnSessionAlone()
    {
        var token = await InviteAsync();
        using var mailbox = new BrowserSession(host);
        var view = await BrowserSession.OkAsync(await mailbox.Http.PostAsJsonAsync("/api/mail-links/view", new { token }, Ct));
        Assert.True(view.GetProperty("hasAccount").GetBoolean());
        Assert.DoesNotContain("Secret", view.GetRawText(), StringComparison.Ordinal);

        // Who has the mail alone has nothing: neither a new password, nor a place.
        await mailbox.SendAsync(HttpMethod.Post, "/api/mail-links/accept", new { token, name = "Thief", password = "seven lemons under glass" }).IsProblemAsync(HttpStatusCode.Conflict, "link.account_exists");
        await mailbox.SendAsync(HttpMethod.Post, "/api/mail-links/join", new { token }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await first.SendAsync(HttpMethod.Post, "/api/mail-links/join", new { token }).IsProblemAsync(HttpStatusCode.Conflict, "link.other_person");
        nina.ProvesItself = false;
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await nina.SendAsync(HttpMethod.Post, "/api/mail-links/join", new { token }).IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
        await nina.PostAsync("/api/session/step-up", new { password = ControlPlaneHost.Password });

        var joined = await nina.PostAsync("/api/mail-links/join", new { token });

        Assert.Equal(secondOrganization, joined.GetProperty("organizationId").GetGuid());
        await nina.SendAsync(HttpMethod.Post, "/api/mail-links/join", new { token }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        Assert.Equal(2, (await nina.GetAsync("/api/session")).GetProperty("organizations").GetArrayLength());
        // The password is the one from before.
        using var again = await host.SignInAsync(Email);
        await using var db = host.Database.Open();
        Assert.Contains(await db.AuditEntries.IgnoreQueryFilters().Where(e => e.OrganizationId == secondOrganization).ToListAsync(Ct), e => e.Act == AuditActs.InvitationAccepted);
        Assert.DoesNotContain(await db.AuditEntries.IgnoreQueryFilters().Where(e => e.OrganizationId == firstOrganization).ToListAsync(Ct), e => e.Act == AuditActs.InvitationAccepted);
    }

    [Fact]
    public async Task InvitedAccount_IsNobodyThere_AndItsNameIsNotTold_BeforeItJoins()
    {
        var id = (await InviteAsync(), await PersonInSecondAsync()).Item2;
        Assert.Equal([firstOrganization], (await nina.GetAsync("/api/session")).GetProperty("organizations").EnumerateArray().Select(o => o.GetProperty("id").GetGuid()));
        await GoAsync(nina, secondOrganization).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        foreach (var path in new[] { "/api/people", "/api/people?search=secret", $"/api/people?search={unique}", $"/api/people/{id}" })
            Assert.DoesNotContain("Secret", (await second.GetAsync(path)).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", (await second.PostAsync($"/api/people/{id}/export")).GetRawText(), StringComparison.Ordinal);

        // Shut out where they are at home, they do not come in where they were only invited.
        await first.PostAsync($"/api/people/{nina.PersonId}/deactivate");
        using var browser = new BrowserSession(host);
        await browser.Http.PostAsJsonAsync("/api/session", new { email = Email, password = ControlPlaneHost.Password, keyThumbprint = browser.Thumbprint }, Ct).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        // Nor by taking the invitation back and letting them in "again".
        await BrowserSession.OkAsync(await second.SendAsync(HttpMethod.Delete, $"/api/people/{id}/invitation"));
        await second.PostAsync($"/api/people/{id}/reactivate");
        Assert.Equal("invited", (await second.GetAsync($"/api/people/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task AccountWithoutAPassword_IsNotTakenOverByTheMail()
    {
        // Who only ever came by single sign-on.
        await using (var db = host.Database.Open())
            await db.Users.Where(p => p.Id == nina.PersonId).ExecuteUpdateAsync(p => p.SetProperty(x => x.PasswordHash, (string?)null), Ct);
        var token = await InviteAsync();
        using var mailbox = new BrowserSession(host);
        await mailbox.SendAsync(HttpMethod.Post, "/api/mail-links/accept", new { token, name = "Thief", password = "seven lemons under glass" }).IsProblemAsync(HttpStatusCode.Conflict, "link.account_exists");
    }

    [Fact]
    public async Task Going_EndsTheSession_AndBeginsALockedOneThere_ThatLivesNoLonger()
    {
        await JoinAsync();
        var project = (await first.PostAsync("/api/projects", new { name = "Only first", connectionIds = Array.Empty<Guid>(), ontology = Town.Ontology })).GetProperty("id").GetGuid();
        await first.PostAsync($"/api/projects/{project}/members", new { personId = nina.PersonId, role = "labeler" });
        await nina.GetAsync($"/api/projects/{project}");
        var before = (await nina.GetAsync("/api/session"));
        var cookie = Cookie(nina);
        host.Clock.Advance(TimeSpan.FromHours(1));

        var there = await BrowserSession.OkAsync(await GoAsync(nina, secondOrganization));

        Assert.NotEqual(cookie, Cookie(nina));
        Assert.NotEqual(before.GetProperty("sessionId").GetGuid(), there.GetProperty("sessionId").GetGuid());
        Assert.Equal(secondOrganization, there.GetProperty("organization").GetProperty("id").GetGuid());
        Assert.True(there.GetProperty("locked").GetBoolean());
        Assert.Equal(before.GetProperty("expiresAt").GetDateTimeOffset(), there.GetProperty("expiresAt").GetDateTimeOffset());
        await nina.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Forbidden, "session.locked");
        await nina.ResumeAsync();
        // Nothing of the other organization is here.
        Assert.Equal(0, (await nina.GetAsync("/api/projects")).GetProperty("items").GetArrayLength());
        await nina.SendAsync(HttpMethod.Get, $"/api/projects/{project}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        // An hour is no fresh proof, here or there.
        nina.ProvesItself = false;
        await nina.SendAsync(HttpMethod.Post, "/api/profile/authenticator").IsProblemAsync(HttpStatusCode.Forbidden, "session.step_up");
        // The cookie from before is nobody's, and neither log names the other organization.
        using var late = new BrowserSession(host);
        late.Cookies.Add(host.Url, new Cookie(nina.Cookies.GetCookies(host.Url).Single(c => c.Value == Cookie(nina)).Name, cookie));
        await late.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await using var db = host.Database.Open();
        foreach (var (own, other) in new[] { (firstOrganization, secondOrganization), (secondOrganization, firstOrganization) })
            Assert.DoesNotContain(await db.AuditEntries.IgnoreQueryFilters().Where(e => e.OrganizationId == own).ToListAsync(Ct), e => (e.Facts + e.Subjects).Contains(other.ToString(), StringComparison.Ordinal));

        // And back.
        await BrowserSession.OkAsync(await GoAsync(nina, firstOrganization));
        await nina.ResumeAsync();
        await nina.GetAsync($"/api/projects/{project}");
    }

    [Fact]
    public async Task Going_LeadsNowhereElse()
    {
        await JoinAsync();
        await GoAsync(nina, Guid.NewGuid()).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await GoAsync(first, secondOrganization).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        using var locked = new BrowserSession(host);
        await locked.BeginAsync(Email, ControlPlaneHost.Password);
        await GoAsync(locked, secondOrganization).IsProblemAsync(HttpStatusCode.Forbidden, "session.locked");
        // Deactivated there: it does not exist any more.
        await second.PostAsync($"/api/people/{nina.PersonId}/deactivate");
        await GoAsync(nina, secondOrganization).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Single((await nina.GetAsync("/api/session")).GetProperty("organizations").EnumerateArray());
    }

    [Fact]
    public async Task EnforcedSingleSignOn_IsNotPassedBy_AndDoesNotShutOutOfTheOther()
    {
        await JoinAsync();
        await EnforceAsync(second, secondOrganization);
        await GoAsync(nina, secondOrganization).IsProblemAsync(HttpStatusCode.Forbidden, "sso.required");
        await nina.GetAsync("/api/projects");

        await EnforceAsync(first, firstOrganization);
        using var browser = new BrowserSession(host);
        await browser.Http.PostAsJsonAsync("/api/session", new { email = Email, password = ControlPlaneHost.Password, keyThumbprint = browser.Thumbprint }, Ct).IsProblemAsync(HttpStatusCode.Forbidden, "sso.required");
        await using (var db = host.Database.Open())
            await db.IdentityProviders.IgnoreQueryFilters().Where(p => p.OrganizationId == secondOrganization).ExecuteDeleteAsync(Ct);
        // The first asks for its provider: the second lets in.
        Assert.Equal(secondOrganization, (await browser.BeginAsync(Email, ControlPlaneHost.Password)).GetProperty("organization").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task SessionOfAProvider_OpensNoOtherOrganization()
    {
        await JoinAsync();
        await using (var db = host.Database.Open())
            await db.Sessions.IgnoreQueryFilters().Where(s => s.Id == nina.SessionId).ExecuteUpdateAsync(s => s.SetProperty(x => x.Issuer, "https://login.example.org"), Ct);

        await GoAsync(nina, secondOrganization).IsProblemAsync(HttpStatusCode.Forbidden, "session.own_proof");

        // Nor by a passkey that it makes for later.
        using var device = new SoftwareAuthenticator(host.Url.GetLeftPart(UriPartial.Authority));
        var asked = await nina.PostAsync("/api/profile/passkeys/options");
        await nina.SendAsync(HttpMethod.Post, "/api/profile/passkeys", new { name = "Later", answer = new { ceremony = asked.GetProperty("ceremony").GetString(), credential = device.Make(asked.GetProperty("options")) } })
            .IsProblemAsync(HttpStatusCode.Forbidden, "passkey.own_proof");
    }

    [Fact]
    public async Task AnotherPassword_EndsTheSessionsOfAllOrganizations()
    {
        await JoinAsync();
        using var there = await host.SignInAsync(Email);
        await BrowserSession.OkAsync(await GoAsync(there, secondOrganization));
        await there.ResumeAsync();
        await nina.PostAsync("/api/profile/password", new { current = ControlPlaneHost.Password, @new = "seven lemons under glass" });
        await there.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await nina.GetAsync("/api/projects");
    }

    private async Task JoinAsync() => await nina.PostAsync("/api/mail-links/join", new { token = await InviteAsync() });

    private async Task<string> InviteAsync()
    {
        await second.PostAsync("/api/people", new { email = Email, name = "N. from the list", role = "member" });
        host.Services.GetRequiredService<MailWorker>().Wake();
        await Wait.UntilAsync(() => Task.FromResult(!mail.Mails.IsEmpty));
        return Secret().Match(mail.Mails.Last().TextBody ?? "").Groups[1].Value;
    }

    private async Task<Guid> PersonInSecondAsync() =>
        (await second.GetAsync("/api/people")).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("email").GetString() == Email).GetProperty("person").GetProperty("id").GetGuid();

    private async Task EnforceAsync(BrowserSession owner, Guid organization)
    {
        await using var db = host.Database.Open();
        var enforced = IdentityProvider.Create(organization, host.Clock.GetUtcNow());
        enforced.Admit("groups", "[]", justInTime: false, enforced: true, [owner.PersonId]);
        db.IdentityProviders.Add(enforced);
        await db.SaveChangesAsync(Ct);
    }

    private static Task<HttpResponseMessage> GoAsync(BrowserSession browser, Guid organization) => browser.SendAsync(HttpMethod.Post, "/api/session/organization", new { organizationId = organization });

    private string Cookie(BrowserSession browser) => browser.Cookies.GetCookies(host.Url).Single(c => c.Name.StartsWith("hybrid", StringComparison.Ordinal)).Value;

    [GeneratedRegex("#([A-Za-z0-9_-]{43})")]
    private static partial Regex Secret();
}

/// <summary>On SQLite.</summary>
public sealed class SecondOrganizationOnSqliteTests() : SecondOrganizationTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class SecondOrganizationOnPostgresTests() : SecondOrganizationTests(DatabaseProvider.Postgres);
