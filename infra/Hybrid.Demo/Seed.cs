using System.Text.Json;

namespace Hybrid.Demo;

/// <summary>Fills a new installation over the public API: people in each role, two projects, their pictures by the agent's listing.</summary>
internal static class Seed
{
    private static readonly (string Name, string Role)[] People =
        [("Petra Project-Admin", "projectAdmin"), ("Tomas Manager", "teamManager"), ("Rita Reviewer", "reviewer"), ("Lea Labeler", "labeler"), ("Luis Labeler", "labeler")];

    private static readonly JsonElement Plates = JsonElement.Parse("""
        { "tools": [
            { "id": "person", "kind": "box", "name": "Person or animal", "color": "#e69f00", "key": "1", "questions": [
              { "id": "posture", "kind": "single", "text": "Posture", "required": false, "options": [
                { "id": "still", "text": "Still" }, { "id": "moving", "text": "Moving", "questions": [
                  { "id": "direction", "kind": "single", "text": "Direction", "options": [ { "id": "left", "text": "To the left" }, { "id": "right", "text": "To the right" } ] } ] } ] } ] },
            { "id": "building", "kind": "polygon", "name": "Building or vessel", "color": "#56b4e9", "key": "2" },
            { "id": "horizon", "kind": "polyline", "name": "Horizon or path", "color": "#009e73", "key": "3" },
            { "id": "damage", "kind": "point", "name": "Damage of the plate", "color": "#d55e00", "key": "4" } ],
          "questions": [ { "id": "quality", "kind": "single", "text": "Quality of the plate", "required": true, "options": [
            { "id": "good", "text": "Good" }, { "id": "fair", "text": "Fair" }, { "id": "poor", "text": "Poor" } ] } ], "relations": [] }
        """);

    private static readonly JsonElement Earth = JsonElement.Parse("""
        { "tools": [ { "id": "land", "kind": "polygon", "name": "Land mass", "color": "#009e73", "key": "1" }, { "id": "cloud", "kind": "box", "name": "Cloud", "color": "#56b4e9", "key": "2" } ],
          "questions": [], "relations": [] }
        """);

    /// <summary>E-mail address of a person.</summary>
    public static string EmailOf(string name) => name.Split(' ')[0].ToLowerInvariant() + "@demo.example";

    /// <summary>Names and roles of the people besides the owner.</summary>
    public static IEnumerable<(string Name, string Role)> Everybody => People.Select(p => (p.Name, p.Role switch { "projectAdmin" => "project admin", "teamManager" => "team manager", var role => role }));

    /// <param name="owner">The owner's browser.</param>
    /// <param name="password">Everybody's password.</param>
    /// <param name="own">The person's own place of pictures in words, or null for the demonstration's.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task RunAsync(Browser owner, string password, string? own, CancellationToken ct)
    {
        var members = new List<(Guid Id, string Role)>();
        foreach (var (name, role) in People)
        {
            var person = await owner.PostAsync("/api/people", new { email = EmailOf(name), name, role = role == "projectAdmin" ? "admin" : "member", password });
            members.Add((person.GetProperty("id").GetGuid(), role));
        }

        var connection = (await owner.GetAsync("/api/connections")).GetProperty("items")[0].GetProperty("id").GetGuid();
        if (own is null)
        {
            await ProjectAsync(owner, "Archive plates", "Photographs of about 1865 to 1940.", Plates, connection, "archive/", members, ct);
            await ProjectAsync(owner, "Earth from orbit", "NASA's Blue Marble.", Earth, connection, "earth/", members, ct);
            return;
        }

        if (await ProjectAsync(owner, "My pictures", "Your own pictures, read where they are.", Plates, connection, "", members, ct) == 0)
            throw new DemoException($"No picture was found in {own}: put JPEG, PNG, WebP, GIF, BMP or AVIF there, then start again.");
    }

    /// <summary>The number of its pictures.</summary>
    private static async Task<int> ProjectAsync(Browser owner, string name, string description, JsonElement ontology, Guid connection, string prefix, List<(Guid Id, string Role)> members, CancellationToken ct)
    {
        var project = (await owner.PostAsync("/api/projects", new { name, description, ontology, connectionIds = new[] { connection } })).GetProperty("id").GetGuid();
        foreach (var (id, role) in members) await owner.PostAsync($"/api/projects/{project}/members", new { personId = id, role });
        await owner.PostAsync($"/api/projects/{project}/imports", new { connectionId = connection, prefix });
        for (var tries = 0; tries < 600; tries++)
        {
            var import = (await owner.GetAsync($"/api/projects/{project}/imports")).GetProperty("items")[0];
            var state = import.GetProperty("state").GetString();
            if (state == "failed") throw new DemoException($"The import of {name} failed: {import.GetProperty("error").GetProperty("detail").GetString()}");
            if (state == "done" && import.GetProperty("described").GetInt32() == import.GetProperty("describedTotal").GetInt32()) return import.GetProperty("added").GetInt32();
            await Task.Delay(100, ct);
        }

        throw new DemoException($"The import of {name} did not end within a minute: see the logs that stand beside its data.");
    }
}
