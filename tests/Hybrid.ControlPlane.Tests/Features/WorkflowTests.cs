using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Steps in versions, who works on them, and what sampling lets through, over HTTP, on each database.</summary>
public abstract class WorkflowTests(DatabaseProvider provider) : IAsyncLifetime
{
    private static readonly object Labeling = new { name = "Labeling" };

    private ControlPlaneHost host = null!;
    private Town town = null!;
    private int keys;

    private string Project => $"/api/projects/{town.Project}";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 12);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task AProject_BeginsWithOneReviewStepThatSeesEverything()
    {
        var workflow = await WorkflowAsync();

        Assert.Equal((1, true, false), (workflow.GetProperty("version").GetInt32(), workflow.GetProperty("stepSeparation").GetBoolean(), workflow.GetProperty("sendsBackToQueue").GetBoolean()));
        var steps = workflow.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(["labeling", "review"], steps.Select(s => s.GetProperty("kind").GetString()));
        Assert.Equal(1, steps[1].GetProperty("sampling").GetProperty("rate").GetDouble());
        Assert.Equal(JsonValueKind.Null, steps[1].GetProperty("people").ValueKind);
        // A labeler does not learn what will be reviewed.
        await town.Manager.SendAsync(HttpMethod.Get, $"{Project}/workflow").IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    [Fact]
    public async Task Publish_FromAnOldVersion_IsRefused_AndBadOnesAreNamed()
    {
        var review = await StepAsync(1);
        await PublishAsync(1, Labeling, new { id = review, name = "Look" });

        await SendAsync(1, Labeling).IsProblemAsync(HttpStatusCode.Conflict, "workflow.stale");
        await SendAsync(2).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(2, Labeling, Look("1"), Look("2"), Look("3"), Look("4"), Look("5"), Look("6")).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(2, Labeling, new { name = "Look", sampling = new { kind = "fixed", rate = 1.01 } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(2, Labeling, new { name = "Look", sampling = new { kind = "warmUp", rate = 0.5 } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(2, Labeling, new { name = "Look", sampling = new { kind = "adaptive", rate = 0.5, first = 1, window = 5, threshold = 0.9, minimum = 6 } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(2, Labeling, new { id = Guid.NewGuid(), name = "Look" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "workflow.unknown_step");
        await SendAsync(2, new { id = review, name = "Look" }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "workflow.unknown_step");
        await SendAsync(2, Labeling, new { name = "Look", people = new[] { town.Ana.PersonId } }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "workflow.person_role");
        await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/workflow", new { steps = new[] { Labeling } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.if_match");
        Assert.Equal(2, (await WorkflowAsync()).GetProperty("version").GetInt32());
        Assert.Single(await host.AuditAsync(town.Project), e => e.Act == AuditActs.WorkflowVersionCreated);
    }

    [Fact]
    public async Task AnAsset_FinishesItsStepUnderTheVersionItEnteredWith_AndGoesOnUnderTheNewOne()
    {
        var asset = await LabelAsync(town.Ana);
        var review = await StepAsync(1);
        await PublishAsync(1, Labeling, new { name = "First look" }, new { id = review, name = "Second look" }, new { name = "Last look" });

        // It waits at the step that it entered under version 1, which is the second one now.
        var waiting = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        Assert.Equal("Review", waiting.GetProperty("step").GetProperty("name").GetString());
        await ApproveAsync(town.Reviewer, waiting);
        var last = (await town.NextAsync(town.Manager, "review"))!.Value;
        Assert.Equal("Last look", last.GetProperty("step").GetProperty("name").GetString());
        await ApproveAsync(town.Manager, last);
        var view = await AssetAsync(asset);
        Assert.Equal("done", view.GetProperty("status").GetString());
        Assert.Equal([1, 2], view.GetProperty("sampling").EnumerateArray().Select(d => d.GetProperty("workflowVersion").GetInt32()));
    }

    [Fact]
    public async Task NotSampled_PassesTheStepAndSaysSo_AndAnybodyComputesTheDrawAnew()
    {
        await PublishAsync(1, Labeling, new { id = await StepAsync(1), name = "Look", sampling = new { kind = "fixed", rate = 0.0 } }, new { name = "Half", sampling = new { kind = "fixed", rate = 0.5 } });
        var assets = new List<Guid>();
        for (var i = 0; i < 12; i++) assets.Add(await LabelAsync(town.Ana));

        var seeds = (await WorkflowAsync()).GetProperty("steps").EnumerateArray().Skip(1).ToDictionary(s => s.GetProperty("id").GetGuid(), s => Convert.FromHexString(s.GetProperty("seed").GetString()!));
        var drawn = 0;
        foreach (var asset in assets)
        {
            var view = await AssetAsync(asset);
            var decisions = view.GetProperty("sampling").EnumerateArray().ToList();
            Assert.Equal(2, decisions.Count);
            foreach (var d in decisions)
            {
                var step = d.GetProperty("stepId").GetGuid();
                var draw = DrawOf(seeds[step], asset, step, d.GetProperty("round").GetInt32());
                Assert.Equal(draw, d.GetProperty("draw").GetDouble(), 1e-15);
                Assert.Equal(draw < d.GetProperty("rate").GetDouble(), d.GetProperty("reviewed").GetBoolean());
                Assert.True(d.GetProperty("holds").GetBoolean());
            }

            Assert.False(decisions[0].GetProperty("reviewed").GetBoolean());
            var reviewed = decisions[1].GetProperty("reviewed").GetBoolean();
            if (reviewed) drawn++;
            Assert.Equal(reviewed ? "submitted" : "done", view.GetProperty("status").GetString());
        }

        var steps = (await town.Manager.GetAsync($"{Project}/sampling")).GetProperty("steps");
        var (none, half) = (steps[0].GetProperty("figures")[0], steps[1].GetProperty("figures")[0]);
        Assert.Equal((12, 0, 0.0), (none.GetProperty("arrived").GetInt32(), none.GetProperty("reviewed").GetInt32(), none.GetProperty("expected").GetDouble()));
        Assert.Equal((12, drawn, 0.5), (half.GetProperty("arrived").GetInt32(), half.GetProperty("reviewed").GetInt32(), half.GetProperty("expected").GetDouble()));
        Assert.InRange(half.GetProperty("achieved").GetDouble(), half.GetProperty("lower").GetDouble(), half.GetProperty("upper").GetDouble());
        Assert.Contains(await host.AuditAsync(town.Project), e => e.Act == AuditActs.LabelSubmitted && e.Facts.Contains("\"draw\":", StringComparison.Ordinal) && e.Facts.Contains("\"reviewed\":false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WarmUp_SeesTheFirstOnesAll_AndThenItsRate()
    {
        await PublishAsync(1, Labeling, new { id = await StepAsync(1), name = "Look", sampling = new { kind = "warmUp", rate = 0.0, first = 3 } });

        var reviewed = new List<bool>();
        for (var i = 0; i < 5; i++) reviewed.Add(IsReviewed(await AssetAsync(await LabelAsync(town.Ana))));

        Assert.Equal([true, true, true, false, false], reviewed);
    }

    [Fact]
    public async Task Adaptive_TakesTheLowRateWhileReviewersAgree_AndFallsBackWhenTheyDoNot()
    {
        await PublishAsync(1, Labeling, new { id = await StepAsync(1), name = "Look", sampling = new { kind = "adaptive", rate = 0.0, first = 2, window = 3, threshold = 0.6, minimum = 2 } });
        Assert.True(IsReviewed(await AssetAsync(await LabelAsync(town.Ana))));
        Assert.True(IsReviewed(await AssetAsync(await LabelAsync(town.Ana))));
        // Warm, but nothing is reviewed yet: n is under the minimum.
        Assert.True(IsReviewed(await AssetAsync(await LabelAsync(town.Ana))));
        for (var i = 0; i < 2; i++) await ApproveAsync(town.Reviewer, (await town.NextAsync(town.Reviewer, "review"))!.Value);

        var held = await AssetAsync(await LabelAsync(town.Ana));
        Assert.False(IsReviewed(held));
        Assert.Equal((3, 2, 1.0), (held.GetProperty("sampling")[0].GetProperty("arrivedBefore").GetInt32(), held.GetProperty("sampling")[0].GetProperty("inWindow").GetInt32(), held.GetProperty("sampling")[0].GetProperty("rollingAgreement").GetDouble()));

        // One is corrected beyond likeness: the mean of 1, 1 and 0 is still above 0.6.
        var third = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        await town.Reviewer.PostAsync($"{town.Tasks}/{Id(third)}/review", new { outcome = "correct", labelId = LabelOf(third), document = Town.Label(700), activeMs = 10 }, Key());
        Assert.False(IsReviewed(await AssetAsync(await LabelAsync(town.Ana))));
        await PublishAsync(2, Labeling, new { id = await StepAsync(1), name = "Look", sampling = new { kind = "adaptive", rate = 0.0, first = 0, window = 3, threshold = 0.7, minimum = 2 } });
        var fallen = await AssetAsync(await LabelAsync(town.Ana));
        Assert.True(IsReviewed(fallen));
        Assert.Equal(2.0 / 3, fallen.GetProperty("sampling")[0].GetProperty("rollingAgreement").GetDouble(), 9);
    }

    [Fact]
    public async Task ANamedStep_IsForThosePeopleAlone()
    {
        var second = await town.JoinAsync("reviewer");
        await PublishAsync(1, Labeling, new { id = await StepAsync(1), name = "Look", people = new[] { second.PersonId } });
        await LabelAsync(town.Ana);

        Assert.Null(await town.NextAsync(town.Reviewer, "review"));
        var task = Id((await town.Manager.GetAsync($"{town.Tasks}?kind=review")).GetProperty("items")[0]);
        await town.Reviewer.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim").IsProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(task, Id((await town.NextAsync(second, "review"))!.Value));
        // Labeling is open to everyone.
        Assert.NotNull(await town.NextAsync(town.Reviewer));
    }

    [Fact]
    public async Task Separation_HoldsForEverybodyAtEveryDoor_UntilItIsTurnedOff()
    {
        await LabelAsync(town.Owner);
        var task = Id((await town.Manager.GetAsync($"{town.Tasks}?kind=review")).GetProperty("items")[0]);
        Assert.Null(await town.NextAsync(town.Owner, "review"));
        await town.Owner.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.step_separation");

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/separation", new { on = false }));
        var held = (await town.NextAsync(town.Owner, "review"))!.Value;
        Assert.Equal(task, Id(held));

        // Turned on again in mid-task, it holds at the submit.
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/separation", new { on = true }));
        await town.Owner.SendAsync(HttpMethod.Post, $"{town.Tasks}/{task}/review", new { outcome = "approve", labelId = LabelOf(held), activeMs = 1 }, Key()).IsProblemAsync(HttpStatusCode.Forbidden, "task.step_separation");
        Assert.Equal(2, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.StepSeparationChanged));
        await town.Manager.SendAsync(HttpMethod.Put, $"{Project}/separation", new { on = false }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");
    }

    [Fact]
    public async Task WhatIsSentBack_GoesToItsLabeler_OrToTheQueueByTheSetting()
    {
        await SendBackAsync(town.Ana);
        Assert.Equal(1, (await town.NextAsync(town.Ben))!.Value.GetProperty("round").GetInt32());
        Assert.Equal(2, (await town.NextAsync(town.Ana))!.Value.GetProperty("round").GetInt32());

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/send-back", new { toQueue = true }));
        var review = await SendBackAsync(town.Manager);
        var queued = (await town.Manager.GetAsync($"{town.Tasks}?kind=labeling&limit=200")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("asset").GetProperty("id").GetGuid() == review);
        var more = await town.JoinAsync("labeler");
        await BrowserSession.OkAsync(await more.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(queued)}/claim"));
    }

    [Fact]
    public async Task AManager_AssignsPrioritizesTakesAwayAndReopens()
    {
        var open = (await town.Manager.GetAsync($"{town.Tasks}?kind=labeling")).GetProperty("items").EnumerateArray().Select(Id).ToList();
        await PutAsync(town.Manager, open[7], "assignee", new { personId = town.Ben.PersonId });
        await PutAsync(town.Manager, open[5], "priority", new { priority = 5 });
        await PutAsync(town.Manager, open[5], "due", new { at = host.Clock.GetUtcNow().AddDays(1) });

        // Sent back, assigned, then by priority, then the oldest: and nobody else is given what is assigned.
        Assert.Equal(open[7], Id((await town.NextAsync(town.Ben))!.Value));
        Assert.Equal(open[5], Id((await town.NextAsync(town.Ana))!.Value));
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{open[7]}/claim").IsProblemAsync(HttpStatusCode.Conflict, "task.taken");
        await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{open[6]}/assignee", new { personId = town.Stranger.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.not_theirs");
        await town.Reviewer.SendAsync(HttpMethod.Put, $"{town.Tasks}/{open[6]}/assignee", new { personId = town.Ben.PersonId }).IsProblemAsync(HttpStatusCode.Forbidden, "role.insufficient");

        // Taken from Ana, her work comes too late; the asset that Ben finishes is reviewed by somebody else, and then opened again.
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{town.Tasks}/{open[5]}/force-release"));
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{open[5]}/submit", new { document = Town.Label(), activeMs = 1 }, Key()).IsProblemAsync(HttpStatusCode.Conflict, "task.taken");
        await PutAsync(town.Manager, open[7], "assignee", new { personId = town.Manager.PersonId });
        await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{open[7]}/submit", new { document = Town.Label(), activeMs = 1 }, Key()).IsProblemAsync(HttpStatusCode.Conflict, "task.taken");
        var asset = await LabelAsync(town.Manager);
        var review = Id((await town.Manager.GetAsync($"{town.Tasks}?kind=review")).GetProperty("items")[0]);
        await town.Owner.SendAsync(HttpMethod.Put, $"{town.Tasks}/{review}/assignee", new { personId = town.Manager.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.their_separation");
        await town.Owner.SendAsync(HttpMethod.Put, $"{town.Tasks}/{review}/assignee", new { personId = town.Ben.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.not_theirs");
        await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/assets/{asset}/reopen").IsProblemAsync(HttpStatusCode.Conflict, "asset.in_work");
        await ApproveAsync(town.Reviewer, (await town.NextAsync(town.Reviewer, "review"))!.Value);
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/assets/{asset}/reopen"));
        await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/assets/{asset}/reopen").IsProblemAsync(HttpStatusCode.Conflict, "asset.in_work");
        Assert.Equal(("sentBack", 2), ((await AssetAsync(asset)).GetProperty("status").GetString(), (await town.NextAsync(town.Manager))!.Value.GetProperty("round").GetInt32()));
        var acts = (await host.AuditAsync(town.Project)).Select(e => e.Act).ToList();
        Assert.All(new[] { AuditActs.TaskAssigned, AuditActs.TaskPriorityChanged, AuditActs.TaskDueChanged, AuditActs.TaskForceReleased, AuditActs.AssetReopened }, act => Assert.Contains(act, acts));
    }

    private async Task PutAsync(BrowserSession who, Guid task, string what, object body) => await BrowserSession.OkAsync(await who.SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/{what}", body));

    private async Task<Guid> SendBackAsync(BrowserSession labeler)
    {
        var asset = await LabelAsync(labeler);
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        await town.Reviewer.PostAsync($"{town.Tasks}/{Id(review)}/review", new { outcome = "sendBack", labelId = LabelOf(review), reason = "One is missing", activeMs = 10 }, Key());
        return asset;
    }

    private async Task<Guid> LabelAsync(BrowserSession who)
    {
        var task = (await town.NextAsync(who))!.Value;
        await who.PostAsync($"{town.Tasks}/{Id(task)}/submit", new { document = Town.Label(), activeMs = 100 }, Key());
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return task.GetProperty("asset").GetProperty("id").GetGuid();
    }

    private async Task ApproveAsync(BrowserSession who, JsonElement task)
    {
        await who.PostAsync($"{town.Tasks}/{Id(task)}/review", new { outcome = "approve", labelId = LabelOf(task), activeMs = 10 }, Key());
        host.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private Task<JsonElement> WorkflowAsync() => town.Owner.GetAsync($"{Project}/workflow");

    private Task<JsonElement> AssetAsync(Guid asset) => town.Owner.GetAsync($"{Project}/assets/{asset}");

    private async Task<Guid> StepAsync(int at) => (await WorkflowAsync()).GetProperty("steps")[at].GetProperty("id").GetGuid();

    private Task<HttpResponseMessage> SendAsync(int basedOn, params object[] steps) => town.Owner.SendAsync(HttpMethod.Put, $"{Project}/workflow", new { steps }, ifMatch: $"\"{basedOn}\"");

    private async Task PublishAsync(int basedOn, params object[] steps) => await BrowserSession.OkAsync(await SendAsync(basedOn, steps));

    private string Key() => $"workflow-key-{++keys}";

    private static object Look(string name) => new { name };

    private static Guid Id(JsonElement task) => task.GetProperty("id").GetGuid();

    private static Guid LabelOf(JsonElement review) => review.GetProperty("label").GetProperty("id").GetGuid();

    private static bool IsReviewed(JsonElement asset) => asset.GetProperty("sampling")[0].GetProperty("reviewed").GetBoolean();

    // As an auditor would compute it, without any of the product's code.
    private static double DrawOf(byte[] seed, Guid asset, Guid step, int round)
    {
        byte[] message = [.. asset.ToByteArray(bigEndian: true), .. step.ToByteArray(bigEndian: true), 0, 0, 0, (byte)round];
        return BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(seed, message)) / Math.Pow(2, 64);
    }
}

public sealed class WorkflowOnSqliteTests() : WorkflowTests(DatabaseProvider.Sqlite);

public sealed class WorkflowOnPostgresTests() : WorkflowTests(DatabaseProvider.Postgres);
