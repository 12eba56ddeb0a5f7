using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Listings are read page by page to their end, each row once, with a count of all that match.</summary>
public abstract class ListingTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 5);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task People_WhenSeveralHaveOneName_AreEachListedOnce()
    {
        foreach (var at in Enumerable.Range(0, 4)) await PersonAsync("Mona Twin", $"mona{at}");

        var (rows, total) = await ReadAsync(town.Owner, "/api/people?limit=2");

        Assert.Equal((10, 10), (rows.Count, total));
        Assert.Equal(10, rows.Select(r => r.GetProperty("person").GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(4, (await ReadAsync(town.Owner, "/api/people?limit=3&search=MONA")).Total);
        Assert.Equal(1, (await ReadAsync(town.Owner, "/api/people?search=mona2-")).Total);
    }

    [Fact]
    public async Task Members_ArePagedAndFound_AndCandidatesAreTheOthers()
    {
        var (rows, total) = await ReadAsync(town.Manager, $"/api/projects/{town.Project}/members?limit=2");
        var mona = await PersonAsync("Mona Newcomer", "mona");

        Assert.Equal((5, 5), (rows.Count, total));
        Assert.Equal(["ana", "ben", "manager", "Olga Owner", "reviewer"], rows.Select(r => r.GetProperty("person").GetProperty("name").GetString()!).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(1, (await ReadAsync(town.Manager, $"/api/projects/{town.Project}/members?search=OLGA")).Total);
        var candidates = await town.Manager.GetAsync($"/api/projects/{town.Project}/members/candidates?search=newc");
        Assert.Equal([mona], candidates.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetGuid()));
        Assert.True((await town.Manager.GetAsync($"/api/projects/{town.Project}/members/candidates?limit=1")).GetProperty("more").GetBoolean());
        await town.Ana.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}/members/candidates").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    [Fact]
    public async Task Projects_ArePagedByName_AndAForeignOneIsNoPlaceToGoOnFrom()
    {
        foreach (var name in new[] { "Alps", "Boats", "Coast" }) await town.Owner.PostAsync("/api/projects", new { name, connectionIds = Array.Empty<Guid>(), ontology = Town.Ontology });

        var (rows, total) = await ReadAsync(town.Owner, "/api/projects?limit=1");

        Assert.Equal(["Alps", "Boats", "Boats", "Coast"], rows.Select(r => r.GetProperty("name").GetString()!));
        Assert.Equal(4, total);
        Assert.Equal(2, (await ReadAsync(town.Owner, "/api/projects?search=boat")).Total);
        await town.Stranger.SendAsync(HttpMethod.Get, $"/api/projects?after={town.Project}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Assets_QueueAndImports_ArePagedToTheirEnd()
    {
        await town.ImportAsync();
        var project = $"/api/projects/{town.Project}";

        Assert.Equal((5, 5), await CountAsync($"{project}/assets?limit=2"));
        Assert.Equal((1, 1), await CountAsync($"{project}/assets?limit=2&search=0003"));
        Assert.Equal((5, 5), await CountAsync($"{project}/assets?limit=2&status=toDo"));
        Assert.Equal((0, 0), await CountAsync($"{project}/assets?limit=2&status=inReview"));
        Assert.Equal((5, 5), await CountAsync($"{project}/tasks?limit=2"));
        Assert.Equal((5, 5), await CountAsync($"{project}/tasks?limit=2&kind=labeling"));
        Assert.Equal((0, 0), await CountAsync($"{project}/tasks?limit=2&kind=review"));
        var imports = (await ReadAsync(town.Owner, $"{project}/imports?limit=1")).Rows;
        Assert.Equal([0, 5], imports.Select(i => i.GetProperty("added").GetInt32()));
        await town.Owner.SendAsync(HttpMethod.Get, $"{project}/imports?after={Guid.NewGuid()}").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        await town.Owner.SendAsync(HttpMethod.Get, $"{project}/imports?limit=0").IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("status=finished")]
    [InlineData("status=1")]
    public async Task Assets_WhenTheStatusIsUnknown_AreRefused(string query)
    {
        using var response = await town.Owner.SendAsync(HttpMethod.Get, $"/api/projects/{town.Project}/assets?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<(int Rows, int? Total)> CountAsync(string path)
    {
        var (rows, total) = await ReadAsync(town.Owner, path);
        return (rows.Select(r => r.GetProperty("id").GetGuid()).Distinct().Count(), total);
    }

    private async Task<Guid> PersonAsync(string name, string address) =>
        (await town.Owner.PostAsync("/api/people", new { email = $"{address}-{Guid.NewGuid():N}@example.org", name, role = "member", password = ControlPlaneHost.Password })).GetProperty("id").GetGuid();

    /// <summary>Follows the cursor to the end.</summary>
    private static async Task<(List<JsonElement> Rows, int? Total)> ReadAsync(BrowserSession who, string path)
    {
        var rows = new List<JsonElement>();
        int? total = null;
        for (string? after = null; ;)
        {
            var page = await who.GetAsync(after is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={after}");
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            if (after is null && page.TryGetProperty("total", out var count)) total = count.GetInt32();
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null) return (rows, total);
            after = page.GetProperty("next").GetString();
        }
    }
}

public sealed class ListingOnSqliteTests() : ListingTests(DatabaseProvider.Sqlite);

public sealed class ListingOnPostgresTests() : ListingTests(DatabaseProvider.Postgres);
