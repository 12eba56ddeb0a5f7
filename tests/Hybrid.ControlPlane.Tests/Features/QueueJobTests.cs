using System.Net;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Acts on many tasks by a filter: what they change, whom they give work to, and how they are taken back, on each database.</summary>
public abstract class QueueJobTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const int Assets = 12;
    private ControlPlaneHost host = null!;
    private Town town = null!;

    private string Jobs => $"/api/projects/{town.Project}/queue-jobs";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, Assets);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Prioritize_ByName_ChangesWhatMatches_IsAuditedForEach_AndIsTakenBack()
    {
        Assert.Equal(3, (await town.Manager.PostAsync($"{Jobs}/count", new { act = "prioritize", filter = new { search = "boats/001" } })).GetProperty("tasks").GetInt32());

        var job = await RunAsync(new { act = "prioritize", filter = new { search = "boats/001" }, priority = 7 });

        Assert.Equal((3, 3, 0, 0, true), Figures(job));
        Assert.Equal(3, (await QueueAsync("priorityFrom=7")).Count);
        Assert.Equal(3, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.TaskPriorityChanged && e.ActorId == town.Manager.PersonId && e.Facts.Contains(job.GetProperty("id").GetString()!, StringComparison.Ordinal)));
        // One of them is changed by hand meanwhile: that stays.
        var one = (await QueueAsync("priorityFrom=7"))[0].GetProperty("id").GetGuid();
        await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{one}/priority", new { priority = 9 });

        var undone = await WaitAsync((await town.Manager.PostAsync($"{Jobs}/{job.GetProperty("id").GetGuid()}/undo")).GetProperty("id").GetGuid());

        Assert.Equal((3, 2, 0, 1, false), Figures(undone));
        Assert.Equal([one], (await QueueAsync("priorityFrom=1")).Select(t => t.GetProperty("id").GetGuid()));
        await town.Manager.SendAsync(HttpMethod.Post, $"{Jobs}/{job.GetProperty("id").GetGuid()}/undo").IsProblemAsync(HttpStatusCode.Conflict, "queue_job.cannot_undo");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Jobs}/{undone.GetProperty("id").GetGuid()}/undo").IsProblemAsync(HttpStatusCode.Conflict, "queue_job.cannot_undo");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Jobs}/{job.GetProperty("id").GetGuid()}/cancel").IsProblemAsync(HttpStatusCode.Conflict, "queue_job.finished");
        Assert.Equal(2, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.QueueJobFinished));
    }

    [Fact]
    public async Task Assign_ToAPerson_GivesThemOnlyWhatTheyMayDo_AndBackAgain()
    {
        // Ana labels one: its review is no task for her, neither by role nor by step separation.
        await SubmitAsync(town.Ana);

        var job = await RunAsync(new { act = "assign", filter = new { }, person = town.Ana.PersonId.ToString() });

        Assert.Equal((Assets, Assets - 1, 0, 1, true), Figures(job));
        Assert.Equal(Assets - 1, (await QueueAsync("owner=somebody")).Count);
        Assert.Null(await town.NextAsync(town.Ben));
        var again = await RunAsync(new { act = "assign", filter = new { kind = "labeling" }, person = town.Ana.PersonId.ToString() });
        Assert.Equal((Assets - 1, 0, Assets - 1, 0, false), Figures(again));

        await WaitAsync((await town.Manager.PostAsync($"{Jobs}/{job.GetProperty("id").GetGuid()}/undo")).GetProperty("id").GetGuid());

        Assert.Empty(await QueueAsync("owner=somebody"));
        Assert.NotNull(await town.NextAsync(town.Ben));
        await SendAsync(new { act = "assign", filter = new { }, person = town.Stranger.PersonId.ToString() }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.not_theirs");
        await SendAsync(new { act = "assign", filter = new { }, teamId = Guid.NewGuid() }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "queue_job.unknown_team");
        await SendAsync(new { act = "assign", filter = new { } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(new { act = "undo", filter = new { } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(new { act = "prioritize", filter = new { } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(new { act = "release", filter = new { search = "nowhere" } }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "queue_job.nothing");
    }

    [Fact]
    public async Task Assign_ToATeam_DealsOutEvenly_AndLeavesWhatAMemberHoldsWithThem()
    {
        var team = (await town.Owner.PostAsync("/api/teams", new { name = $"Harbour {Guid.NewGuid():N}" })).GetProperty("id").GetGuid();
        foreach (var who in new[] { town.Ana, town.Ben }) (await town.Owner.SendAsync(HttpMethod.Put, $"/api/teams/{team}/people/{who.PersonId}")).EnsureSuccessStatusCode();
        (await town.Owner.SendAsync(HttpMethod.Put, $"/api/projects/{town.Project}/teams/{team}", new { role = "labeler" })).EnsureSuccessStatusCode();
        var held = (await town.NextAsync(town.Ben))!.Value.GetProperty("id").GetGuid();

        var job = await RunAsync(new { act = "assign", filter = new { kind = "labeling" }, teamId = team });

        Assert.Equal((Assets, Assets, 0, 0, true), Figures(job));
        var dealt = (await QueueAsync("owner=somebody")).GroupBy(t => t.GetProperty("assignedTo").GetProperty("id").GetGuid()).ToDictionary(g => g.Key, g => g.ToList());
        Assert.Equal((Assets / 2, Assets / 2), (dealt[town.Ana.PersonId].Count, dealt[town.Ben.PersonId].Count));
        Assert.Contains(dealt[town.Ben.PersonId], t => t.GetProperty("id").GetGuid() == held && t.GetProperty("state").GetString() == "held");
        Assert.StartsWith("Harbour ", job.GetProperty("team").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Due_Release_Unassign_AndReopen_DoWhatTheSingleActsDo()
    {
        var at = host.Clock.GetUtcNow().AddHours(-1);
        Assert.Equal((Assets, Assets, 0, 0, true), Figures(await RunAsync(new { act = "due", filter = new { }, dueAt = at })));
        Assert.Equal(Assets, (await QueueAsync("overdue=true")).Count);
        await town.NextAsync(town.Ana, reserve: 2);

        Assert.Equal((3, 3, 0, 0, false), Figures(await RunAsync(new { act = "release", filter = new { hold = "held" } })));
        Assert.Empty(await QueueAsync("hold=held"));
        Assert.Equal(3, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.TaskForceReleased));

        await RunAsync(new { act = "assign", filter = new { search = "0001" }, person = town.Ben.PersonId.ToString() });
        Assert.Equal((1, 1, 0, 0, true), Figures(await RunAsync(new { act = "unassign", filter = new { owner = "somebody" } })));

        var task = (await town.NextAsync(town.Ana))!.Value.GetProperty("id").GetGuid();
        await town.Ana.PostAsync($"{town.Tasks}/{task}/skip", new { reason = "blurred" });
        Assert.Equal((1, 1, 0, 0, false), Figures(await RunAsync(new { act = "reopen", filter = new { } })));
        Assert.Equal(Assets, (await QueueAsync("kind=labeling")).Count);
        await town.Reviewer.SendAsync(HttpMethod.Get, Jobs).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    private static (int Total, int Changed, int Unchanged, int Refused, bool CanBeUndone) Figures(JsonElement job) => (
        job.GetProperty("total").GetInt32(), job.GetProperty("changed").GetInt32(), job.GetProperty("unchanged").GetInt32(), job.GetProperty("refused").GetInt32(), job.GetProperty("canBeUndone").GetBoolean());

    private Task<HttpResponseMessage> SendAsync(object body) => town.Manager.SendAsync(HttpMethod.Post, Jobs, body);

    private async Task<JsonElement> RunAsync(object body) => await WaitAsync((await town.Manager.PostAsync(Jobs, body)).GetProperty("id").GetGuid());

    private async Task<JsonElement> WaitAsync(Guid id)
    {
        JsonElement job = default;
        await Wait.UntilAsync(async () => (job = (await town.Manager.GetAsync(Jobs)).GetProperty("items").EnumerateArray().Single(j => j.GetProperty("id").GetGuid() == id)).GetProperty("state").GetString() == "done");
        return job;
    }

    private async Task<IReadOnlyList<JsonElement>> QueueAsync(string filter) => [.. (await town.Manager.GetAsync($"{town.Tasks}?{filter}")).GetProperty("items").EnumerateArray()];

    private async Task SubmitAsync(BrowserSession who)
    {
        var task = (await town.NextAsync(who))!.Value.GetProperty("id").GetGuid();
        await who.PostAsync($"{town.Tasks}/{task}/submit", new { document = Town.Label(), activeMs = 5 }, $"key-{Guid.NewGuid():N}");
    }
}

public sealed class QueueJobOnSqliteTests() : QueueJobTests(DatabaseProvider.Sqlite);

public sealed class QueueJobOnPostgresTests() : QueueJobTests(DatabaseProvider.Postgres);
