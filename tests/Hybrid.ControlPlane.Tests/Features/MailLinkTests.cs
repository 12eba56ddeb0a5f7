using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Infrastructure.Mail;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Invitations and new passwords by mail: what is sent, what a link does, how often, how long, and to whom.</summary>
public abstract partial class MailLinkTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string NewPassword = "seven lemons under glass";
    private readonly string unique = Guid.NewGuid().ToString("N")[..8];
    private MailServer mail = null!;
    private ControlPlaneHost host = null!;
    private BrowserSession owner = null!;
    private BrowserSession nobody = null!;

    public async ValueTask InitializeAsync()
    {
        mail = MailServer.Start();
        host = await ControlPlaneHost.StartAsync(provider, mail.Settings);
        await host.OrganizationAsync(OwnerEmail);
        owner = await host.SignInAsync(OwnerEmail);
        nobody = new BrowserSession(host);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        nobody?.Dispose();
        owner?.Dispose();
        if (host is not null) await host.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }

    [Fact]
    public async Task Invitation_LetsInOnce_WithNameAndPasswordOfOnesOwn()
    {
        var email = Address("nina");
        var person = await InviteAsync(email);
        var sent = await MailToAsync(email);
        var token = TokenOf(sent);

        // Nothing but a link; its secret is where browsers send it to nobody.
        Assert.Contains($"{host.Url}join#{token}", sent.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Nina", sent.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Test", sent.TextBody + sent.Subject, StringComparison.Ordinal);
        Assert.Equal("no-referrer", (await nobody.Http.GetAsync("/join", Ct)).Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("sent", await InvitationAsync(person));

        // A scanner that opens it, and a page that looks at it, use nothing up.
        for (var i = 0; i < 3; i++) await nobody.Http.GetAsync($"/join?{token}", Ct);
        var view = await BrowserSession.OkAsync(await LinkAsync("view", new { token }));
        Assert.Equal(("invitation", email, "Test"), (view.GetProperty("kind").GetString(), view.GetProperty("email").GetString(), view.GetProperty("organization").GetString()));

        await LinkAsync("accept", new { token, name = "Nina N.", password = "too short" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await LinkAsync("accept", new { token, name = "Nina N.", password = "passwordpassword" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.breached");
        await LinkAsync("reset", new { token, password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        await BrowserSession.OkAsync(await LinkAsync("accept", new { token, name = "Nina N.", password = NewPassword }));
        await LinkAsync("accept", new { token, name = "Thief", password = "another long password" }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");

        using var nina = new BrowserSession(host);
        await nina.SignInAsync(email, NewPassword);
        Assert.Equal("Nina N.", (await nina.GetAsync("/api/session")).GetProperty("person").GetProperty("name").GetString());
        Assert.Equal("active", (await owner.GetAsync($"/api/people/{person}")).GetProperty("status").GetString());
        var log = await host.AuditAsync();
        foreach (var act in new[] { AuditActs.PersonInvited, AuditActs.MailSent, AuditActs.InvitationAccepted }) Assert.Contains(log, e => e.Act == act && e.Subjects.Contains(person.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(log, e => e.Facts.Contains(token, StringComparison.Ordinal) || e.Facts.Contains("nina", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task OneLink_UsedTwiceAtOnce_WorksOnce()
    {
        var email = Address("twice");
        await InviteAsync(email);
        var token = TokenOf(await MailToAsync(email));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => LinkAsync("accept", new { token, name = $"Twin {i}", password = NewPassword })));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.NoContent));
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.NoContent), a => Assert.True(a.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Invitation_IsSentAgain_TakenBack_AndRunsOut()
    {
        var email = Address("otto");
        var person = await InviteAsync(email);
        var first = TokenOf(await MailToAsync(email));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Post, $"/api/people/{person}/invitation"));
        await Wait.UntilAsync(() => Task.FromResult(MailsTo(email).Count == 2));
        var second = TokenOf(MailsTo(email)[1]);
        await LinkAsync("view", new { token = first }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        await BrowserSession.OkAsync(await LinkAsync("view", new { token = second }));

        host.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await BrowserSession.OkAsync(await LinkAsync("view", new { token = second }));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await LinkAsync("accept", new { token = second, name = "Otto", password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        owner.Dispose();
        owner = await host.SignInAsync(OwnerEmail);
        Assert.Equal("expired", await InvitationAsync(person));

        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Post, $"/api/people/{person}/invitation"));
        await Wait.UntilAsync(() => Task.FromResult(MailsTo(email).Count == 3));
        var third = TokenOf(MailsTo(email)[2]);
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Delete, $"/api/people/{person}/invitation"));
        await LinkAsync("accept", new { token = third, name = "Otto", password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        Assert.Equal("deactivated", (await owner.GetAsync($"/api/people/{person}")).GetProperty("status").GetString());
        await owner.SendAsync(HttpMethod.Post, $"/api/people/{person}/invitation").IsProblemAsync(HttpStatusCode.Conflict, "invitation.none");
        await owner.SendAsync(HttpMethod.Delete, $"/api/people/{owner.PersonId}/invitation").IsProblemAsync(HttpStatusCode.Conflict, "invitation.none");
        await owner.SendAsync(HttpMethod.Post, $"/api/people/{Guid.NewGuid()}/invitation").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task RefusedAddress_IsShown_AndNotTriedAgain_ATroubledServerIs()
    {
        var refused = await InviteAsync(Address("refused"));
        await Wait.UntilAsync(async () => await InvitationAsync(refused) == "refused");
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.MailRefused);

        mail.InTrouble = true;
        var email = Address("later");
        var person = await InviteAsync(email);
        await Wait.UntilAsync(async () => (await LinkOfAsync(person)) is { Attempts: 1 } link && link.NextAttemptAt < host.Clock.GetUtcNow().AddSeconds(61));
        mail.InTrouble = false;
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var token = TokenOf(await MailToAsync(email));
        await BrowserSession.OkAsync(await LinkAsync("view", new { token }));
        Assert.Equal(2, (await LinkOfAsync(person))!.Attempts);
    }

    [Fact]
    public async Task MailWhoseFateWasLost_IsSentAgain()
    {
        var email = Address("lost");
        var person = await InviteAsync(email);
        var first = TokenOf(await MailToAsync(email));
        await Wait.UntilAsync(async () => await InvitationAsync(person) == "sent");
        // As a process leaves it that dies between sending and saying so.
        await using (var db = host.Database.Open())
            await db.MailLinks.IgnoreQueryFilters().Where(l => l.PersonId == person).ExecuteUpdateAsync(l => l.SetProperty(x => x.State, MailLinkState.Waiting), Ct);
        await BrowserSession.OkAsync(await LinkAsync("view", new { token = first }));

        host.Clock.Advance(TimeSpan.FromMinutes(2));

        await Wait.UntilAsync(() => Task.FromResult(MailsTo(email).Count == 2));
        await BrowserSession.OkAsync(await LinkAsync("view", new { token = TokenOf(MailsTo(email)[1]) }));
    }

    [Fact]
    public async Task NewPassword_EndsEverySession_AndDiesWithAnyOtherChange()
    {
        await AskAsync(OwnerEmail);
        var token = TokenOf(await MailToAsync(OwnerEmail));
        await BrowserSession.OkAsync(await LinkAsync("view", new { token }));
        await owner.SendAsync(HttpMethod.Post, "/api/profile/password", new { current = ControlPlaneHost.Password, @new = NewPassword });
        await LinkAsync("reset", new { token, password = "nine lemons under glass" }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await AskAsync(OwnerEmail);
        await Wait.UntilAsync(() => Task.FromResult(MailsTo(OwnerEmail).Count == 2));
        token = TokenOf(MailsTo(OwnerEmail)[1]);
        await LinkAsync("accept", new { token, name = "Olga", password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        await LinkAsync("reset", new { token, password = "passwordpassword" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "password.breached");
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Get, "/api/session"));
        await BrowserSession.OkAsync(await LinkAsync("reset", new { token, password = "nine lemons under glass" }));

        await owner.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        using var again = new BrowserSession(host);
        await again.SignInAsync(OwnerEmail, "nine lemons under glass");
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.PasswordReset);
        await LinkAsync("reset", new { token, password = "ten lemons under glass" }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
    }

    [Fact]
    public async Task Mail_SpeaksThePersonsLanguage_AndStandsInTheirExport()
    {
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/profile/language", new { language = "de" }));
        await AskAsync(OwnerEmail);

        Assert.Equal("Ein neues Passwort für Hybrid", (await MailToAsync(OwnerEmail)).Subject);
        var export = await owner.PostAsync("/api/me/export");
        Assert.Equal("passwordReset", Assert.Single(export.GetProperty("mails").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Single(export.GetProperty("knownBrowsers").EnumerateArray());
    }

    [Fact]
    public async Task ResetLink_LastsHalfAnHour_AndOneMailGoesForManyWishes()
    {
        for (var i = 0; i < 5; i++) await AskAsync(OwnerEmail.ToUpperInvariant());
        var token = TokenOf(await MailToAsync(OwnerEmail));
        await AskAsync(OwnerEmail);
        await QuietAsync();
        Assert.Single(MailsTo(OwnerEmail));
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        await LinkAsync("reset", new { token, password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
    }

    [Fact]
    public async Task AskingForANewPassword_AnswersTheSameForEveryone_AndWritesToNobodyElse()
    {
        var invited = Address("invited");
        await InviteAsync(invited);
        await MailToAsync(invited);
        var gone = Address("gone");
        var person = (await owner.PostAsync("/api/people", new { email = gone, name = "Gone", role = "member", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Post, $"/api/people/{person}/deactivate"));

        var answers = new List<(HttpStatusCode, string, string)>();
        foreach (var email in new[] { OwnerEmail, invited, gone, Address("unknown"), "no address" })
        {
            using var answer = await AskAsync(email);
            answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct), string.Join(';', answer.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}={string.Join(',', h.Value)}"))));
        }

        Assert.Single(answers.Distinct());
        await MailToAsync(OwnerEmail);
        await QuietAsync();
        Assert.Equal(2, mail.Mails.Count);
        await using var db = host.Database.Open();
        Assert.Equal(0, await db.PasswordResetRequests.CountAsync(Ct));
    }

    [Fact]
    public async Task BadLinks_AreRefused()
    {
        foreach (var route in new[] { "view", "reset", "accept" })
        {
            await LinkAsync(route, new { token = "", name = "N", password = NewPassword }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
            await LinkAsync(route, new { token = new string('x', 101), name = "N", password = NewPassword }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
            await LinkAsync(route, new { token = "ü\u2028", name = "N", password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
            await LinkAsync(route, new { token = Guid.NewGuid().ToString("N"), name = "N", password = NewPassword }).IsProblemAsync(HttpStatusCode.NotFound, "link.dead");
        }

        await LinkAsync("password-reset", new { email = "" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await LinkAsync("password-reset", new { email = new string('a', 300) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await LinkAsync("password-reset", new { email = "a\0b@example.org" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await owner.SendAsync(HttpMethod.Post, "/api/people", new { email = Address("x"), name = "X", role = "member", password = "" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task OnlyDigests_AreStored()
    {
        var email = Address("digest");
        var person = await InviteAsync(email);
        var token = TokenOf(await MailToAsync(email));
        var link = (await LinkOfAsync(person))!;
        Assert.Equal(32, link.TokenHash!.Length);
        Assert.Equal(Infrastructure.Identity.SessionStore.Hash(token), link.TokenHash);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string OwnerEmail => Address("owner");

    private string Address(string who) => $"{who}-{unique}@example.org";

    private async Task<Guid> InviteAsync(string email)
    {
        var person = (await owner.PostAsync("/api/people", new { email, name = "Nina", role = "member" })).GetProperty("id").GetGuid();
        host.Services.GetRequiredService<MailWorker>().Wake();
        return person;
    }

    private async Task<string?> InvitationAsync(Guid person)
    {
        var one = (await owner.GetAsync($"/api/people/{person}")).GetProperty("invitation");
        var listed = (await owner.GetAsync("/api/people?status=invited")).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("person").GetProperty("id").GetGuid() == person).GetProperty("invitation");
        if (one.ValueKind != JsonValueKind.Null && listed.ValueKind != JsonValueKind.Null && listed.GetProperty("state").GetString() != one.GetProperty("state").GetString()) return null;
        return one.GetProperty("state").GetString();
    }

    private async Task<MailLink?> LinkOfAsync(Guid person)
    {
        await using var db = host.Database.Open();
        return await db.MailLinks.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(l => l.PersonId == person);
    }

    private async Task<MimeMessage> MailToAsync(string email)
    {
        await Wait.UntilAsync(() => Task.FromResult(MailsTo(email).Count > 0));
        return MailsTo(email)[^1];
    }

    private List<MimeMessage> MailsTo(string email) => [.. mail.Mails.Where(m => m.To.Mailboxes.Any(a => string.Equals(a.Address, email, StringComparison.OrdinalIgnoreCase)))];

    // Every wish is looked at, and everything that is due has gone.
    private async Task QuietAsync()
    {
        host.Services.GetRequiredService<MailWorker>().Wake();
        await Wait.UntilAsync(async () =>
        {
            await using var db = host.Database.Open();
            return !await db.PasswordResetRequests.AnyAsync() && !await db.MailLinks.IgnoreQueryFilters().AnyAsync(l => l.State == MailLinkState.Waiting);
        });
    }

    private Task<HttpResponseMessage> AskAsync(string email) => LinkAsync("password-reset", new { email });

    private Task<HttpResponseMessage> LinkAsync(string route, object body) => nobody.Http.PostAsJsonAsync($"/api/mail-links/{route}", body);

    private static string TokenOf(MimeMessage sent) => Secret().Match(sent.TextBody ?? "").Groups[1].Value;

    [GeneratedRegex("#([A-Za-z0-9_-]{43})")]
    private static partial Regex Secret();
}

/// <summary>On SQLite.</summary>
public sealed class MailLinkOnSqliteTests() : MailLinkTests(DatabaseProvider.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class MailLinkOnPostgresTests() : MailLinkTests(DatabaseProvider.Postgres);

/// <summary>Texts, settings and the folder for development; they need no database.</summary>
public sealed class MailTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folder_GetsOneFileForEachMail_WhichOnlyItsOwnerReads()
    {
        var folder = Directory.CreateTempSubdirectory("hybrid-mail").FullName;
        var options = new Infrastructure.Hosting.ControlPlaneOptions { Mail = new MailOptions { Folder = folder, From = "hybrid@example.org" } };
        await new MailTransport(options, TimeProvider.System).SendAsync("ana@example.org", "de", "Größe", "Grüße\n", Ct);

        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.EndsWith(".eml", file, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        using var message = await MimeMessage.LoadAsync(file, Ct);
        Assert.Equal(("Größe", "Grüße", "auto-generated"), (message.Subject, message.TextBody?.Trim(), message.Headers[HeaderId.AutoSubmitted]));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("Ana <a@example.org>")]
    [InlineData("nobody")]
    public async Task WhatIsNotOneAddress_GetsNoMail(string to)
    {
        var options = new Infrastructure.Hosting.ControlPlaneOptions { Mail = new MailOptions { Folder = Path.GetTempPath(), From = "hybrid@example.org" } };
        await Assert.ThrowsAsync<MailRefusedException>(() => new MailTransport(options, TimeProvider.System).SendAsync(to, "en", "s", "b", Ct));
    }

    [Fact]
    public void EveryText_IsThereInEveryLanguage_WithTheLink()
    {
        foreach (var language in Languages.All)
        {
            foreach (var kind in Enum.GetValues<MailLinkKind>())
            {
                var (subject, body) = MailTexts.Of(language, kind, new Uri("https://hybrid.example.org/join#secret"));
                Assert.NotEmpty(subject);
                Assert.Contains("\nhttps://hybrid.example.org/join#secret\n", body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Settings_ThatCannotWork_AreSaid()
    {
        var (here, there) = (new Uri("http://localhost:5080"), new Uri("https://hybrid.example.org"));
        Assert.Empty(new MailOptions().Mistakes(there));
        Assert.Empty(new MailOptions { Folder = "mail", From = "hybrid@example.org" }.Mistakes(here));
        Assert.Single(new MailOptions { Folder = "mail", From = "hybrid@example.org" }.Mistakes(there));
        Assert.Single(new MailOptions { Host = "smtp.example.org" }.Mistakes(there));
        Assert.Single(new MailOptions { Host = "smtp.example.org", From = "hybrid@example.org", Security = MailSecurity.None }.Mistakes(there));
        Assert.Single(new MailOptions { Host = "smtp.example.org", From = "hybrid@example.org", User = "u" }.Mistakes(there));
        Assert.Single(new MailOptions { Language = "it" }.Mistakes(there));
    }
}
