using System.Net;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features.Scim;

/// <summary>What a directory is not let do.</summary>
public abstract partial class ScimTests
{
    [Fact]
    public async Task OnlyAKeyOfTheScope_ThatAnOwnerIssued_ComesIn()
    {
        using var narrow = await DirectoryClient.OfAsync(host, town.Owner, "admin", "people.manage");
        await DirectoryClient.IsRefusedAsync(narrow.SendAsync(HttpMethod.Get, "/Users"), HttpStatusCode.Forbidden);
        using var low = await DirectoryClient.OfAsync(host, town.Owner, "member");
        await DirectoryClient.IsRefusedAsync(low.SendAsync(HttpMethod.Get, "/Users"), HttpStatusCode.Forbidden);
        using var nobody = new HttpClient { BaseAddress = host.Url };
        await DirectoryClient.IsRefusedAsync(nobody.GetAsync("/scim/v2/Users", Ct), HttpStatusCode.Unauthorized);
        // An owner's own session is no key, and a directory's key is nothing else.
        await DirectoryClient.IsRefusedAsync(town.Owner.Http.GetAsync("/scim/v2/Users", Ct), HttpStatusCode.Unauthorized);
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        await directory.Http.GetAsync("/api/people", Ct).IsProblemAsync(HttpStatusCode.Forbidden, "key.scope");

        var email = Name("admin");
        await town.Owner.PostAsync("/api/people", new { email, name = "Admin", role = "admin", password = ControlPlaneHost.Password });
        using var admin = await host.SignInAsync(email);
        var account = (await admin.PostAsync("/api/service-accounts", new { name = "Mine", role = "admin" })).GetProperty("id").GetGuid();
        var terms = new { name = "SCIM", scopes = new[] { "directory.provision" }, expiresAt = host.Clock.GetUtcNow().AddDays(3) };
        await admin.SendAsync(HttpMethod.Post, $"/api/service-accounts/{account}/keys", terms).IsProblemAsync(HttpStatusCode.Forbidden, "key.owners_only");
        var key = await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", terms);
        await admin.SendAsync(HttpMethod.Post, $"/api/service-accounts/{account}/keys/{key.GetProperty("id").GetGuid()}/rotate", new { overlapMinutes = 5, expiresAt = host.Clock.GetUtcNow().AddDays(3) })
            .IsProblemAsync(HttpStatusCode.Forbidden, "key.owners_only");
    }

    [Fact]
    public async Task WhatIsForeign_DoesNotExist()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var email = Name("other-owner");
        await host.OrganizationAsync(email);
        using var other = await host.SignInAsync(email);
        using var theirs = await DirectoryClient.OfAsync(host, other);
        var (stranger, group) = (await theirs.AddAsync(Name("foreign")), await theirs.GroupAsync("Foreign"));
        var manual = (await town.Owner.PostAsync("/api/teams", new { name = Name("By hand") })).GetProperty("id").GetGuid();
        var account = (await town.Owner.GetAsync("/api/service-accounts")).GetProperty("items")[0].GetProperty("id").GetGuid();

