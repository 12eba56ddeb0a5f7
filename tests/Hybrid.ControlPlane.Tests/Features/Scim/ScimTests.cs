using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Tests.Features.Scim;

/// <summary>SCIM 2.0: a directory says who comes in, over HTTP and on each database; and what it cannot do.</summary>
public abstract partial class ScimTests(SharedTown shared)
{
    private readonly ControlPlaneHost host = shared.Host;
    private readonly Town town = shared.Town;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AUser_IsCreated_Found_Changed_AndTakenAway()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var name = Name("lena");
        using var response = await directory.SendAsync(HttpMethod.Post, "/Users", new
        {
            schemas = new[] { DirectoryClient.User }, userName = name, externalId = "ext-" + name, name = new { givenName = "Lena", familyName = "Ödön" }, emails = new[] { new { value = name, type = "work", primary = true } }, active = true,
        });
        var made = await BrowserSession.OkAsync(response);
        var id = made.GetProperty("id").GetGuid();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(made.GetProperty("meta").GetProperty("location").GetString(), response.Headers.Location?.ToString());
        Assert.Equal(made.GetProperty("meta").GetProperty("version").GetString(), response.Headers.ETag?.ToString());
        Assert.Equal("Lena Ödön", made.GetProperty("displayName").GetString());
        Assert.Equal(id, (await directory.FindAsync("/Users", $"userName eq \"{name.ToUpperInvariant()}\"")).Single());
        Assert.Equal(id, (await directory.FindAsync("/Users", $"emails[type eq \"work\" and value eq \"{name}\"]")).Single());
        Assert.Equal(id, (await directory.FindAsync("/Users", $"externalId eq \"ext-{name}\" and not (active eq false)")).Single());
        Assert.Empty(await directory.FindAsync("/Users", $"externalId eq \"EXT-{name}\""));
        Assert.Equal("invited", (await town.Owner.GetAsync($"/api/people/{id}")).GetProperty("status").GetString());

