using System.Net;
using System.Text;
using System.Text.Json;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Labels, drafts, reviews and ontologies that break rules: every violation named, the draft kept, nothing written.</summary>
public abstract class BadLabelTests(SharedTown shared) : IAsyncLifetime
{
    private readonly Town town = shared.Town;
    private string task = null!;

    private string Ontology => $"/api/projects/{town.Project}/ontology";

    public async ValueTask InitializeAsync() => task = $"{town.Tasks}/{(await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid()}";

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("""{"x":950,"y":20,"w":100,"h":50}""", "outside_asset")]
    [InlineData("""{"x":-0.001,"y":20,"w":100,"h":50}""", "outside_asset")]
    [InlineData("""{"x":10,"y":20,"w":0,"h":50}""", "zero_area")]
    [InlineData("""{"x":1e400,"y":20,"w":100,"h":50}""", "not_finite")]
    [InlineData("""{"x":1e300,"y":20,"w":100,"h":50}""", "wrong_geometry")]
    [InlineData("""{"x":10,"x":10,"y":20,"w":100,"h":50}""", "duplicate_member")]
    [InlineData("""{"x":"10","y":20,"w":100,"h":50}""", "wrong_geometry")]
    [InlineData("""{"x":10,"y":20,"w":100,"h":50,"url":"\ud800"}""", "bad_text")]
    [InlineData("null", "wrong_geometry")]
    public async Task Geometry_ThatIsWrong_IsNamedAndTheDraftKept(string geometry, string code)
    {
        var document = $$$"""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":[{"id":"{{{Guid.CreateVersion7()}}}","tool":"boat","geometry":{{{geometry}}},"answers":{"kind":["sail"]}}]}""";
        var revision = await RevisionAsync() + 1;
        await BrowserSession.OkAsync(await town.Ana.SendAsync(HttpMethod.Put, $"{task}/draft", new { document = Town.Label(), revision, activeMs = 1 }));

        var problem = await SubmitRawAsync(document).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "label.invalid");

        var violation = Assert.Single(problem.GetProperty("violations").EnumerateArray());
        Assert.Equal(code, violation.GetProperty("code").GetString());
        Assert.Equal(revision, await RevisionAsync());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"label\"")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":9}""")]
    [InlineData("""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":7}""")]
    public async Task Document_OfAnotherShape_IsInvalid(string document) =>
        await SubmitRawAsync(document).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "label.invalid");

    [Fact]
    public async Task Document_BeyondTheLimits_IsRefusedWithTheNumber()
    {
        var many = string.Join(',', Enumerable.Range(0, 50_001).Select(i => $$$"""{"id":"0195a000-0000-7000-8000-{{{i:x12}}}","tool":"boat","geometry":{"x":1,"y":1,"w":5,"h":5}}"""));
        var problem = await SubmitRawAsync($$"""{"schema":"hybrid.label/1","ontologyVersion":1,"objects":[{{many}}]}""").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "label.invalid");
        Assert.Contains("50000", problem.GetProperty("violations")[0].GetProperty("message").GetString(), StringComparison.Ordinal);

        await SubmitRawAsync($$$"""{"schema":"hybrid.label/1","ontologyVersion":1,"answers":{"note":"{{{new string('ä', 10 * 1024 * 1024)}}}"}}""").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "label.too_large");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("101")]
    public async Task IdempotencyKey_IsNeeded(string? key) =>
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/submit", new { document = Town.Label(), activeMs = 1 }, key == "101" ? new string('k', 101) : key).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

    [Fact]
    public async Task Numbers_OutOfBounds_AreRefused()
    {
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/submit", new { document = Town.Label(), activeMs = -1 }, "numbers-0001").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Put, $"{task}/draft", new { document = Town.Label(), revision = 0, activeMs = 1 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Put, $"{task}/dimensions", new { width = 0, height = 1 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Put, $"{task}/dimensions", new { width = 1, height = 1_000_001 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Put, $"{task}/dimensions", new { width = 1, height = 1, orientation = 9 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = "label", reserve = 3 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/next", new { kind = 7, reserve = 0 }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/skip", new { reason = "" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/skip", new { reason = "a\0b" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/skip", new { reason = "a\u001b[31m" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Ana.SendAsync(HttpMethod.Post, $"{task}/skip", new { reason = new string('x', 2001) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Reviewer.SendAsync(HttpMethod.Post, $"{task}/review", new { outcome = "approve", labelId = Guid.NewGuid(), score = 6, activeMs = 1 }, "numbers-0002").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.GrantAsync($"/api/projects/{town.Project}/assets/grant", new { }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.GrantAsync($"/api/projects/{town.Project}/assets/grant", new { assetIds = Array.Empty<Guid>() }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await town.Manager.GrantAsync($"/api/projects/{town.Project}/assets/grant", new { assetIds = Enumerable.Range(0, 51).Select(_ => Guid.NewGuid()) }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Draft_WithNulAndHalfCharacters_IsKeptAsItWasTyped()
    {
        // A draft may break rules: what was typed is not lost, whatever it is.
        var revision = await RevisionAsync() + 1;
        const string document = """{"answers":{"note":"a\u0000b \ud83d\ude00 ‮"},"objects":[{"x":1e308}]}""";

        using var saved = await RawAsync(HttpMethod.Put, $"{task}/draft", $$"""{"document":{{document}},"revision":{{revision}},"activeMs":1}""");

        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("a\0b 😀 ‮", (await town.Ana.GetAsync(task)).GetProperty("draft").GetProperty("document").GetProperty("answers").GetProperty("note").GetString());
    }

    [Fact]
    public async Task Ontology_ThatBreaksRules_IsRefusedWithEachOfThem()
    {
        async Task<IEnumerable<string?>> CodesAsync(string document) =>
            (await RawAsync(HttpMethod.Put, Ontology, $$"""{"document":{{document}}}""", town.Owner, "\"1\"").IsProblemAsync(HttpStatusCode.UnprocessableEntity, "ontology.invalid"))
                .GetProperty("violations").EnumerateArray().Select(v => v.GetProperty("code").GetString());

        string Tools(int count) => $$"""{"tools":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"id":"t{{i}}","kind":"box","name":"T"}"""))}}]}""";
        Assert.Equal(["too_many"], await CodesAsync(Tools(1001)));
        Assert.Equal(["duplicate_id"], await CodesAsync("""{"tools":[{"id":"a","kind":"box","name":"A"},{"id":"a","kind":"box","name":"A"}]}"""));
        Assert.Equal(["bad_id", "unknown_kind", "no_name", "empty"], await CodesAsync("""{"tools":[1]}"""));
        Assert.Equal(["not_finite"], await CodesAsync("""{"tools":[{"id":"a","kind":"box","name":"A","min":1e400}]}"""));
        Assert.Equal(["bad_text"], await CodesAsync("""{"tools":[{"id":"a","kind":"box","name":"\udc00"}]}"""));
        Assert.Equal(["duplicate_member"], await CodesAsync("""{"tools":[{"id":"a","id":"b","kind":"box","name":"A"}]}"""));
        await town.Owner.SendAsync(HttpMethod.Put, Ontology, new { document = Town.Ontology }).IsProblemAsync(HttpStatusCode.BadRequest, "request.if_match");
        await town.Owner.SendAsync(HttpMethod.Put, Ontology, new { document = Town.Ontology }, ifMatch: "\"99999999999999\"").IsProblemAsync(HttpStatusCode.BadRequest, "request.if_match");
        await town.Owner.SendAsync(HttpMethod.Put, Ontology, new { document = Town.Ontology }, ifMatch: "\"7\"").IsProblemAsync(HttpStatusCode.PreconditionFailed, "ontology.stale");
        await RawAsync(HttpMethod.Post, "/api/projects", """{"name":"x","ontology":{"tools":[7]}}""", town.Owner).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "ontology.invalid");
    }

    private async Task<int> RevisionAsync() =>
        (await town.Ana.GetAsync(task)).TryGetProperty("draft", out var draft) && draft.ValueKind == JsonValueKind.Object ? draft.GetProperty("revision").GetInt32() : 0;

    private Task<HttpResponseMessage> SubmitRawAsync(string document) => RawAsync(HttpMethod.Post, $"{task}/submit", $$"""{"document":{{document}},"activeMs":1}""");

    private Task<HttpResponseMessage> RawAsync(HttpMethod method, string path, string body, BrowserSession? who = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "bad-label-0001");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return (who ?? town.Ana).Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

public sealed class BadLabelOnSqliteTests(SqliteTown shared) : BadLabelTests(shared), IClassFixture<SqliteTown>;

public sealed class BadLabelOnPostgresTests(PostgresTown shared) : BadLabelTests(shared), IClassFixture<PostgresTown>;
