namespace Hybrid.ControlPlane.Tests.Harness;

/// <summary>Every route of a project with a well-formed body, for callers who may not know that it exists.</summary>
public static class ForeignRoutes
{
    public static IEnumerable<(HttpMethod Method, string Path, object? Body)> Of(Guid project, Guid task)
    {
        var p = $"/api/projects/{project}";
        var t = $"{p}/tasks/{task}";
        var some = Guid.NewGuid();
        return
        [
            (HttpMethod.Get, p, null),
            (HttpMethod.Get, $"{p}/members", null),
            (HttpMethod.Get, $"{p}/members/candidates", null),
            (HttpMethod.Post, $"{p}/members", new { personId = some, role = "labeler" }),
            (HttpMethod.Put, $"{p}/members/{some}", new { role = "labeler" }),
            (HttpMethod.Delete, $"{p}/members/{some}", null),
            (HttpMethod.Put, $"{p}/anonymization", new { on = true }),
            (HttpMethod.Put, $"{p}/mfa", new { from = (string?)null }),
            (HttpMethod.Get, $"{p}/teams", null),
            (HttpMethod.Put, $"{p}/teams/{some}", new { role = "labeler" }),
            (HttpMethod.Delete, $"{p}/teams/{some}", null),
            (HttpMethod.Post, $"{p}/notices/{some}/note", null),
            (HttpMethod.Get, $"{p}/connections", null),
            (HttpMethod.Put, $"{p}/connections/{some}", null),
            (HttpMethod.Delete, $"{p}/connections/{some}", null),
            (HttpMethod.Post, $"{p}/copy", new { name = "Nobody's", ontology = true, workflow = true, members = true, connections = true }),
            (HttpMethod.Post, $"{p}/archive", null),
            (HttpMethod.Post, $"{p}/restore", null),
            (HttpMethod.Post, $"{p}/delete", new { name = "Nobody's" }),
            (HttpMethod.Get, $"{p}/ontology", null),
            (HttpMethod.Put, $"{p}/ontology", new { document = new { tools = Array.Empty<object>() } }),
            (HttpMethod.Get, $"{p}/workflow", null),
            (HttpMethod.Put, $"{p}/workflow", new { steps = new[] { new { name = "Nobody's" } } }),
            (HttpMethod.Put, $"{p}/separation", new { on = false }),
            (HttpMethod.Put, $"{p}/send-back", new { toQueue = true }),
            (HttpMethod.Get, $"{p}/sampling", null),
            (HttpMethod.Get, $"{p}/quality", null),
            (HttpMethod.Get, $"{p}/quality/pairs", null),
            (HttpMethod.Get, $"{p}/quality/settings", null),
            (HttpMethod.Put, $"{p}/quality/settings", new { honeypotShare = 0.0, honeypotSpacing = 0, window = 50, minimum = 10, driftSlack = 0.05, driftLimit = 0.5, consensusBlocksDone = false }),
            (HttpMethod.Post, $"{p}/quality/people/{some}/lift-pause", null),
            (HttpMethod.Post, $"{p}/quality/people/{some}/note-drift", null),
            (HttpMethod.Get, $"{p}/honeypots", null),
            (HttpMethod.Post, $"{p}/honeypots", new { labelId = some }),
            (HttpMethod.Post, $"{p}/honeypots/import", new { lines = new[] { new { name = "nobodys.jpg", document = new { } } } }),
            (HttpMethod.Post, $"{p}/honeypots/{some}/retire", null),
            (HttpMethod.Get, $"{p}/assets", null),
            (HttpMethod.Get, $"{p}/assets/{some}", null),
            (HttpMethod.Post, $"{p}/assets/grant", new { assetIds = new[] { some } }),
            (HttpMethod.Get, $"{p}/labels/{some}", null),
            (HttpMethod.Get, $"{p}/imports", null),
            (HttpMethod.Post, $"{p}/imports", new { connectionId = some }),
            (HttpMethod.Post, $"{p}/imports/{some}/cancel", null),
            (HttpMethod.Post, $"{p}/imports/{some}/pause", null),
            (HttpMethod.Post, $"{p}/imports/{some}/resume", null),
            (HttpMethod.Get, $"{p}/tasks", null),
            (HttpMethod.Post, $"{p}/tasks/next", new { kind = "label", reserve = 0 }),
            (HttpMethod.Get, t, null),
            (HttpMethod.Post, $"{t}/claim", null),
            (HttpMethod.Post, $"{t}/heartbeat", null),
            (HttpMethod.Post, $"{t}/release", null),
            (HttpMethod.Post, $"{t}/skip", new { reason = "blurred" }),
            (HttpMethod.Put, $"{t}/draft", new { document = new { }, revision = 1, activeMs = 1 }),
            (HttpMethod.Post, $"{t}/submit", new { document = new { }, activeMs = 1 }),
            (HttpMethod.Post, $"{t}/review", new { outcome = "approve", labelId = some, activeMs = 1 }),
            (HttpMethod.Put, $"{t}/dimensions", new { width = 1, height = 1 }),
            (HttpMethod.Put, $"{t}/assignee", new { personId = some }),
            (HttpMethod.Put, $"{t}/priority", new { priority = 1 }),
            (HttpMethod.Put, $"{t}/due", new { at = (string?)null }),
            (HttpMethod.Post, $"{t}/force-release", null),
            (HttpMethod.Post, $"{p}/assets/{some}/reopen", null),
            (HttpMethod.Post, $"{t}/grant", null),
            (HttpMethod.Post, $"{p}/agents/{some}/urls", new { grant = "x", proof = "x", objects = Array.Empty<object>() }),
        ];
    }
}
