using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>A project's beginning by copy and its end, its connections, reviews of access, and what a person may ask for of their own data.</summary>
public abstract class ProjectLifeTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 4);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    private string Project => $"/api/projects/{town.Project}";

    [Fact]
    public async Task Archived_IsSeenButNotWorkedOn_UntilItIsRestored()
    {
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"{Project}/archive"));

        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 }).IsProblemAsync(HttpStatusCode.Conflict, "project.archived");
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, "archived-1").IsProblemAsync(HttpStatusCode.Conflict, "project.archived");
        Assert.Equal(JsonValueKind.String, (await town.Ana.GetAsync(Project)).GetProperty("archivedAt").ValueKind);
        Assert.True((await town.Ana.GetAsync("/api/projects")).GetProperty("items")[0].GetProperty("archived").GetBoolean());
        await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/restore").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"{Project}/restore"));
        Assert.Equal(HttpStatusCode.OK, (await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim")).StatusCode);
    }

    [Fact]
    public async Task Deleted_IsGoneForAll_CanBeRestoredFor30Days_ThenPurgedWithARecord()
    {
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, "purge-key-1"));
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/delete", new { name = "boats" }).IsProblemAsync(HttpStatusCode.BadRequest, "project.other_name");

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/delete", new { name = "Boats" }));

        foreach (var who in new[] { town.Owner, town.Ana }) await who.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, (await town.Owner.GetAsync("/api/projects")).GetProperty("total").GetInt32());
        Assert.Equal(town.Project, (await town.Owner.GetAsync("/api/deleted-projects")).GetProperty("items")[0].GetProperty("id").GetGuid());
        Assert.Equal(0, (await town.Manager.GetAsync("/api/deleted-projects")).GetProperty("items").GetArrayLength());
        await town.Stranger.SendAsync(HttpMethod.Post, $"{Project}/restore").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"{Project}/restore"));
        Assert.Equal("Boats", (await town.Ana.GetAsync(Project)).GetProperty("name").GetString());

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/delete", new { name = "Boats" }));
        var logged = (await host.AuditAsync(town.Project)).Count;
        host.Clock.Advance(TimeSpan.FromDays(30));
        await Wait.UntilAsync(async () => (await host.AuditAsync(town.Project)).Any(e => e.Act == AuditActs.ProjectPurged));

        var facts = JsonElement.Parse((await host.AuditAsync(town.Project)).Single(e => e.Act == AuditActs.ProjectPurged).Facts).GetProperty("rows");
        Assert.Equal((4, 1, 5), (facts.GetProperty("assets").GetInt32(), facts.GetProperty("labels").GetInt32(), facts.GetProperty("project_members").GetInt32()));
        Assert.Equal(logged + 1, (await host.AuditAsync(town.Project)).Count);
        await using var db = host.Database.Open();
        foreach (var type in db.Model.GetEntityTypes().Where(t => typeof(IBelongsToProject).IsAssignableFrom(t.ClrType)))
        {
            Assert.Equal(0, await CountAsync(db, type.GetTableName()!));
        }
    }

    [Fact]
    public async Task Copy_TakesWhatIsWanted_AndChecksConnectionsAnew()
    {
        var team = (await town.Owner.PostAsync("/api/teams", new { name = "Crew" })).GetProperty("id").GetGuid();
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "reviewer" }));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Ben.PersonId}", new { role = "labeler", validUntil = host.Clock.GetUtcNow().AddDays(1) }));

        var copy = await town.Owner.PostAsync($"{Project}/copy", new { name = "Boats again", ontology = true, workflow = true, members = true, connections = true });
        var bare = await town.Owner.PostAsync($"{Project}/copy", new { name = "Bare", ontology = false, workflow = false, members = false, connections = false });

        var (full, empty) = ($"/api/projects/{copy.GetProperty("id").GetGuid()}", $"/api/projects/{bare.GetProperty("id").GetGuid()}");
        Assert.Equal("boat", (await town.Owner.GetAsync($"{full}/ontology")).GetProperty("document").GetProperty("tools")[0].GetProperty("id").GetString());
        Assert.Equal("object", (await town.Owner.GetAsync($"{empty}/ontology")).GetProperty("document").GetProperty("tools")[0].GetProperty("id").GetString());
        Assert.Equal(["ana", "manager", "Olga Owner", "reviewer"], (await town.Owner.GetAsync($"{full}/members")).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("person").GetProperty("name").GetString()!).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Single((await town.Owner.GetAsync($"{full}/teams")).GetProperty("items").EnumerateArray());
        Assert.Equal(1, (await town.Owner.GetAsync($"{empty}/members")).GetProperty("total").GetInt32());
        Assert.Equal((1, 0), ((await town.Owner.GetAsync(full)).GetProperty("connections").GetArrayLength(), (await town.Owner.GetAsync(empty)).GetProperty("connections").GetArrayLength()));
        Assert.Equal(0, (await town.Owner.GetAsync(full)).GetProperty("progress").GetProperty("total").GetInt32());

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"/api/agents/{town.Agent.Id}/revoke"));
        var late = await town.Owner.PostAsync($"{Project}/copy", new { name = "Late", ontology = true, workflow = true, members = false, connections = true });
        Assert.Equal("archive", late.GetProperty("connectionsLeftOut")[0].GetString());
    }

    [Fact]
    public async Task Connection_Withdrawn_GivesNoGrantAnyMore_AndOnlyAnOrganizationAdminAdmits()
    {
        var asset = (await town.Owner.GetAsync($"{Project}/assets")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var (grant, connection) = ($"{Project}/assets/grant", $"{Project}/connections/{town.Connection}");
        await BrowserSession.OkAsync(await town.Owner.GrantAsync(grant, new { assetIds = new[] { asset } }));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Manager.PersonId}", new { role = "projectAdmin" }));

        await NoContentAsync(town.Manager.SendAsync(HttpMethod.Delete, connection));

        await town.Owner.GrantAsync(grant, new { assetIds = new[] { asset } }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal((0, false), ((await town.Manager.GetAsync($"{Project}/connections")).GetProperty("items").GetArrayLength(), (await town.Manager.GetAsync($"{Project}/connections")).GetProperty("mayAdmit").GetBoolean()));
        await town.Manager.SendAsync(HttpMethod.Put, connection).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        Assert.False((await town.Owner.GetAsync($"{Project}/connections")).GetProperty("items")[0].GetProperty("admitted").GetBoolean());
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, connection));
        await BrowserSession.OkAsync(await town.Owner.GrantAsync(grant, new { assetIds = new[] { asset } }));
        await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/connections/{Guid.NewGuid()}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task AccessReview_SaysWhoHasWhatByWhichWay_ConfirmsAndRevokes_AndItsFileRunsNoFormula()
    {
        var evil = await town.Owner.PostAsync("/api/people", new { email = $"{Guid.NewGuid():N}@example.org", name = "=HYPERLINK(1)", role = "member", password = ControlPlaneHost.Password });
        var id = evil.GetProperty("id").GetGuid();
        var team = (await town.Owner.PostAsync("/api/teams", new { name = "Crew" })).GetProperty("id").GetGuid();
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/teams/{team}/people/{id}"));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "reviewer" }));

        var rows = await town.Owner.GetAsync("/api/access");
        var file = await (await town.Owner.SendAsync(HttpMethod.Get, "/api/access/file")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(6, rows.GetProperty("total").GetInt32());
        var way = rows.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("person").GetProperty("id").GetGuid() == id);
        Assert.Equal(("reviewer", "Crew", JsonValueKind.Null), (way.GetProperty("role").GetString(), way.GetProperty("team").GetString(), way.GetProperty("confirmedAt").ValueKind));
        Assert.Contains("'=HYPERLINK(1)", file, StringComparison.Ordinal);
        Assert.Equal(7, file.Trim().Split("\r\n").Length);

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, "/api/access/decisions", new { projectId = town.Project, personId = town.Ana.PersonId, verdict = "confirmed" }));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, "/api/access/decisions", new { projectId = town.Project, personId = id, teamId = team, verdict = "revoked" }));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, "/api/access/decisions", new { projectId = town.Project, personId = town.Ben.PersonId, verdict = "revoked" }));
        await town.Owner.SendAsync(HttpMethod.Post, "/api/access/decisions", new { projectId = town.Project, personId = town.Owner.PersonId, verdict = "revoked" }).IsProblemAsync(HttpStatusCode.Conflict, "member.last_admin");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/access/decisions", new { projectId = Guid.NewGuid(), personId = town.Ana.PersonId, verdict = "confirmed" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        await town.Ben.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        var after = (await town.Owner.GetAsync("/api/access")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(4, after.Count);
        Assert.Equal("Olga Owner", after.Single(r => r.GetProperty("person").GetProperty("id").GetGuid() == town.Ana.PersonId).GetProperty("confirmedBy").GetProperty("name").GetString());
        Assert.Equal([AuditActs.AccessConfirmed, AuditActs.AccessRevoked, AuditActs.AccessRevoked], (await host.AuditAsync(town.Project)).Select(e => e.Act).Where(a => a.StartsWith("access.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Erased_LosesNameAndAddress_AndLabelsAndLogStayWhole()
    {
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 1 }, "erase-key-1"));
        var email = (await town.Ana.GetAsync("/api/session")).GetProperty("email").GetString()!;
        var export = await town.Ana.PostAsync("/api/me/export");
        Assert.Equal((email, 1), (export.GetProperty("person").GetProperty("email").GetString(), export.GetProperty("labels").GetArrayLength()));
        Assert.Equal(1, (await town.Owner.PostAsync($"/api/people/{town.Ana.PersonId}/export")).GetProperty("labels").GetArrayLength());
        var before = (await host.AuditAsync()).Where(e => e.Act == AuditActs.LabelSubmitted).Select(e => (e.Id, e.ActorId, e.Subjects, e.Facts)).ToList();
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/erase", new { email = "other@example.org" }).IsProblemAsync(HttpStatusCode.BadRequest, "person.other_email");

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/erase", new { email }));

        await town.Ana.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        var person = await town.Owner.GetAsync($"/api/people/{town.Ana.PersonId}");
        Assert.Matches("^Erased person [2-9A-Z]{6}$", person.GetProperty("person").GetProperty("name").GetString());
        Assert.EndsWith("@erased.invalid", person.GetProperty("email").GetString());
        Assert.Equal(before, (await host.AuditAsync()).Where(e => e.Act == AuditActs.LabelSubmitted).Select(e => (e.Id, e.ActorId, e.Subjects, e.Facts)));
        Assert.DoesNotContain(await host.AuditAsync(), e => e.Facts.Contains(email, StringComparison.OrdinalIgnoreCase));
        await using var db = host.Database.Open();
        Assert.Single(await db.Labels.IgnoreQueryFilters().Where(l => l.AuthorId == town.Ana.PersonId).ToListAsync(TestContext.Current.CancellationToken));
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/reactivate").IsProblemAsync(HttpStatusCode.Conflict, "person.erased");
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/erase", new { email }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        // The address is free for somebody who comes anew.
        await town.Owner.PostAsync("/api/people", new { email, name = "Ana", role = "member", password = ControlPlaneHost.Password });
    }

    [Fact]
    public async Task Templates_KeepTheRulesOfOntologies()
    {
        var templates = (await town.Owner.GetAsync("/api/project-templates")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(5, templates.Count);
        foreach (var template in templates) await town.Owner.PostAsync("/api/projects", new { name = template.GetProperty("id").GetString(), ontology = template.GetProperty("ontology") });
    }

    private static async Task<int> CountAsync(ControlPlaneDb db, string table)
    {
#pragma warning disable EF1002 // A name of the model.
        return await db.Database.SqlQueryRaw<int>($"select count(*) as \"Value\" from \"{table}\"").SingleAsync();
#pragma warning restore EF1002
    }

    private static async Task NoContentAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}

public sealed class ProjectLifeOnSqliteTests() : ProjectLifeTests(DatabaseProvider.Sqlite);

public sealed class ProjectLifeOnPostgresTests() : ProjectLifeTests(DatabaseProvider.Postgres);
