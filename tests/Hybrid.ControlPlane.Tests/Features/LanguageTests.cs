using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>The language that a person has chosen.</summary>
public abstract class LanguageTests(DatabaseProvider provider)
{
    [Fact]
    public async Task Language_FollowsThePersonIntoEveryBrowser_UntilItIsLeftToTheBrowser()
    {
        await using var host = await ControlPlaneHost.StartAsync(provider);
        var email = $"owner-{Guid.NewGuid():N}@example.org";
        await host.OrganizationAsync(email);
        using var owner = await host.SignInAsync(email);
        Assert.Equal(JsonValueKind.Null, (await owner.GetAsync("/api/session")).GetProperty("language").ValueKind);

        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/profile/language", new { language = "fr" }));
        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/profile/language", new { language = "fr" }));

        using var other = new BrowserSession(host);
        Assert.Equal("fr", (await other.BeginAsync(email, ControlPlaneHost.Password)).GetProperty("language").GetString());
        Assert.Equal("fr", (await owner.GetAsync("/api/profile")).GetProperty("language").GetString());
        Assert.Equal("fr", (await owner.PostAsync("/api/me/export")).GetProperty("person").GetProperty("language").GetString());
        Assert.Single(await host.AuditAsync(), e => e.Act == AuditActs.PersonLanguageChanged);

        foreach (var unknown in (string[])["xx", "", "FR", "de\0", new string('d', 10_000)])
            await owner.SendAsync(HttpMethod.Put, "/api/profile/language", new { language = unknown }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal("fr", (await owner.GetAsync("/api/session")).GetProperty("language").GetString());

        await BrowserSession.OkAsync(await owner.SendAsync(HttpMethod.Put, "/api/profile/language", new { language = (string?)null }));
        Assert.Equal(JsonValueKind.Null, (await owner.GetAsync("/api/session")).GetProperty("language").ValueKind);
    }
}

/// <summary>On SQLite.</summary>
public sealed class LanguageOnSqliteTests() : LanguageTests(DatabaseProvider.Sqlite)
{
    [Fact]
    public void TheServersLanguages_AreTheCataloguesOfTheWorkspace()
    {
        var catalogues = Directory.GetFiles(Path.Combine(ReferenceFiles.RepositoryRoot, "control-plane", "workspace", "src", "words"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f));

        Assert.Equal(Languages.All.Order(StringComparer.Ordinal), catalogues.Order(StringComparer.Ordinal));
    }
}

/// <summary>On PostgreSQL.</summary>
public sealed class LanguageOnPostgresTests() : LanguageTests(DatabaseProvider.Postgres);
