using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Security.Proofs;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Programs by API key: what a key leaves of its account's rights, and how it ends.</summary>
public abstract class ApiKeyTests(SharedTown shared)
{
    private const string Accounts = "/api/service-accounts";

    private readonly ControlPlaneHost host = shared.Host;
    private readonly Town town = shared.Town;

    [Fact]
    public async Task Key_DoesWhatItsScopesAndItsAccountAllow_AndNothingElse()
    {
        var account = await AccountAsync("projectAdmin");
        using var program = Program(await KeyAsync(account, ["project.view", "assets.explore", "organization.use"]));

        Assert.Equal(town.Project, (await program.OkAsync(HttpMethod.Get, $"/api/projects/{town.Project}")).GetProperty("id").GetGuid());
        Assert.True((await program.OkAsync(HttpMethod.Get, $"/api/projects/{town.Project}/assets")).GetProperty("items").GetArrayLength() > 0);
        // Its role would allow these; its scopes do not.
        await program.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}/members").IsProblemAsync(HttpStatusCode.Forbidden, "key.scope");
        await program.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/anonymization", new { on = true }).IsProblemAsync(HttpStatusCode.Forbidden, "key.scope");
        // Its scopes would allow this; its role does not.
        using var other = Program(await KeyAsync(await AccountAsync("labeler"), ["assets.explore"]));
        await other.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}/assets").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        // No key rules over keys, and none has a session.
        await program.SendAsync(HttpMethod.Get, Accounts).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
        Assert.Equal(HttpStatusCode.NotFound, (await program.SendAsync(HttpMethod.Get, "/api/session")).StatusCode);
    }

    [Fact]
    public async Task Key_OfOneProject_DoesNotKnowTheOthers()
    {
        var account = await AccountAsync("labeler");
        var second = (await town.Owner.PostAsync("/api/projects", new { name = "Second", connectionIds = new[] { town.Connection }, ontology = Town.Ontology })).GetProperty("id").GetGuid();
        await town.Owner.PostAsync($"/api/projects/{second}/members", new { personId = account, role = "labeler" });
        using var program = Program(await KeyAsync(account, ["project.view", "organization.use"], projects: [second]));

        Assert.Equal(second, (await program.OkAsync(HttpMethod.Get, "/api/projects")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid());
        await program.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Owner.SendAsync(HttpMethod.Post, $"{Accounts}/{account}/keys", Terms(["project.view"], projects: [Guid.NewGuid()])).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "key.unknown_project");
    }

    [Fact]
    public async Task Label_ByAKey_IsTheAccountsWork_TheKeysAct_AndNeverItsReview()
    {
        var account = await AccountAsync("reviewer");
        var key = await KeyAsync(account, ["task.work", "task.review"]);
        using var program = Program(key);
        // Other tests share the town: reviews of other labels may come first and are given back.
        var task = (await program.OkAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 })).GetProperty("task");
        var id = task.GetProperty("id").GetGuid();
        var label = await program.OkAsync(HttpMethod.Post, $"{town.Tasks}/{id}/submit", new { document = Town.Label(), activeMs = 5 }, "program-submit-1");

        var entry = (await host.AuditAsync(town.Project)).Last(e => e.Act == AuditActs.LabelSubmitted);
        Assert.Equal((ActorKind.ApiKey, key.GetProperty("id").GetGuid()), (entry.Actor, entry.ActorId));
        var asset = await town.Manager.GetAsync($"/api/projects/{town.Project}/assets/{task.GetProperty("asset").GetProperty("id").GetGuid()}");
        Assert.Equal("Importer", asset.GetProperty("versions")[0].GetProperty("author").GetProperty("name").GetString());
        // Step separation holds for programs.
        var review = (await program.OkAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "review", reserve = 0 })).GetProperty("task");
        Assert.True(review.ValueKind == JsonValueKind.Null || review.GetProperty("label").GetProperty("id").GetGuid() != label.GetProperty("labelId").GetGuid());
        if (review.ValueKind != JsonValueKind.Null) await program.SendAsync(HttpMethod.Post, $"{town.Tasks}/{review.GetProperty("id").GetGuid()}/release");
    }

    [Fact]
    public async Task Grant_NeedsTheFetchScope_AndAProofOfTheProgramsOwnKey()
    {
        var account = await AccountAsync("labeler");
        using var browserless = new BrowserSession(host);
        using var without = Program(await KeyAsync(account, ["task.work"]));
        using var with = Program(await KeyAsync(account, ["task.work", ApiKey.FetchScope], thumbprint: browserless.Thumbprint));
        var task = (await with.OkAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 0 })).GetProperty("task").GetProperty("id").GetGuid();
        var path = $"{town.Tasks}/{task}/grant";
        string Proof(System.Security.Cryptography.ECDsa key) => ProofReader.Sign(key, new ProofExpectation("POST", new Uri(host.Url, path).ToString()), host.Clock.GetUtcNow());

        await without.SendAsync(HttpMethod.Post, path, proof: Proof(browserless.Key)).IsProblemAsync(HttpStatusCode.Forbidden, "key.scope");
        using var stranger = new BrowserSession(host);
        await with.SendAsync(HttpMethod.Post, path, proof: Proof(stranger.Key)).IsProblemAsync(HttpStatusCode.Forbidden, "proof.key_mismatch");
        Assert.False(string.IsNullOrEmpty((await with.OkAsync(HttpMethod.Post, path, proof: Proof(browserless.Key))).GetProperty("grant").GetString()));

        await town.Owner.SendAsync(HttpMethod.Post, $"{Accounts}/{account}/keys", Terms([ApiKey.FetchScope])).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await with.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/release");
    }

    [Fact]
    public async Task Key_IsRefused_RevokedLapsedForeignOrMadeUp()
    {
        var account = await AccountAsync("labeler");
        var key = await KeyAsync(account, ["project.view"]);
        var path = $"/api/projects/{town.Project}";
        using var program = Program(key);
        await program.OkAsync(HttpMethod.Get, path);
        var text = key.GetProperty("key").GetString()!;

        foreach (var wrong in new[] { text[..^1] + (text[^1] == '0' ? '1' : '0'), text[..14] + new string('0', 64), "hyk1_", "hyk1_" + new string('z', 8), text + "0" })
        {
            using var forger = new Programme(host, wrong);
            await forger.SendAsync(HttpMethod.Get, path).IsProblemAsync(HttpStatusCode.Unauthorized, "key.refused");
        }

        using var elsewhere = Program(await KeyAsync(account, ["project.view"], addresses: ["192.0.2.0/24"]));
        await elsewhere.SendAsync(HttpMethod.Get, path).IsProblemAsync(HttpStatusCode.Unauthorized, "key.refused");
        using var here = Program(await KeyAsync(account, ["project.view"], addresses: ["192.0.2.0/24", "127.0.0.0/8", "::1/128"]));
        await here.OkAsync(HttpMethod.Get, path);

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Delete, $"{Accounts}/{account}/keys/{key.GetProperty("id").GetGuid()}"));
        await program.SendAsync(HttpMethod.Get, path).IsProblemAsync(HttpStatusCode.Unauthorized, "key.refused");
        // A second time there is nothing to do.
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Delete, $"{Accounts}/{account}/keys/{key.GetProperty("id").GetGuid()}"));
        await town.Owner.SendAsync(HttpMethod.Post, $"{Accounts}/{account}/keys/{key.GetProperty("id").GetGuid()}/rotate", new { overlapMinutes = 5, expiresAt = host.Clock.GetUtcNow().AddDays(30) })
            .IsProblemAsync(HttpStatusCode.Conflict, "key.not_live");
    }

    [Fact]
    public async Task Key_OfADeactivatedAccount_IsRefused()
    {
        var account = await AccountAsync("labeler");
        using var program = Program(await KeyAsync(account, ["organization.use"]));
        await program.OkAsync(HttpMethod.Get, "/api/projects");

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Post, $"/api/people/{account}/deactivate"));

        await program.SendAsync(HttpMethod.Get, "/api/projects").IsProblemAsync(HttpStatusCode.Unauthorized, "key.refused");
    }

    [Fact]
    public async Task Rotation_LeavesBothKeysValid_ForTheOverlap()
    {
        var account = await AccountAsync("labeler");
        var old = await KeyAsync(account, ["project.view"]);
        var path = $"/api/projects/{town.Project}";
        var next = await town.Owner.PostAsync($"{Accounts}/{account}/keys/{old.GetProperty("id").GetGuid()}/rotate", new { overlapMinutes = 10, expiresAt = host.Clock.GetUtcNow().AddDays(90) });
        using var before = Program(old);
        using var after = Program(next);
        await before.OkAsync(HttpMethod.Get, path);
        await after.OkAsync(HttpMethod.Get, path);

        host.Clock.Advance(TimeSpan.FromMinutes(11));

        await before.SendAsync(HttpMethod.Get, path).IsProblemAsync(HttpStatusCode.Unauthorized, "key.refused");
        await after.OkAsync(HttpMethod.Get, path);
        var listed = (await town.Owner.GetAsync(Accounts)).GetProperty("items").EnumerateArray().Single(a => a.GetProperty("id").GetGuid() == account);
        Assert.Equal(2, listed.GetProperty("keys").GetArrayLength());
        Assert.All(listed.GetProperty("keys").EnumerateArray(), k => Assert.NotEqual(JsonValueKind.Null, k.GetProperty("lastUsedAt").ValueKind));
        // The listing holds no secret, and neither does the log.
        var secrets = new[] { old, next }.Select(k => k.GetProperty("key").GetString()![14..]);
        Assert.DoesNotContain(secrets, s => listed.GetRawText().Contains(s, StringComparison.Ordinal));
        Assert.DoesNotContain(await host.AuditAsync(), e => secrets.Any(s => e.Facts.Contains(s, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":[],"expiresAt":"2099-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"x","scopes":["keys.manage"],"expiresAt":"2026-12-24T00:00:00Z"}""")]
    [InlineData("""{"name":"x","scopes":["no.such_act"],"expiresAt":"2026-12-24T00:00:00Z"}""")]
    [InlineData("""{"name":"","scopes":["project.view"],"expiresAt":"2026-12-24T00:00:00Z"}""")]
    [InlineData("""{"name":"x","scopes":["project.view"],"expiresAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"x","scopes":["project.view"],"expiresAt":"2026-12-24T00:00:00Z","addresses":["everywhere"]}""")]
    [InlineData("""{"name":"x","scopes":["project.view"],"expiresAt":"2026-12-24T00:00:00Z","projects":[]}""")]
    [InlineData("""{"name":"x","scopes":["project.view"],"expiresAt":"2026-12-24T00:00:00Z","keyThumbprint":"short"}""")]
    [InlineData("""{"name":"x","scopes":null,"expiresAt":"2026-12-24T00:00:00Z"}""")]
    public async Task Terms_ThatMakeNoSense_AreRefusedField(string body) =>
        await town.Owner.SendAsync(HttpMethod.Post, $"{Accounts}/{Guid.NewGuid()}/keys", JsonElement.Parse(body)).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

    [Fact]
    public async Task Key_ForAPerson_IsNotIssued() =>
        await town.Owner.SendAsync(HttpMethod.Post, $"{Accounts}/{town.Ana.PersonId}/keys", Terms(["project.view"])).IsProblemAsync(HttpStatusCode.NotFound, "not_found");

    private async Task<Guid> AccountAsync(string role)
    {
        var account = (await town.Owner.PostAsync(Accounts, new { name = "Importer", role = "member" })).GetProperty("id").GetGuid();
        await town.Owner.PostAsync($"/api/projects/{town.Project}/members", new { personId = account, role });
        return account;
    }

    private Task<JsonElement> KeyAsync(Guid account, string[] scopes, Guid[]? projects = null, string[]? addresses = null, string? thumbprint = null) =>
        town.Owner.PostAsync($"{Accounts}/{account}/keys", Terms(scopes, projects, addresses, thumbprint));

    private object Terms(string[] scopes, Guid[]? projects = null, string[]? addresses = null, string? thumbprint = null) =>
        new { name = "Nightly import", scopes, projects, addresses, keyThumbprint = thumbprint, expiresAt = host.Clock.GetUtcNow().AddDays(30) };

    private Programme Program(JsonElement key) => new(host, key.GetProperty("key").GetString()!);

    /// <summary>A program: no cookie, no header of the workspace, only its key.</summary>
    private sealed class Programme : IDisposable
    {
        private readonly HttpClient http;

        public Programme(ControlPlaneHost host, string key)
        {
            http = new HttpClient { BaseAddress = host.Url };
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        public async Task<JsonElement> OkAsync(HttpMethod method, string path, object? body = null, string? idempotency = null, string? proof = null) =>
            await BrowserSession.OkAsync(await SendAsync(method, path, body, idempotency, proof));

        public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? idempotency = null, string? proof = null)
        {
            var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            if (idempotency is not null) request.Headers.Add("Idempotency-Key", idempotency);
            if (proof is not null) request.Headers.Add("DPoP", proof);
            return http.SendAsync(request);
        }

        public void Dispose() => http.Dispose();
    }
}

/// <summary>On SQLite.</summary>
public sealed class ApiKeyOnSqliteTests(SqliteTown town) : ApiKeyTests(town), IClassFixture<SqliteTown>;

/// <summary>On PostgreSQL.</summary>
public sealed class ApiKeyOnPostgresTests(PostgresTown town) : ApiKeyTests(town), IClassFixture<PostgresTown>;
