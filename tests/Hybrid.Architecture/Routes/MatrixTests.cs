using System.Net;
using System.Text.RegularExpressions;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.Architecture.Routes;

/// <summary>
/// Every route with an act × everyone who can ask: nobody, a locked session, each role of the organization and of the project, members of
/// another project, and another organization. Rows come from <see cref="ForeignRoutes"/> and <see cref="OrganizationRoutes"/>; which act a
/// row is comes from the running host; who may do the act comes from the design, written down here again.
/// </summary>
[Collection("the running host")] // One after the other: they read the log that the other writes.
public sealed partial class MatrixTests(TownFixture fixture)
{
    /// <summary>workflow-and-quality.md § Roles, by hand: the least role for each act. It must never be made from the product's own table.</summary>
    private static readonly Dictionary<string, Least> Design = new(StringComparer.Ordinal)
    {
        ["organization.use"] = new(OrganizationRole.Member),
        ["people.manage"] = new(OrganizationRole.Admin),
        ["people.erase"] = new(OrganizationRole.Admin),
        ["teams.manage"] = new(OrganizationRole.Admin),
        ["access.review"] = new(OrganizationRole.Admin),
        ["projects.oversee"] = new(OrganizationRole.Admin),
        ["keys.manage"] = new(OrganizationRole.Admin),
        ["organization.security"] = new(OrganizationRole.Admin),
        ["sso.manage"] = new(OrganizationRole.Owner),
        ["directory.provision"] = new(OrganizationRole.Admin),
        ["project.create"] = new(OrganizationRole.Admin),
        ["agent.manage"] = new(OrganizationRole.Admin),
        ["project.view"] = new(ProjectRole.Labeler),
        ["task.work"] = new(ProjectRole.Labeler),
        ["task.review"] = new(ProjectRole.Reviewer),
        ["members.view"] = new(ProjectRole.TeamManager),
        ["members.manage"] = new(ProjectRole.TeamManager),
        ["queue.manage"] = new(ProjectRole.TeamManager),
        ["assets.explore"] = new(ProjectRole.TeamManager),
        ["ontology.manage"] = new(ProjectRole.ProjectAdmin),
        ["workflow.manage"] = new(ProjectRole.ProjectAdmin),
        ["storage.manage"] = new(ProjectRole.ProjectAdmin),
        ["project.manage"] = new(ProjectRole.ProjectAdmin),
        ["guideline.manage"] = new(ProjectRole.ProjectAdmin),
        ["thread.take_part"] = new(ProjectRole.Labeler),
    };

    private readonly ControlPlaneHost host = fixture.Host;
    private readonly Town town = fixture.Town;
    private readonly IReadOnlyList<Route> routes = fixture.Routes;

