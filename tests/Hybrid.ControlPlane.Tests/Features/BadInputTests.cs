using System.Net;
using System.Text;
using System.Text.Json;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What should not come in, over HTTP, on each database: a refusal with a code and a remedy, never a 500.</summary>
public abstract class BadInputTests(SharedTown shared)
{
    private readonly Town town = shared.Town;

    private string Project => $"/api/projects/{town.Project}";

    [Fact]
    public async Task UnknownAndForeignIds_AreTheSame404()
    {
        var (other, task, asset, label) = await OtherProjectAsync();
        foreach (var (method, path, body) in ForeignRoutes.Of(town.Project, task).Where(r => r.Path.Contains(task.ToString(), StringComparison.Ordinal)))
        {
            using var foreign = await town.Owner.SendAsync(method, path, body, "foreign-key-1", "\"1\"");
            using var unknown = await town.Owner.SendAsync(method, path.Replace(task.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal), body, "foreign-key-1", "\"1\"");
            Assert.True(foreign.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {foreign.StatusCode}");
            Assert.Equal(await unknown.BareAsync(), await foreign.BareAsync());
        }

        foreach (var (mine, there) in new[] { ($"{Project}/assets/{asset}", $"{other}/assets/{asset}"), ($"{Project}/labels/{label}", $"{other}/labels/{label}") })
        {
            await town.Owner.GetAsync(there);
            using var foreign = await town.Owner.SendAsync(HttpMethod.Get, mine);
            using var unknown = await town.Owner.SendAsync(HttpMethod.Get, mine[..^36] + Guid.NewGuid());
            Assert.Equal((HttpStatusCode.NotFound, await unknown.BareAsync()), (foreign.StatusCode, await foreign.BareAsync()));
        }

        var mineOnly = (await town.Manager.GetAsync($"{Project}/assets?limit=1")).GetProperty("items")[0].GetProperty("id").GetGuid();
        await town.Owner.GrantAsync($"{Project}/assets/grant", new { assetIds = new[] { mineOnly, asset } }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        foreach (var path in new[] { $"{Project}/imports/{Guid.NewGuid()}/cancel", $"/api/agents/{Guid.NewGuid()}/tokens", $"/api/agents/{Guid.NewGuid()}/revoke", $"/api/connections/{Guid.NewGuid()}/probe" })
            await town.Owner.SendAsync(HttpMethod.Post, path).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/imports", new { connectionId = Guid.NewGuid() }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/members", new { personId = Guid.NewGuid(), role = "labeler" }).IsProblemAsync(HttpStatusCode.BadRequest, "person.unknown");
        await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{Guid.NewGuid()}", new { role = "labeler" }).IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = "x", connectionIds = new[] { Guid.NewGuid() } }).IsProblemAsync(HttpStatusCode.BadRequest, "connection.unknown");
    }

    [Fact]
    public async Task MalformedBodies_AreRefusedOnEveryRoute()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 2000)) + string.Concat(Enumerable.Repeat("]", 2000));
        byte[][] bodies =
        [
            [], Bytes("{"), Bytes("null"), Bytes("[]"), Bytes("7"), Bytes("\"x\""), Bytes("{\"name\":"), Bytes("{}{}"), Bytes("\0"), Bytes("{'name':'x'}"), Bytes(deep), Bytes($"{{\"document\":{deep}}}"),
            [0xFF, 0xFE, 0x7B, 0x00], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A],
        ];
        var routes = ForeignRoutes.Of(town.Project, Guid.NewGuid()).Concat(OrganizationRoutes.All).Where(r => r.Body is not null).Select(r => (r.Method, r.Path))
            .Concat([(HttpMethod.Post, "/api/session"), (HttpMethod.Post, "/api/session/unlock"), (HttpMethod.Post, "/agent/v1/enrol"), (HttpMethod.Post, "/agent/v1/rotate-key")]);
        foreach (var (method, path) in routes)
        {
            foreach (var body in bodies)
            {
                using var response = await RawAsync(method, path, body);
                Assert.True((int)response.StatusCode is >= 400 and < 500, $"{method} {path} with {Encoding.Latin1.GetString(body)[..Math.Min(body.Length, 40)]}: {(int)response.StatusCode}");
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Fact]
    public async Task WrongTypesAndAbsentMembers_AreRefusedOnEveryRoute()
    {
        // Each route's own body, with every member in turn absent, null, and of every wrong type.
        string[] wrong = ["null", "[]", "{}", "\"\"", "\"x\"", "true", "-1", "1e999", "99999999999999999999", "[null]", "[{}]", "\"\\u0000\""];
        foreach (var (method, path, body) in ForeignRoutes.Of(town.Project, Guid.NewGuid()).Concat(OrganizationRoutes.All).Where(r => r.Body is not null).Concat(Open()))
        {
            var members = JsonSerializer.SerializeToElement(body).EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetRawText());
            foreach (var member in members.Keys)
            {
                foreach (var value in wrong.Append(null))
                {
                    var text = "{" + string.Join(',', members.Where(m => m.Key != member || value is not null).Select(m => $"\"{m.Key}\":{(m.Key == member ? value : m.Value)}")) + "}";
                    using var response = await RawAsync(method, path, Bytes(text));
                    Assert.True((int)response.StatusCode < 500, $"{method} {path} with {text}: {(int)response.StatusCode}");
                }
            }
        }
    }

    [Fact]
    public async Task Names_ThatAreNoUtf8_AreRefused()
    {
        using var response = await RawAsync(HttpMethod.Post, "/api/projects", [.. Bytes("{\"name\":\"bo"), 0xC3, 0x28, .. Bytes("at\"}")]);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("bo\0at")]
    [InlineData("bo\u0007at")]
    [InlineData("bo\nat")]
    [InlineData("bo\u001b[31mat")]
    [InlineData("invoice\u202Egpj.exe")]
    [InlineData("\u2066boat\u2069")]
    [InlineData("bo\u2028at")]
    [InlineData("bo\u0085at")]
    public async Task Names_WithControlsOrTurnsOfDirection_AreRefused(string name)
    {
        foreach (var (path, body) in new (string, object)[] { ("/api/projects", new { name }), ("/api/agents", new { name }), ("/api/people", new { name, email = $"{Guid.NewGuid():N}@example.org", role = "member", password = ControlPlaneHost.Password }) })
        {
            var problem = await town.Owner.SendAsync(HttpMethod.Post, path, body).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _), $"{path}: {problem}");
        }
    }

    [Theory]
    [InlineData("قوارب الميناء")]
    [InlineData("סירות")]
    [InlineData("Bäume 🌲 ‘quoted’ & <b>")]
    [InlineData("'; drop table projects; --")]
    [InlineData("=cmd|' /C calc'!A0")]
    public async Task Names_InAnyScript_AreKeptAsTheyAre(string name)
    {
        var id = (await town.Owner.PostAsync("/api/projects", new { name })).GetProperty("id").GetGuid();
        Assert.Equal(name, (await town.Owner.GetAsync($"/api/projects/{id}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Names_HaveALength()
    {
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = new string('x', 201) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = "x", description = new string('x', 2001) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/projects", new { name = "x", description = "a\0b" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Post, "/api/agents", new { name = new string('x', 101) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../")]
    [InlineData("boats/../secret")]
    [InlineData("boats\\..\\secret")]
    [InlineData("./boats")]
    [InlineData("boats/\0")]
    [InlineData("boats/\n")]
    [InlineData("\u0085")]
    public async Task Prefixes_ThatClimbOrControl_AreRefused(string prefix)
    {
        var problem = await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/imports", new { connectionId = town.Connection, prefix }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("prefix", out _), problem.ToString());
    }

    [Fact]
    public async Task Prefixes_AreMeasuredInBytes_AndPercentStandsForItself()
    {
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/imports", new { connectionId = town.Connection, prefix = new string('ä', 513) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/imports", new { connectionId = town.Connection, include = new string?[] { null } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Project}/imports", new { connectionId = town.Connection, exclude = Enumerable.Repeat("*", 101) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

        const string prefix = "%2e%2e%2fboats/..%2f/%00+a..b/...";
        var import = await town.Owner.PostAsync($"{Project}/imports", new { connectionId = town.Connection, prefix });
        Assert.Equal(prefix, import.GetProperty("prefix").GetString());
        await Wait.UntilAsync(async () => (await town.Owner.GetAsync($"{Project}/imports")).GetProperty("items")[0].GetProperty("state").GetString() is "done" or "failed");
    }

    [Theory]
    [InlineData("assets?limit=0")]
    [InlineData("assets?limit=201")]
    [InlineData("assets?limit=-1")]
    [InlineData("assets?limit=99999999999999999999")]
    [InlineData("assets?limit=ten")]
    [InlineData("assets?status=lost")]
    [InlineData("assets?after=nobody")]
    [InlineData("assets?search=%00")]
    [InlineData("tasks?limit=0")]
    [InlineData("tasks?after=%00")]
    public async Task Queries_OutOfBounds_AreRefused(string query)
    {
        using var response = await town.Manager.SendAsync(HttpMethod.Get, $"{Project}/{query}");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Searches_AreTextAndNoPattern()
    {
        foreach (var (search, count) in new[] { ("%25", 0), ("_", 0), ("'", 0), ("\\", 0), ("boats", 5), ("0001.jpg", 1) })
            Assert.Equal((search, count), (search, (await town.Manager.GetAsync($"{Project}/assets?limit=5&search={search}")).GetProperty("items").GetArrayLength()));
        await town.Owner.SendAsync(HttpMethod.Get, "/api/people?after=%00").IsProblemAsync(HttpStatusCode.BadRequest, "request.malformed");
        await town.Owner.SendAsync(HttpMethod.Get, "/api/people?limit=-5").IsNoServerErrorAsync();
    }

    [Fact]
    public async Task Credentials_OfNonsense_AreRefused()
    {
        using var nobody = new BrowserSession(shared.Host);
        await nobody.SendAsync(HttpMethod.Post, "/api/session", new { email = "a\0@example.org", password = "x", keyThumbprint = nobody.Thumbprint }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await nobody.SendAsync(HttpMethod.Post, "/api/session", new { email = "a@example.org", password = "x", keyThumbprint = "short" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, "/api/session/unlock", new { proof = (string?)null }).IsProblemAsync(HttpStatusCode.Forbidden, "proof.malformed");
        await town.Ana.SendAsync(HttpMethod.Post, "/api/session/unlock", new { proof = "a.b.c" }).IsProblemAsync(HttpStatusCode.Forbidden, "proof.malformed");
        await nobody.SendAsync(HttpMethod.Post, "/agent/v1/enrol", new { token = "hya1.x.y.z", jwk = new { }, proof = "a.b.c", nonce = "0123456789abcdef", version = "1" }).IsProblemAsync(HttpStatusCode.Forbidden, "enrolment.token");
        await nobody.SendAsync(HttpMethod.Post, "/agent/v1/enrol", new { token = "x", jwk = new { }, proof = "x", nonce = "short", version = "1" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        nobody.Http.DefaultRequestHeaders.Add("Cookie", "hybrid=" + new string('x', 4000));
        await nobody.Http.GetAsync("/api/projects", TestContext.Current.CancellationToken).IsProblemAsync(HttpStatusCode.Unauthorized, "session.none");
    }

    [Fact]
    public async Task Refusals_LeaveNothingInTheLog()
    {
        // A project of its own: in the town's, an import of another test may still be finishing.
        var project = (await town.Owner.PostAsync("/api/projects", new { name = "Quiet", connectionIds = new[] { town.Connection } })).GetProperty("id").GetGuid();
        var before = (await shared.Host.AuditAsync(project)).Count;
        await town.Owner.SendAsync(HttpMethod.Post, $"/api/projects/{project}/members", new { personId = Guid.NewGuid(), role = "labeler" }).IsProblemAsync(HttpStatusCode.BadRequest, "person.unknown");
        await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{project}/ontology", new { document = 7 }, ifMatch: "\"1\"").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "ontology.invalid");
        Assert.Equal(before, (await shared.Host.AuditAsync(project)).Count);
    }

    private static IEnumerable<(HttpMethod Method, string Path, object? Body)> Open() =>
    [
        (HttpMethod.Post, "/agent/v1/enrol", new { token = "x", jwk = new { }, proof = "x", nonce = "0123456789abcdef", version = "1" }),
        (HttpMethod.Post, "/agent/v1/rotate-key", new { statement = "x", proof = "x" }),
        (HttpMethod.Post, "/api/session", new { email = "nobody@example.org", password = "x", keyThumbprint = "x" }),
        (HttpMethod.Post, "/api/session/unlock", new { proof = "x" }),
    ];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private Task<HttpResponseMessage> RawAsync(HttpMethod method, string path, byte[] body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Idempotency-Key", "malformed-key-1");
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        return town.Owner.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<(string Project, Guid Task, Guid Asset, Guid Label)> OtherProjectAsync()
    {
        var other = $"/api/projects/{(await town.Owner.PostAsync("/api/projects", new { name = "Other", connectionIds = new[] { town.Connection }, ontology = Town.Ontology })).GetProperty("id").GetGuid()}";
        await town.Owner.PostAsync($"{other}/imports", new { connectionId = town.Connection });
        await Wait.UntilAsync(async () => (await town.Owner.GetAsync($"{other}/imports")).GetProperty("items")[0] is var i && i.GetProperty("state").GetString() == "done" && i.GetProperty("described").GetInt32() == i.GetProperty("describedTotal").GetInt32());
        var first = (await town.Owner.PostAsync($"{other}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task");
        var label = await town.Owner.PostAsync($"{other}/tasks/{first.GetProperty("id").GetGuid()}/submit", new { document = Town.Label(), activeMs = 5 }, "other-0001");
        var task = (await town.Owner.PostAsync($"{other}/tasks/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        return (other, task, first.GetProperty("asset").GetProperty("id").GetGuid(), label.GetProperty("labelId").GetGuid());
    }
}

public sealed class BadInputOnSqliteTests(SqliteTown shared) : BadInputTests(shared), IClassFixture<SqliteTown>;

public sealed class BadInputOnPostgresTests(PostgresTown shared) : BadInputTests(shared), IClassFixture<PostgresTown>;