        var patch = new { schemas = new[] { DirectoryClient.PatchOp }, Operations = new[] { new { op = "replace", path = "displayName", value = "Mine" } } };
        foreach (var path in new[] { $"/Users/{stranger}", $"/Groups/{group}", $"/Groups/{manual}", $"/Users/{account}", $"/Users/{Guid.NewGuid()}", "/Users/1%20or%201=1", "/Groups/x" })
        {
            var put = new { schemas = new[] { path.StartsWith("/U", StringComparison.Ordinal) ? DirectoryClient.User : DirectoryClient.Group }, userName = "a@b.example", displayName = "x" };
            foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Get, null), (HttpMethod.Put, put), (HttpMethod.Patch, patch), (HttpMethod.Delete, null) })
                await DirectoryClient.IsRefusedAsync(directory.SendAsync(method, path, body), HttpStatusCode.NotFound);
        }

        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Groups", new { schemas = new[] { DirectoryClient.Group }, displayName = Name("Mixed"), members = new[] { new { value = stranger } } }), HttpStatusCode.BadRequest, "invalidValue");
        Assert.Empty(await directory.FindAsync("/Users", $"id eq \"{stranger}\""));
        Assert.Empty(await directory.FindAsync("/Groups", $"members eq \"{stranger}\""));
        Assert.Equal("Foreign", (await theirs.GetAsync($"/Groups/{group}")).GetProperty("displayName").GetString());
        Assert.True((await theirs.GetAsync($"/Users/{stranger}")).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task RolesAndPasswords_HaveNoWayIn()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var name = Name("greedy");
        var made = await directory.OkAsync(HttpMethod.Post, "/Users", new
        {
            schemas = new[] { DirectoryClient.User }, id = Guid.NewGuid(), userName = name, displayName = "Greedy", password = "correct horse battery", role = "owner", organizationRole = "owner", organizationId = Guid.NewGuid(),
            roles = new[] { new { value = "owner", primary = true } }, entitlements = new[] { new { value = "admin" } }, isServiceAccount = true, groups = new[] { new { value = Guid.NewGuid() } }, meta = new { version = "x" },
        });
        var id = made.GetProperty("id").GetGuid();
        await directory.PatchAsync($"/Users/{id}", new { op = "add", path = "roles", value = new[] { new { value = "owner" } } }, new { op = "add", path = "password", value = "correct horse battery" }, new { op = "replace", value = new { roles = "owner", password = "x" } });

        var person = await town.Owner.GetAsync($"/api/people/{id}");
        Assert.Equal(("member", "invited"), (person.GetProperty("role").GetString(), person.GetProperty("status").GetString()));
        using var browser = new BrowserSession(host);
        await browser.SendAsync(HttpMethod.Post, "/api/session", new { email = name, password = "correct horse battery", keyThumbprint = browser.Thumbprint }).IsProblemAsync(HttpStatusCode.Unauthorized, "session.refused");
    }

    [Fact]
    public async Task Owners_GoByTheDirectorysWord_ButNotTheLastOne_NorTheWayInWithoutIt()
    {
        var (email, second) = (Name("sole"), Name("second"));
        await host.OrganizationAsync(email);
        using var owner = await host.SignInAsync(email);
        using var directory = await DirectoryClient.OfAsync(host, owner);

        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{owner.PersonId}", new { op = "replace", path = "active", value = false }), HttpStatusCode.Conflict);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Delete, $"/Users/{owner.PersonId}"), HttpStatusCode.Conflict);
        var other = (await owner.PostAsync("/api/people", new { email = second, name = "Second", role = "owner", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid();
        // Whoever writes an owner's address could become the owner.
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{other}", new { op = "replace", path = "emails[type eq \"work\"].value", value = Name("thief") }), HttpStatusCode.BadRequest, "mutability");
        await directory.PatchAsync($"/Users/{other}", new { op = "replace", path = "active", value = false });
        await owner.GetAsync("/api/session");
        // Both at once: one of them stays.
        await directory.PatchAsync($"/Users/{other}", new { op = "replace", path = "active", value = true });
        var both = await Task.WhenAll(directory.SendAsync(HttpMethod.Delete, $"/Users/{other}"), directory.SendAsync(HttpMethod.Delete, $"/Users/{owner.PersonId}"));
        Assert.Contains(both, r => r.StatusCode == HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task AnAddress_MovesOnlyToAProvenDomain_AndNamesStayUnique()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var (anton, berta) = (Name("anton"), Name("berta"));
        var (a, b) = (await directory.AddAsync(anton, "A-" + anton), await directory.AddAsync(berta));

        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{a}", new { op = "replace", path = "emails[type eq \"work\"].value", value = "boss@victim.example" }), HttpStatusCode.BadRequest, "mutability");
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", new { schemas = new[] { DirectoryClient.User }, userName = anton.ToUpperInvariant() }), HttpStatusCode.Conflict, "uniqueness");
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", new { schemas = new[] { DirectoryClient.User }, userName = "other", emails = new[] { new { value = anton } } }), HttpStatusCode.Conflict, "uniqueness");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Users/{b}", new { op = "replace", path = "externalId", value = "A-" + anton }), HttpStatusCode.Conflict, "uniqueness");
        // A userName that is no address is fine beside one that is.
        var user = await directory.PatchAsync($"/Users/{b}", new { op = "replace", path = "userName", value = "CORP\\" + berta.Split('@')[0] });
        Assert.Equal(berta, user.GetProperty("emails")[0].GetProperty("value").GetString());
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", new { schemas = new[] { DirectoryClient.User }, userName = "no address" }), HttpStatusCode.BadRequest, "invalidValue");
        var team = Name("Team");
        await directory.GroupAsync(team);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Groups", new { schemas = new[] { DirectoryClient.Group }, displayName = team.ToUpperInvariant() }), HttpStatusCode.Conflict, "uniqueness");
    }

    [Theory]
    [InlineData("userName")]
    [InlineData("userName eq")]
    [InlineData("userName eq 'x'")]
    [InlineData("userName eq \"x")]
    [InlineData("userName eq \"x\" or")]
    [InlineData("(userName eq \"x\"")]
    [InlineData("userName eq \"x\"; drop table people; --")]
    [InlineData("passwordHash sw \"A\"")]
    [InlineData("Person.PasswordHash pr")]
    [InlineData("userName gt \"a\"")]
    [InlineData("active eq \"' or 1=1 --\"")]
    [InlineData("roles eq \"owner\"")]
    [InlineData("emails[value eq \"x\"")]
    [InlineData("emails[emails[value eq \"x\"]]")]
    [InlineData("members[value eq \"a\" and value eq \"b\"]")]
    [InlineData("userName eq \"\\u0000\"")]
    [InlineData("userName eq \"\\ud800\"")]
    public async Task AFilter_ThatIsNone_IsRefusedAsSuch(string filter)
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, $"{(filter.StartsWith('m') ? "/Groups" : "/Users")}?filter={Uri.EscapeDataString(filter)}"), HttpStatusCode.BadRequest, "invalidFilter");
    }

    [Theory]
    [InlineData("' or '1'='1")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\\\\\\\")]
    [InlineData("*")]
    [InlineData("\\\" or userName pr or userName eq \\\"")]
    public async Task WhatAFilterHolds_IsAValueAndNothingElse(string value)
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        foreach (var op in new[] { "eq", "co", "sw", "ew" }) Assert.Empty(await directory.FindAsync("/Users", $"userName {op} \"{value}\""));
    }

    [Fact]
    public async Task LargeAndDeepOnes_AreRefused()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var many = string.Join(" or ", Enumerable.Repeat("active eq true", 51));
        var deep = new string('(', 500) + "active eq true" + new string(')', 500);
        foreach (var filter in new[] { many, deep, "userName eq \"" + new string('x', 3000) + "\"", string.Concat(Enumerable.Repeat("not (", 300)) + "active pr" + new string(')', 300) })
            await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Get, $"/Users?filter={Uri.EscapeDataString(filter)}"), HttpStatusCode.BadRequest, "invalidFilter");
        Assert.NotEmpty(await directory.FindAsync("/Users", string.Join(" or ", Enumerable.Repeat("active eq true", 50))));

        var open = "{\"schemas\":[\"" + DirectoryClient.User + "\"],\"userName\":\"d@deep.example\",\"x\":";
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", open + new string('[', 5000) + new string(']', 5000) + "}"), HttpStatusCode.BadRequest, "invalidSyntax");
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", open + "\"" + new string('x', 5 * 1024 * 1024) + "\"}"), HttpStatusCode.RequestEntityTooLarge, "tooMany");
        await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", "{\"schemas\":[\"" + DirectoryClient.User + "\"],\"userName\":\"a@b.example\",\"userName\":\"c@d.example\"}"), HttpStatusCode.BadRequest, "invalidSyntax");
        foreach (var body in new[] { "", "null", "[]", "{", "{\"schemas\":7}", "{\"userName\":\"x@y.example\"}", "{\"schemas\":[null,{}]}" })
            await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", body), HttpStatusCode.BadRequest, "invalidSyntax");
        foreach (var fields in new[] { "\"userName\":7", "\"userName\":\"x@y.example\",\"name\":\"x\"", "\"userName\":\"x@y.example\",\"emails\":7", "\"userName\":\"x@y.example\",\"emails\":[7]", "\"userName\":\"x@y.example\",\"active\":{}", "\"userName\":\"a\\u0000@y.example\"", "\"userName\":\"x@y.example\",\"displayName\":\"\\u202Eevil\"", "\"userName\":\"" + new string('x', 300) + "\"" })
            await DirectoryClient.IsRefusedAsync(directory.SendAsync(HttpMethod.Post, "/Users", "{\"schemas\":[\"" + DirectoryClient.User + "\"]," + fields + "}"), HttpStatusCode.BadRequest, "invalidValue");
        var group = await directory.GroupAsync(Name("Bounded"));
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Groups/{group}", [.. Enumerable.Repeat(new { op = "replace", path = "displayName", value = "x" }, 1001)]), HttpStatusCode.RequestEntityTooLarge, "tooMany");
        await DirectoryClient.IsRefusedAsync(directory.TryPatchAsync($"/Groups/{group}", new { op = "add", path = "members", value = Enumerable.Range(0, 20_001).Select(_ => new { value = Guid.NewGuid() }) }), HttpStatusCode.RequestEntityTooLarge, "tooMany");
        using var picture = new ByteArrayContent([1, 2, 3]);
        picture.Headers.ContentType = new("image/png");
        await DirectoryClient.IsRefusedAsync(directory.Http.PostAsync("/scim/v2/Users", picture, Ct), HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Members_ThatComeAtOnce_AreAllThere()
    {
        using var directory = await DirectoryClient.OfAsync(host, town.Owner);
        var team = await directory.GroupAsync(Name("Crowd"));
        var people = new List<Guid>();
        for (var i = 0; i < 8; i++) people.Add(await directory.AddAsync(Name($"crowd{i}")));

        await Task.WhenAll(people.Select(p => directory.PatchAsync($"/Groups/{team}", new { op = "add", path = "members", value = new[] { new { value = p } } })));

        Assert.Equal(people.Order(), (await directory.GetAsync($"/Groups/{team}")).GetProperty("members").EnumerateArray().Select(m => m.GetProperty("value").GetGuid()).Order());
    }
}