    [Fact]
    public void TheDesign_NamesEveryAct()
    {
        var known = Design.Where(d => d.Value.Project is null).Select(d => d.Key).Order(StringComparer.Ordinal);
        Assert.Equal(AccessTable.OrganizationActs.Order(StringComparer.Ordinal), known);
        Assert.Equal(AccessTable.ProjectActs.Order(StringComparer.Ordinal), Design.Where(d => d.Value.Project is not null).Select(d => d.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryRoute_AnswersEveryoneAsTheDesignSays()
    {
        await using var crowd = await Crowd.GatherAsync(host, town);
        var rows = Rows().ToList();
        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var log = (await host.AuditAsync()).Count;

        // 1. Those who may not: exactly the refusal that the design asks for.
        foreach (var row in rows)
        {
            foreach (var who in crowd.Everyone)
            {
                if (ExpectationOf(row, who) is not { } expected) continue;
                var (status, code, _) = await AskAsync(who, row, row.Path);
                answers[$"{expected.Status}"] = answers.GetValueOrDefault($"{expected.Status}") + 1;
                if ((status, code) != ((int)expected.Status, expected.Code)) wrong.Add($"{who.Name}: {row.Method} {row.Path} answered {status} {code} instead of {(int)expected.Status} {expected.Code}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(log, (await host.AuditAsync()).Count);

        // 2. Those who may: never a refusal by role, and never a failure. What is asked about need not exist.
        foreach (var row in rows)
        {
            foreach (var who in crowd.Everyone.Where(w => ExpectationOf(row, w) is null))
            {
                var (status, code, body) = await AskAsync(who, row, row.Path);
                answers["allowed"] = answers.GetValueOrDefault("allowed") + 1;
                // An oversight row is about a project that is not there.
                var lists = row.Method == HttpMethod.Get && row.Route.Act != "projects.oversee" && row.Route.Endpoint.RoutePattern.Parameters.All(p => p.Name == "projectId");
                if (status is 401 or 500 || code is "role.insufficient" or "session.locked" || (lists && status != 200)) wrong.Add($"{who.Name}: {row.Method} {row.Path} answered {status} {body}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        TestContext.Current.SendDiagnosticMessage("{0} routes × {1} callers: {2}", rows.Count, crowd.Everyone.Count, string.Join(", ", answers.Select(a => $"{a.Value} × {a.Key}")));
        Assert.True(answers.Values.Sum() == rows.Count * crowd.Everyone.Count && answers["NotFound"] > 100 && answers["Forbidden"] > 60, string.Join(", ", answers));
    }

    [Fact]
    public async Task WhatIsForeign_AnswersAsWhatDoesNotExist()
    {
        await using var crowd = await Crowd.GatherAsync(host, town);
        var ids = await IdsAsync();
        var (wrong, compared) = (new List<string>(), 0);

        foreach (var row in Rows())
        {
            var parameters = row.Route.Endpoint.RoutePattern.Parameters.Select(p => p.Name).ToList();
            foreach (var who in crowd.Strangers)
            {
                // An organization's admins may see that a project of theirs exists, and take it: the design's second table.
                if (row.Route.Act == "projects.oversee" && who is { Organization: Standing.Own, Role: >= OrganizationRole.Admin }) continue;
                // A foreign project against one that does not exist, and in one's own project (or organization) a foreign thing against none.
                List<(string Foreign, string Missing)> pairs = [];
                if (parameters.Contains("projectId")) pairs.Add((Path(row, [], town.Project), Path(row, [], Guid.NewGuid())));
                if (parameters.Exists(p => p != "projectId" && ids.ContainsKey(p)))
                {
                    pairs.Add((Path(row, ids, who.Project ?? Guid.NewGuid()), Path(row, [], who.Project ?? Guid.NewGuid())));
                    // A member of the organization's own administration may know its agents.
                    if (!parameters.Contains("projectId") && who.Organization == Standing.Own) pairs.Clear();
                    // Teams are the organization's: none is foreign in a project of it. Nor are its connections to its admins.
                    var shared = parameters.Contains("teamId") || (parameters.Contains("connectionId") && who.Role >= OrganizationRole.Admin);
                    if (parameters.Contains("projectId") && shared && who.Organization == Standing.Own) pairs.RemoveAt(pairs.Count - 1);
                }

                foreach (var (foreign, missing) in pairs)
                {
                    var there = await AskAsync(who, row, foreign);
                    var nowhere = await AskAsync(who, row, missing);
                    compared++;
                    if (there != nowhere || there.Status is < 400 or >= 500) wrong.Add($"{who.Name}: {row.Method} {foreign} answered\n  {there}\nand {missing}\n  {nowhere}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared > 100, $"Only {compared} pairs.");
    }

    [Fact]
    public async Task EveryIdInARoute_HasOneThatIsReal()
    {
        var known = (await IdsAsync()).Keys.Append("projectId").Append("domain").ToHashSet(StringComparer.Ordinal);
        var unknown = Rows().SelectMany(r => r.Route.Endpoint.RoutePattern.Parameters.Select(p => p.Name)).Where(p => !known.Contains(p)).Distinct(StringComparer.Ordinal);

        Assert.True(!unknown.Any(), $"Give MatrixTests.IdsAsync a real id of the town for: {string.Join(", ", unknown)}");
    }

    /// <summary>A real id of the town for each parameter of a route, so that a stranger can try it.</summary>
    private async Task<Dictionary<string, string>> IdsAsync()
    {
        var p = $"/api/projects/{town.Project}";
        var asset = (await town.Manager.GetAsync($"{p}/assets")).GetProperty("items")[0];
        var import = (await town.Owner.GetAsync($"{p}/imports")).GetProperty("items")[0];
        var task = (await town.Manager.GetAsync(town.Tasks)).GetProperty("items")[0];
        var team = await town.Owner.PostAsync("/api/teams", new { name = $"Team {Guid.NewGuid():N}" });
        var account = (await town.Owner.PostAsync("/api/service-accounts", new { name = "Program", role = "member" })).GetProperty("id").GetString()!;
        var key = await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", new { name = "Key", scopes = new[] { "project.view" }, expiresAt = host.Clock.GetUtcNow().AddDays(30) });
        var thread = await town.Owner.PostAsync($"{p}/threads", new { assetId = asset.GetProperty("id").GetGuid(), kind = "question", anchor = new { kind = "asset" }, text = "Who sees this?" });
        // The first test publishes it, the second finds it published.
        using var guideline = await town.Owner.SendAsync(HttpMethod.Put, $"{p}/guidelines", new { text = "Tight boxes.", sections = new { }, reason = "First", mustRead = false }, ifMatch: "\"0\"");
        return new(StringComparer.Ordinal)
        {
            ["threadId"] = thread.GetProperty("id").GetString()!,
            ["number"] = "1",
            ["agentId"] = town.Agent.Id.ToString(),
            ["connectionId"] = town.Connection.ToString(),
            ["personId"] = town.Ana.PersonId.ToString(),
            ["assetId"] = asset.GetProperty("id").GetString()!,
            ["importId"] = import.GetProperty("id").GetString()!,
            ["taskId"] = task.GetProperty("id").GetString()!,
            ["teamId"] = team.GetProperty("id").GetString()!,
            ["accountId"] = account,
            ["keyId"] = key.GetProperty("id").GetString()!,
            ["sessionId"] = town.Ana.SessionId.ToString(),
            // Of these the town has none: any will do.
            ["jobId"] = Guid.CreateVersion7().ToString(),
            ["noticeId"] = Guid.CreateVersion7().ToString(),
            // There is none in the town: a label's id is looked for among labels, and any will do.
            ["labelId"] = Guid.CreateVersion7().ToString(),
        };
    }

    private static string Path(Row row, Dictionary<string, string> ids, Guid project) =>
        "/" + Parameter().Replace(row.Route.Endpoint.RoutePattern.RawText!.Trim('/'), m => m.Groups[1].Value == "projectId" ? project.ToString() : ids.GetValueOrDefault(m.Groups[1].Value, m.Groups[1].Value == "number" ? "2147483647" : Guid.NewGuid().ToString()));

    // Null: may.
    private static (HttpStatusCode Status, string Code)? ExpectationOf(Row row, Caller who)
    {
        if (who.Organization == Standing.None) return (HttpStatusCode.Unauthorized, "session.none");
        if (who.Organization == Standing.Locked) return (HttpStatusCode.Forbidden, "session.locked");
        var least = Design[row.Route.Act!];
        if (least.Project is { } role)
            return who.Here is not { } here ? (HttpStatusCode.NotFound, "not_found") : here < role ? (HttpStatusCode.Forbidden, "role.insufficient") : null;
        return who.Role < least.Organization ? (HttpStatusCode.Forbidden, "role.insufficient") : null;
    }

    private static async Task<(int Status, string? Code, string Body)> AskAsync(Caller who, Row row, string path)
    {
        using var response = await who.Browser.SendAsync(row.Method, path, row.Body, "matrix-key-1", "\"1\"");
        var body = await response.BareAsync();
        var code = response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? System.Text.Json.JsonElement.Parse(body).GetProperty("code").GetString() : null;
        // Headers are part of the answer; ids that were asked for may stand in it.
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Date" or "Content-Length")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal));
        return ((int)response.StatusCode, code, Id().Replace(headers + "\n\n" + body, "ID"));
    }

    private IEnumerable<Row> Rows() => ForeignRoutes.Of(town.Project, Guid.NewGuid()).Concat(OrganizationRoutes.All)
        .Select(r => new Row(r.Method, r.Path, r.Body, routes.Single(route => route.Matches(r.Method, r.Path))));

    [GeneratedRegex("{([^:}]+)[^}]*}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    private enum Standing
    {
        None,
        Locked,
        Own,
        Other,
    }

    private sealed record Least(OrganizationRole Organization, ProjectRole? Project = null)
    {
        public Least(ProjectRole role)
            : this(OrganizationRole.Member, role)
        {
        }
    }

    private sealed record Row(HttpMethod Method, string Path, object? Body, Route Route);

    /// <summary>Somebody who asks.</summary>
    /// <param name="Name">For the message.</param>
    /// <param name="Browser">Their browser.</param>
    /// <param name="Organization">Where they stand.</param>
    /// <param name="Role">Their role in their organization.</param>
    /// <param name="Here">Their role in the town's project; null = none.</param>
    /// <param name="Project">A project of their own, elsewhere.</param>
    private sealed record Caller(string Name, BrowserSession Browser, Standing Organization, OrganizationRole Role = OrganizationRole.Member, ProjectRole? Here = null, Guid? Project = null);

    private sealed class Crowd : IAsyncDisposable
    {
        private readonly List<BrowserSession> own = [];

        public List<Caller> Everyone { get; } = [];

        public IEnumerable<Caller> Strangers => Everyone.Where(c => c.Here is null && c.Organization is Standing.Own or Standing.Other);

        public static async Task<Crowd> GatherAsync(ControlPlaneHost host, Town town)
        {
            var crowd = new Crowd();
            var unique = Guid.NewGuid().ToString("N")[..8];
            var nobody = crowd.Keep(new BrowserSession(host));
            var locked = crowd.Keep(new BrowserSession(host));
            var email = (await town.Owner.GetAsync("/api/session")).GetProperty("email").GetString()!;
            await BrowserSession.OkAsync(await locked.SendAsync(HttpMethod.Post, "/api/session", new { email, password = ControlPlaneHost.Password, keyThumbprint = locked.Thumbprint }));
            crowd.Everyone.AddRange([new("nobody", nobody, Standing.None), new("a locked session", locked, Standing.Locked)]);

            // In the organization, without a role in the project.
            crowd.Everyone.Add(new("a member without a role in the project", town.Stranger, Standing.Own));
            var admin = await crowd.PersonAsync(host, town, $"admin-{unique}@example.org", "admin");
            crowd.Everyone.Add(new("an admin without a role in the project", admin, Standing.Own, OrganizationRole.Admin));
            var elsewhere = (await admin.PostAsync("/api/projects", new { name = "Elsewhere", ontology = Town.Ontology })).GetProperty("id").GetGuid();
            crowd.Everyone.Add(new("the project admin of another project", admin, Standing.Own, OrganizationRole.Admin, Project: elsewhere));
            var visitor = await crowd.PersonAsync(host, town, $"visitor-{unique}@example.org", "member");
            await admin.PostAsync($"/api/projects/{elsewhere}/members", new { personId = visitor.PersonId, role = "teamManager" });
            crowd.Everyone.Add(new("a team manager of another project", visitor, Standing.Own, Project: elsewhere));

            // In the project.
            crowd.Everyone.AddRange([
                new("a labeler", town.Ana, Standing.Own, Here: ProjectRole.Labeler), new("a reviewer", town.Reviewer, Standing.Own, Here: ProjectRole.Reviewer),
                new("a team manager", town.Manager, Standing.Own, Here: ProjectRole.TeamManager), new("the project admin", town.Owner, Standing.Own, OrganizationRole.Owner, ProjectRole.ProjectAdmin)]);

            // In another organization.
            await host.OrganizationAsync($"other-{unique}@example.org");
            var other = crowd.Keep(await host.SignInAsync($"other-{unique}@example.org"));
            var theirs = (await other.PostAsync("/api/projects", new { name = "Theirs", ontology = Town.Ontology })).GetProperty("id").GetGuid();
            crowd.Everyone.Add(new("the owner of another organization", other, Standing.Other, OrganizationRole.Owner, Project: theirs));
            return crowd;
        }

        public ValueTask DisposeAsync()
        {
            own.ForEach(b => b.Dispose());
            return ValueTask.CompletedTask;
        }

        private async Task<BrowserSession> PersonAsync(ControlPlaneHost host, Town town, string email, string role)
        {
            await town.Owner.PostAsync("/api/people", new { email, name = "Somebody", role, password = ControlPlaneHost.Password });
            return Keep(await host.SignInAsync(email));
        }

        private BrowserSession Keep(BrowserSession browser)
        {
            own.Add(browser);
            return browser;
        }
    }
}
