using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Organization roles, teams and temporary access: who may what, and what ends when it is taken away.</summary>
public abstract class PeopleTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 6);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    private string Project => $"/api/projects/{town.Project}";

    [Fact]
    public async Task Admin_SeesThatAProjectExistsAndItsMembers_ButNoAsset()
    {
        var admin = await AdminAsync();

        var seen = (await admin.GetAsync("/api/organization/projects")).GetProperty("items").EnumerateArray().Single();
        var members = (await admin.GetAsync($"/api/organization/projects/{town.Project}/members")).GetProperty("items");

        Assert.Equal(("Boats", 5, JsonValueKind.Null), (seen.GetProperty("name").GetString(), seen.GetProperty("members").GetInt32(), seen.GetProperty("role").ValueKind));
        Assert.Equal(5, members.GetArrayLength());
        foreach (var path in new[] { Project, $"{Project}/assets", $"{Project}/tasks", $"{Project}/members" })
        {
            await admin.SendAsync(HttpMethod.Get, path).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        Assert.Equal(0, (await admin.GetAsync("/api/projects")).GetProperty("total").GetInt32());
        await town.Ana.SendAsync(HttpMethod.Get, "/api/organization/projects").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await admin.SendAsync(HttpMethod.Get, $"/api/organization/projects/{Guid.NewGuid()}/members").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task MakingOneselfProjectAdmin_IsAuditedAndAnnouncedToTheOthers()
    {
        var admin = await AdminAsync();

        await NoContentAsync(admin.SendAsync(HttpMethod.Post, $"/api/organization/projects/{town.Project}/admin"));
        await NoContentAsync(admin.SendAsync(HttpMethod.Post, $"/api/organization/projects/{town.Project}/admin"));

        Assert.Equal("projectAdmin", (await admin.GetAsync(Project)).GetProperty("role").GetString());
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.MemberSelfAdmin && e.ActorId == admin.PersonId);
        var notice = (await town.Owner.GetAsync(Project)).GetProperty("notices").EnumerateArray().Single();
        Assert.Equal(admin.PersonId, notice.GetProperty("person").GetProperty("id").GetGuid());
        Assert.Empty((await town.Manager.GetAsync(Project)).GetProperty("notices").EnumerateArray());
        var note = $"{Project}/notices/{notice.GetProperty("id").GetGuid()}/note";
        await admin.SendAsync(HttpMethod.Post, note).IsProblemAsync(HttpStatusCode.Conflict, "notice.own");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, note));
        Assert.Empty((await town.Owner.GetAsync(Project)).GetProperty("notices").EnumerateArray());
    }

    [Fact]
    public async Task Roles_OnlyOwnersRuleOverOwners_AndTheLastOwnerStays()
    {
        var admin = await AdminAsync();
        var owner = town.Owner.PersonId;

        await admin.SendAsync(HttpMethod.Put, $"/api/people/{owner}/role", new { role = "member" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await admin.SendAsync(HttpMethod.Put, $"/api/people/{town.Ana.PersonId}/role", new { role = "owner" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await admin.SendAsync(HttpMethod.Post, $"/api/people/{owner}/deactivate").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Owner.SendAsync(HttpMethod.Put, $"/api/people/{owner}/role", new { role = "admin" }).IsProblemAsync(HttpStatusCode.Conflict, "person.last_owner");
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{owner}/deactivate").IsProblemAsync(HttpStatusCode.Conflict, "person.last_owner");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/people/{admin.PersonId}/role", new { role = "owner" }));
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{owner}/deactivate").IsProblemAsync(HttpStatusCode.Conflict, "person.oneself");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/people/{owner}/role", new { role = "admin" }));
        await admin.SendAsync(HttpMethod.Put, $"/api/people/{admin.PersonId}/role", new { role = "member" }).IsProblemAsync(HttpStatusCode.Conflict, "person.last_owner");
        await admin.SendAsync(HttpMethod.Put, $"/api/people/{Guid.NewGuid()}/role", new { role = "member" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task TwoOwners_WhoStepDownAtOnce_LeaveOne()
    {
        var other = await AdminAsync();
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/people/{other.PersonId}/role", new { role = "owner" }));

        var answers = await Task.WhenAll(
            town.Owner.SendAsync(HttpMethod.Put, $"/api/people/{town.Owner.PersonId}/role", new { role = "member" }),
            other.SendAsync(HttpMethod.Put, $"/api/people/{other.PersonId}/role", new { role = "member" }));

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
    }

    [Fact]
    public async Task Deactivated_LosesSessionLeasesAndPlaces_AtOnce()
    {
        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        var team = await TeamAsync("Night", town.Ana.PersonId);

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/deactivate"));

        await town.Ana.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        Assert.Equal(HttpStatusCode.OK, (await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim")).StatusCode);
        var email = (await town.Owner.GetAsync($"/api/people/{town.Ana.PersonId}")).GetProperty("email").GetString()!;
        using (var again = new BrowserSession(host))
        {
            await again.SendAsync(HttpMethod.Post, "/api/session", new { email, password = ControlPlaneHost.Password, keyThumbprint = again.Thumbprint })
                .IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
        }

        Assert.Equal(0, (await town.Owner.GetAsync("/api/teams")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == team).GetProperty("people").GetInt32());
        Assert.Single(await host.AuditAsync(), e => e.Act == AuditActs.PersonDeactivated);
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/reactivate"));
        var back = await host.SignInAsync(email);
        Assert.Equal(0, (await back.GetAsync("/api/projects")).GetProperty("total").GetInt32());
        back.Dispose();
    }

    [Fact]
    public async Task TeamManager_AddsLabelersAndReviewersOnly_TeamsToo()
    {
        var team = await TeamAsync("Day", town.Stranger.PersonId);

        await town.Manager.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "teamManager" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/members", new { personId = town.Stranger.PersonId, role = "projectAdmin" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await NoContentAsync(town.Manager.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "reviewer" }));
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "projectAdmin" }));
        await town.Manager.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "labeler" }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        await town.Manager.SendAsync(HttpMethod.Delete, $"{Project}/teams/{team}").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    [Fact]
    public async Task Role_IsTheHighestOfOwnAndTeams_AndGoesWithTheTeam()
    {
        var team = await TeamAsync("Crew", town.Stranger.PersonId, town.Ana.PersonId);
        await town.Stranger.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "reviewer" }));

        Assert.Equal("reviewer", (await town.Stranger.GetAsync(Project)).GetProperty("role").GetString());
        Assert.Equal("reviewer", (await town.Ana.GetAsync("/api/projects")).GetProperty("items")[0].GetProperty("role").GetString());
        var row = (await town.Owner.GetAsync($"{Project}/members")).GetProperty("items").EnumerateArray().Single(m => m.GetProperty("person").GetProperty("id").GetGuid() == town.Ana.PersonId);
        Assert.Equal(("reviewer", "labeler", "Crew"), (row.GetProperty("role").GetString(), row.GetProperty("own").GetProperty("role").GetString(), row.GetProperty("teams")[0].GetProperty("name").GetString()));

        var (lost, kept) = ((await town.NextAsync(town.Stranger))!.Value.GetProperty("id").GetGuid(), (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid());
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Delete, $"/api/teams/{team}"));

        await town.Stranger.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("labeler", (await town.Ana.GetAsync(Project)).GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.OK, (await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{lost}/claim")).StatusCode);
        await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{kept}/claim").IsProblemAsync(HttpStatusCode.Conflict, "task.taken");
    }

    [Fact]
    public async Task JoiningATeamOneself_IsAnnouncedWhereItGivesMore()
    {
        var admin = await AdminAsync();
        var team = await TeamAsync("Crew");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/teams/{team}", new { role = "teamManager" }));

        await NoContentAsync(admin.SendAsync(HttpMethod.Put, $"/api/teams/{team}/people/{admin.PersonId}"));

        var notice = (await town.Owner.GetAsync(Project)).GetProperty("notices").EnumerateArray().Single();
        Assert.Equal(("teamManager", "Crew"), (notice.GetProperty("role").GetString(), notice.GetProperty("team").GetString()));
    }

    [Fact]
    public async Task Teams_NamesAreUniqueWhateverTheCase_AndOthersTeamsDoNotExist()
    {
        var team = await TeamAsync("Crew");

        await town.Owner.SendAsync(HttpMethod.Post, "/api/teams", new { name = " cREW " }).IsProblemAsync(HttpStatusCode.Conflict, "team.name_taken");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/teams/{team}", new { name = "CREW" }));
        await town.Owner.SendAsync(HttpMethod.Put, $"/api/teams/{team}/people/{Guid.NewGuid()}").IsProblemAsync(HttpStatusCode.BadRequest, "person.unknown");
        await using var elsewhere = await Town.BuildAsync(host, 1);
        foreach (var (method, path) in new[] { (HttpMethod.Put, $"/api/teams/{team}"), (HttpMethod.Delete, $"/api/teams/{team}"), (HttpMethod.Put, $"/api/teams/{team}/people/{elsewhere.Ana.PersonId}") })
        {
            await elsewhere.Owner.SendAsync(method, path, method == HttpMethod.Delete ? null : new { name = "Mine" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        await elsewhere.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{elsewhere.Project}/teams/{team}", new { role = "labeler" }).IsProblemAsync(HttpStatusCode.BadRequest, "team.unknown");
        await elsewhere.Owner.SendAsync(HttpMethod.Post, $"/api/people/{town.Ana.PersonId}/deactivate").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task TemporaryAccess_OutsideOfItTheProjectDoesNotExist_AndItsLeasesEnd()
    {
        var (from, until) = (host.Clock.GetUtcNow().AddHours(1), host.Clock.GetUtcNow().AddHours(2));
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/members", new { personId = town.Stranger.PersonId, role = "labeler", validFrom = until, validUntil = from }).IsProblemAsync(HttpStatusCode.BadRequest, "member.end_before_start");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Post, $"{Project}/members", new { personId = town.Stranger.PersonId, role = "labeler", validFrom = from, validUntil = until }));
        await town.Stranger.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, (await town.Stranger.GetAsync("/api/projects")).GetProperty("total").GetInt32());

        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var task = (await town.NextAsync(town.Stranger))!.Value.GetProperty("id").GetGuid();
        host.Clock.Advance(TimeSpan.FromMinutes(50));
        await BrowserSession.OkAsync(await town.Stranger.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim"));
        host.Clock.Advance(TimeSpan.FromMinutes(10));

        await town.Stranger.SendAsync(HttpMethod.Get, Project).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Stranger.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/heartbeat").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await Wait.UntilAsync(async () => (await host.AuditAsync(town.Project)).Any(e => e.Act == AuditActs.MemberAccessEnded));
        Assert.Equal(HttpStatusCode.OK, (await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim")).StatusCode);
    }

    [Fact]
    public async Task TwoProjectAdmins_WhoRemoveEachOtherAtOnce_LeaveOne()
    {
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Manager.PersonId}", new { role = "projectAdmin" }));

        var answers = await Task.WhenAll(
            town.Owner.SendAsync(HttpMethod.Delete, $"{Project}/members/{town.Manager.PersonId}"), town.Manager.SendAsync(HttpMethod.Delete, $"{Project}/members/{town.Owner.PersonId}"));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        var admins = (await town.Owner.GetAsync($"/api/organization/projects/{town.Project}/members")).GetProperty("items").EnumerateArray().Count(m => m.GetProperty("role").GetString() == "projectAdmin");
        Assert.Equal(1, admins);
    }

    [Fact]
    public async Task LastProjectAdmin_CannotGetAnEndEither()
    {
        var until = host.Clock.GetUtcNow().AddDays(1);

        await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Owner.PersonId}", new { role = "projectAdmin", validUntil = until }).IsProblemAsync(HttpStatusCode.Conflict, "member.last_admin");
        await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Ana.PersonId}", new { role = "labeler", validUntil = until.AddDays(-2) }).IsProblemAsync(HttpStatusCode.BadRequest, "member.past_end");
        await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Ana.PersonId}", new { role = "labeler", validUntil = until }));
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.MemberDatesChanged);
    }

    private async Task<BrowserSession> AdminAsync()
    {
        var admin = town.Keep(await host.SignInAsync(await AddAsync("Adam Admin", "admin")));
        return admin;
    }

    private async Task<string> AddAsync(string name, string role)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await town.Owner.PostAsync("/api/people", new { email, name, role, password = ControlPlaneHost.Password });
        return email;
    }

    private async Task<Guid> TeamAsync(string name, params Guid[] people)
    {
        var team = (await town.Owner.PostAsync("/api/teams", new { name })).GetProperty("id").GetGuid();
        foreach (var person in people) await NoContentAsync(town.Owner.SendAsync(HttpMethod.Put, $"/api/teams/{team}/people/{person}"));
        return team;
    }

    private static async Task NoContentAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}

public sealed class PeopleOnSqliteTests() : PeopleTests(DatabaseProvider.Sqlite);

public sealed class PeopleOnPostgresTests() : PeopleTests(DatabaseProvider.Postgres);