        var put = await directory.OkAsync(HttpMethod.Put, $"/Users/{id}", new { schemas = new[] { DirectoryClient.User }, userName = name, displayName = "Lena O." });
        Assert.Equal("Lena O.", put.GetProperty("displayName").GetString());
        Assert.False(put.TryGetProperty("externalId", out _));
        Assert.Equal(HttpStatusCode.NoContent, (await directory.SendAsync(HttpMethod.Delete, $"/Users/{id}")).StatusCode);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, $"/Users/{id}"), HttpStatusCode.NotFound);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Delete, $"/Users/{id}"), HttpStatusCode.NotFound);
        Assert.Equal("deactivated", (await town.Owner.GetAsync($"/api/people/{id}")).GetProperty("status").GetString());

        // The directory may bring the same person again.
        Assert.Equal(id, await directory.AddAsync(name));
        var acts = (await host.AuditAsync()).Where(e => e.Subjects.Contains(id.ToString(), StringComparison.Ordinal)).ToList();
        Assert.Equal(new[] { AuditActs.PersonAdded, AuditActs.PersonDeactivated, AuditActs.PersonReactivated, AuditActs.PersonDirectoryChanged, AuditActs.PersonDirectoryChanged, AuditActs.PersonDirectoryChanged }.Order(StringComparer.Ordinal), acts.Select(e => e.Act).Order(StringComparer.Ordinal));
        Assert.All(acts, e => Assert.Equal((ActorKind.ApiKey, directory.KeyId), (e.Actor, e.ActorId)));
    }

    /// <summary>Entra ID's words and Okta's.</summary>
    [Theory]
    [InlineData("""[{"op":"Replace","path":"active","value":"False"}]""")]
    [InlineData("""[{"op":"replace","value":{"active":false}}]""")]
    [InlineData("""[{"op":"Replace","value":{"active":"False","displayName":"Gone"}}]""")]
    [InlineData("""[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}]""")]
    public async Task Deactivated_ByTheDirectory_SessionsEndAndLeasesAreReleased_WithinFiveSeconds(string operations)
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var labeler = await town.JoinAsync("labeler");
        var task = (await town.NextAsync(labeler))!.Value.GetProperty("id").GetGuid();

        var watch = Stopwatch.StartNew();
        var user = await directory.PatchAsync($"/Users/{labeler.PersonId}", [.. JsonElement.Parse(operations).EnumerateArray().Cast<object>()]);
        await labeler.SendAsync(HttpMethod.Get, "/api/session").IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
        await using var db = host.Database.Open();
        var row = await db.Tasks.IgnoreQueryFilters().AsNoTracking().SingleAsync(t => t.Id == task, Ct);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
        Assert.Null(row.HolderId);
        Assert.False(user.GetProperty("active").GetBoolean());
        Assert.Contains(await host.AuditAsync(), e => e.Act == AuditActs.PersonDeactivated && e.Subjects.Contains(labeler.PersonId.ToString(), StringComparison.Ordinal));
        // The directory sees them still, and lets them in again; twice is as good as once.
        Assert.Contains(labeler.PersonId, await directory.FindAsync("/Users", "active eq false"));
        await directory.PatchAsync($"/Users/{labeler.PersonId}", new { op = "Replace", path = "active", value = "True" });
        Assert.True((await directory.PatchAsync($"/Users/{labeler.PersonId}", new { op = "Replace", path = "active", value = true })).GetProperty("active").GetBoolean());
        using var again = await host.SignInAsync((await directory.GetAsync($"/Users/{labeler.PersonId}")).GetProperty("userName").GetString()!);
    }

    [Fact]
    public async Task AUser_IsPatched_AsDirectoriesDo()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var id = await directory.AddAsync(Name("otto"), "o-1" + Guid.NewGuid());

        var user = await directory.PatchAsync($"/Users/{id}", new { op = "Add", path = "name.givenName", value = "Otto" }, new { op = "Add", path = "name.familyName", value = "Normal" }, new { op = "Replace", path = "title", value = "Boss" });
        Assert.Equal("Otto Normal", user.GetProperty("displayName").GetString());
        var value = new Dictionary<string, object> { ["name.familyName"] = "Verbraucher", ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"] = "X", ["externalId"] = "o-2" + id };
        user = await directory.PatchAsync($"/Users/{id}", new { op = "replace", value });
        Assert.Equal(("Otto Verbraucher", "o-2" + id), (user.GetProperty("displayName").GetString(), user.GetProperty("externalId").GetString()));
        user = await directory.PatchAsync($"/Users/{id}", new { op = "remove", path = "externalId" });
        Assert.False(user.TryGetProperty("externalId", out _));
        user = await directory.PatchAsync($"/Users/{id}", new { op = "Replace", path = "emails[type eq \"work\"].value", value = user.GetProperty("emails")[0].GetProperty("value").GetString() });
        Assert.Equal(1, user.GetProperty("emails").GetArrayLength());

        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}", new { op = "replace", path = "id", value = Guid.NewGuid() }), HttpStatusCode.BadRequest, "mutability");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}", new { op = "replace", path = "favouriteColour", value = "blue" }), HttpStatusCode.BadRequest, "invalidPath");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}", new { op = "remove" }), HttpStatusCode.BadRequest, "noTarget");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}", new { op = "replace", path = "active", value = "perhaps" }), HttpStatusCode.BadRequest, "invalidValue");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}", new { op = "move", path = "active" }), HttpStatusCode.BadRequest, "invalidSyntax");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{id}"), HttpStatusCode.BadRequest, "invalidSyntax");
    }

    [Fact]
    public async Task AGroup_IsATeam_ThatPeopleCannotEditByHand_AndWhoLeavesItLosesLeases()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var (kim, leo) = (await town.JoinAsync("labeler"), await directory.AddAsync(Name("leo")));
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Delete, $"/api/projects/{town.Project}/members/{kim.PersonId}"));
        var team = await directory.GroupAsync(Name("Boats"), kim.PersonId);
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/teams/{team}", new { role = "labeler" }));
        var task = (await town.NextAsync(kim))!.Value.GetProperty("id").GetGuid();
        var row = (await town.Owner.GetAsync("/api/teams?limit=200")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == team);
        Assert.Equal(("scim", 1), (row.GetProperty("source").GetString(), row.GetProperty("people").GetInt32()));

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Put, $"/api/teams/{team}/people/{leo}", null), (HttpMethod.Delete, $"/api/teams/{team}/people/{kim.PersonId}", null), (HttpMethod.Put, $"/api/teams/{team}", new { name = "Mine" }), (HttpMethod.Delete, $"/api/teams/{team}", null),
        }) await town.Owner.SendAsync(method, path, body).IsProblemAsync(HttpStatusCode.Conflict, "team.synchronized");

        await directory.PatchAsync($"/Groups/{team}", new { op = "Add", path = "members", value = new[] { new { value = leo } } });
        Assert.Equal(team, (await directory.FindAsync("/Groups", $"members[value eq \"{leo}\"]")).Single());
        Assert.Equal(team, (await directory.GetAsync($"/Users/{leo}")).GetProperty("groups")[0].GetProperty("value").GetGuid());
        var group = await directory.PatchAsync($"/Groups/{team}", new { op = "Remove", path = $"members[value eq \"{kim.PersonId}\"]" });
        Assert.Equal(leo, group.GetProperty("members").EnumerateArray().Single().GetProperty("value").GetGuid());
        await using var db = host.Database.Open();
        Assert.Null((await db.Tasks.IgnoreQueryFilters().AsNoTracking().SingleAsync(t => t.Id == task, Ct)).HolderId);
        await kim.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");

        // Entra's older way to remove, and a rename without a path.
        group = await directory.PatchAsync($"/Groups/{team}", new { op = "Remove", path = "members", value = new[] { new { value = leo } } }, new { op = "replace", value = new { id = team, displayName = Name("Ships") } });
        Assert.Empty(group.GetProperty("members").EnumerateArray());
        group = await directory.OkAsync(HttpMethod.Put, $"/Groups/{team}", new { schemas = new[] { DirectoryClient.Group }, displayName = Name("Vessels"), members = new[] { new { value = leo }, new { value = kim.PersonId }, new { value = leo } } });
        Assert.Equal(2, group.GetProperty("members").GetArrayLength());
        Assert.False((await directory.GetAsync($"/Groups/{team}?excludedAttributes=members")).TryGetProperty("members", out _));

        Assert.Equal(HttpStatusCode.NoContent, (await directory.SendAsync(HttpMethod.Delete, $"/Groups/{team}")).StatusCode);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, $"/Groups/{team}"), HttpStatusCode.NotFound);
        var acts = (await host.AuditAsync()).Where(e => e.Subjects.Contains(team.ToString(), StringComparison.Ordinal) && e.Actor == ActorKind.ApiKey).Select(e => e.Act).ToHashSet();
        Assert.Equal([AuditActs.TeamCreated, AuditActs.TeamDeleted, AuditActs.TeamMemberAdded, AuditActs.TeamMemberRemoved, AuditActs.TeamRenamed], acts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ADeactivatedMember_StaysInTheGroup_AndComesBackIntoTheTeam()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var (mia, nora) = (await directory.AddAsync(Name("mia")), await directory.AddAsync(Name("nora"), active: false));
        var team = await directory.GroupAsync(Name("Rowers"), mia, nora);
        async Task<int> Inside() => (await town.Owner.GetAsync("/api/teams?limit=200")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == team).GetProperty("people").GetInt32();
        Assert.Equal(1, await Inside());

        await directory.PatchAsync($"/Users/{mia}", new { op = "replace", path = "active", value = false });
        Assert.Equal(0, await Inside());
        Assert.Equal(2, (await directory.GetAsync($"/Groups/{team}")).GetProperty("members").GetArrayLength());
        await directory.PatchAsync($"/Groups/{team}", new { op = "remove", path = $"members[value eq \"{nora}\"]" });
        await directory.PatchAsync($"/Users/{mia}", new { op = "replace", path = "active", value = true });
        await directory.PatchAsync($"/Users/{nora}", new { op = "replace", path = "active", value = true });
        Assert.Equal(1, await Inside());
    }

    [Fact]
    public async Task Pages_GoByIndexAndCount_AndVersionsGuardChanges()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var prefix = Name("page");
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++) ids.Add(await directory.GroupAsync($"{prefix} {i}"));
        async Task<JsonElement> Page(string query) => await directory.GetAsync($"/Groups?filter={Uri.EscapeDataString($"displayName sw \"{prefix}\"")}&{query}");

        var page = await Page("startIndex=2&count=2");
        Assert.Equal((5, 2, 2), (page.GetProperty("totalResults").GetInt32(), page.GetProperty("startIndex").GetInt32(), page.GetProperty("itemsPerPage").GetInt32()));
        // By id, which in tests, where the clock stands still, is not the order of making.
        var ordered = new List<Guid>();
        for (var i = 1; i <= 5; i += 2) ordered.AddRange((await Page($"startIndex={i}&count=2")).GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetGuid()));
        Assert.Equal(ids.Order(), ordered.Order());
        Assert.Equal(ordered[1..3], page.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetGuid()));
        Assert.Equal(0, (await Page("count=0")).GetProperty("Resources").GetArrayLength());
        Assert.Equal(1, (await Page("startIndex=-7&count=-1")).GetProperty("startIndex").GetInt32());
        Assert.Equal(0, (await Page("startIndex=2147483647&count=2147483647")).GetProperty("itemsPerPage").GetInt32());
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, "/Groups?count=many"), HttpStatusCode.BadRequest, "invalidValue");

        var version = (await directory.GetAsync($"/Groups/{ids[0]}")).GetProperty("meta").GetProperty("version").GetString();
        var rename = new { schemas = new[] { DirectoryClient.PatchOp }, Operations = new[] { new { op = "replace", path = "displayName", value = prefix + " first" } } };
        await BrowserSession.OkAsync(await directory.SendAsync(HttpMethod.Patch, $"/Groups/{ids[0]}", rename, version));
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Patch, $"/Groups/{ids[0]}", rename, version), HttpStatusCode.PreconditionFailed);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Delete, $"/Groups/{ids[0]}", ifMatch: version), HttpStatusCode.PreconditionFailed);
        using var known = new HttpRequestMessage(HttpMethod.Get, $"/scim/v2/Groups/{ids[1]}");
        known.Headers.TryAddWithoutValidation("If-None-Match", (await directory.GetAsync($"/Groups/{ids[1]}")).GetProperty("meta").GetProperty("version").GetString());
        Assert.Equal(HttpStatusCode.NotModified, (await directory.Http.SendAsync(known, Ct)).StatusCode);
    }

    [Fact]
    public async Task TheService_DescribesItself()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var service = await directory.GetAsync("/ServiceProviderConfig");
        Assert.True(service.GetProperty("patch").GetProperty("supported").GetBoolean() && service.GetProperty("etag").GetProperty("supported").GetBoolean());
        Assert.False(service.GetProperty("bulk").GetProperty("supported").GetBoolean() || service.GetProperty("sort").GetProperty("supported").GetBoolean());
        Assert.Equal(["User", "Group"], (await directory.GetAsync("/ResourceTypes")).GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetString()));
        Assert.Equal(DirectoryClient.Group, (await directory.GetAsync($"/Schemas/{DirectoryClient.Group}")).GetProperty("id").GetString());
        Assert.Equal("/Users", (await directory.GetAsync("/ResourceTypes/User")).GetProperty("endpoint").GetString());
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, "/Schemas/none"), HttpStatusCode.NotFound);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Bulk", new { }), HttpStatusCode.NotFound);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, "/Me"), HttpStatusCode.NotFound);
    }

    private static string Name(string of) => $"{of}-{Guid.NewGuid():N}@directory.example";
}

/// <summary>On SQLite.</summary>
public sealed class ScimOnSqliteTests(SqliteTown town) : ScimTests(town), IClassFixture<SqliteTown>;

/// <summary>On PostgreSQL.</summary>
public sealed class ScimOnPostgresTests(PostgresTown town) : ScimTests(town), IClassFixture<PostgresTown>;
