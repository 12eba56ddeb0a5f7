using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Contracts.Link;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Persistence;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>Several people answer for one asset: drawn, held apart, compared, settled, on each database.</summary>
public abstract partial class ConsensusTests(DatabaseProvider provider) : IAsyncLifetime
{
    private ControlPlaneHost host = null!;
    private Town town = null!;
    private int keys;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Project => $"/api/projects/{town.Project}";

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(provider);
        town = await Town.BuildAsync(host, 0);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (town is not null) await town.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Publish_RefusesWhatMakesNoSense_AndShowsWhatIsInForce()
    {
        foreach (var bad in new object[]
        {
            new { labelers = 1, share = 1.0, threshold = 0.7 }, new { labelers = 6, share = 1.0, threshold = 0.7 }, new { labelers = 2, share = 1.1, threshold = 0.7 },
            new { labelers = 2, share = 1.0, threshold = -0.1 }, new { labelers = 3, share = 1.0, threshold = 0.7, most = 2 }, new { labelers = 2, share = 1.0, threshold = 0.7, most = 3 },
            new { labelers = 2, share = 1.0, threshold = 0.7, most = 3, confidence = 0.9, accuracy = 0.5 },
        })
            await SendAsync(1, new { name = "Labeling", consensus = bad }, new { name = "Review" }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
        await SendAsync(1, new { name = "Labeling" }, new { name = "Review", consensus = new { labelers = 2, share = 1.0, threshold = 0.7 } }).IsProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

        await PublishAsync(new { labelers = 2, share = 0.25, threshold = 0.7, most = 4, confidence = 0.9, accuracy = 0.8 });

        var step = (await town.Owner.GetAsync($"{Project}/workflow")).GetProperty("steps")[0];
        var policy = step.GetProperty("consensus");
        Assert.Equal((2, 0.25, 4), (policy.GetProperty("labelers").GetInt32(), policy.GetProperty("share").GetDouble(), policy.GetProperty("most").GetInt32()));
        Assert.Equal((2, 64), (step.GetProperty("policyVersion").GetInt32(), step.GetProperty("seed").GetString()!.Length));
    }

    [Fact]
    public async Task AShare_IsDrawn_AndAnybodyComputesTheDrawAnew()
    {
        await PublishAsync(new { labelers = 3, share = 0.5, threshold = 0.7 });
        await ImportAsync(24);

        var step = (await town.Owner.GetAsync($"{Project}/workflow")).GetProperty("steps")[0];
        var (seed, id) = (Convert.FromHexString(step.GetProperty("seed").GetString()!), step.GetProperty("id").GetGuid());
        var queue = (await town.Manager.GetAsync($"{town.Tasks}?limit=200")).GetProperty("items").EnumerateArray().ToLookup(t => t.GetProperty("asset").GetProperty("id").GetGuid());
        Assert.Equal(24, queue.Count);
        var drawn = 0;
        foreach (var asset in queue.Select(g => g.Key))
        {
            var consensus = (await AssetAsync(asset)).GetProperty("consensus");
            var draw = DrawOf(seed, asset, id);
            Assert.Equal(draw, consensus.GetProperty("draw").GetDouble(), 1e-15);
            Assert.Equal((draw < 0.5, true), (consensus.GetProperty("drawn").GetBoolean(), consensus.GetProperty("holds").GetBoolean()));
            Assert.Equal(draw < 0.5 ? 3 : 1, queue[asset].Count());
            if (draw < 0.5) drawn++;
        }

        Assert.InRange(drawn, 1, 23);
        // Several tasks, one asset.
        var progress = (await town.Manager.GetAsync(Project)).GetProperty("progress");
        Assert.Equal((24, 24, 0), (progress.GetProperty("toDo").GetInt32(), progress.GetProperty("total").GetInt32(), progress.GetProperty("done").GetInt32()));
    }

    [Fact]
    public async Task WhoAgree_SettleTheAsset_AndTheBestAnswerIsItsOwn()
    {
        await PublishAsync(new { labelers = 3, share = 1.0, threshold = 0.6 }, rate: 0);
        await ImportAsync(1);
        var carl = await town.JoinAsync("labeler");
        var asset = await AnswerAsync(town.Ana, 10);
        Assert.Equal("toDo", (await AssetAsync(asset)).GetProperty("status").GetString());
        await AnswerAsync(town.Ben, 12);
        await AnswerAsync(carl, 60);

        var view = await SettledAsync(asset);

        // IoU of boxes of 100 × 50 at 10, 12, 60, and their equal answers: (98/102 + 1)/2, and so on.
        double Of(double apart) => (((100 - apart) / (100 + apart)) + 1) / 2;
        double[] pairs = [Of(2), 0, 0];
        Assert.Equal(pairs.Average(), view.GetProperty("consensus").GetProperty("agreement").GetDouble(), 9);
        // Half an overlap of 1/3 lies under 0.5 and does not count.
        Assert.Equal(("submitted", true), (view.GetProperty("status").GetString(), view.GetProperty("consensus").GetProperty("escalated").GetBoolean()));
        var own = view.GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("isOwn").GetBoolean());
        Assert.Equal((1, "consensus"), (own.GetProperty("version").GetInt32(), own.GetProperty("purpose").GetString()));
        Assert.Contains(own.GetProperty("author").GetProperty("id").GetString(), new[] { town.Ana.PersonId.ToString(), town.Ben.PersonId.ToString() });
        var review = (await town.NextAsync(town.Reviewer, "review"))!.Value;
        Assert.Equal(own.GetProperty("id").GetGuid(), review.GetProperty("label").GetProperty("id").GetGuid());
        Assert.Equal(3, review.GetProperty("answers").GetArrayLength());
        var acts = (await host.AuditAsync(town.Project)).ToList();
        Assert.Single(acts, e => e.Act == AuditActs.ConsensusSettled && e.Facts.Contains("\"agreement\":", StringComparison.Ordinal));
        Assert.Single(acts, e => e.Act == AuditActs.ConsensusSentToReview && e.Facts.Contains("\"threshold\":0.6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AboveTheThreshold_ItGoesOnByTheSampling_AndSpeaksInPseudonymsToReviewers()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.6 }, rate: 0);
        await ImportAsync(1);
        var asset = await AnswerAsync(town.Ana, 10);
        await AnswerAsync(town.Ben, 10);
        var view = await SettledAsync(asset);
        Assert.Equal(("done", 1.0, false), (view.GetProperty("status").GetString(), view.GetProperty("consensus").GetProperty("agreement").GetDouble(), view.GetProperty("consensus").GetProperty("escalated").GetBoolean()));

        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/anonymization", new { on = true }));
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 1.0 }, rate: 0, basedOn: 2);
        await ImportAsync(1, "second");
        await AnswerAsync(town.Ana, 10);
        await SettledAsync(await AnswerAsync(town.Ben, 11));
        var answers = (await town.NextAsync(town.Reviewer, "review"))!.Value.GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("author").GetProperty("name").GetString()!).ToList();
        Assert.Equal(2, answers.Distinct().Count());
        Assert.All(answers, name => Assert.StartsWith("Annotator ", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NobodyAnswersTwice_AtAnyDoor()
    {
        await PublishAsync(new { labelers = 3, share = 1.0, threshold = 0.6 });
        await ImportAsync(1);
        var copies = (await town.Manager.GetAsync($"{town.Tasks}?kind=labeling")).GetProperty("items").EnumerateArray().Select(Id).ToList();
        Assert.Equal(3, copies.Count);

        // While one is held: by next (the same again), by reservation, by id, by assignment.
        var first = await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 2 });
        var held = Id(first.GetProperty("task"));
        Assert.Equal(0, first.GetProperty("reserved").GetArrayLength());
        Assert.Equal(held, Id((await town.NextAsync(town.Ana))!.Value));
        var another = copies.First(c => c != held);
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{another}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.same_asset");
        await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{another}/assignee", new { personId = town.Ana.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.their_same_asset");

        // Another role in mid-task changes nothing.
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/members/{town.Ana.PersonId}", new { role = "teamManager" }));
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{another}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.same_asset");
        await town.Ana.SendAsync(HttpMethod.Put, $"{town.Tasks}/{another}/assignee", new { personId = town.Ana.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.their_same_asset");

        // Nor once it is answered, or skipped.
        await SubmitAsync(town.Ana, held, 10);
        Assert.Null(await town.NextAsync(town.Ana));
        await town.Ana.SendAsync(HttpMethod.Post, $"{town.Tasks}/{another}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.same_asset");
        var skipped = Id((await town.NextAsync(town.Ben))!.Value);
        await BrowserSession.OkAsync(await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{skipped}/skip", new { reason = "blurred" }));
        Assert.Null(await town.NextAsync(town.Ben));
        var last = copies.Single(c => c != held && c != skipped);
        await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{last}/claim").IsProblemAsync(HttpStatusCode.Forbidden, "task.same_asset");
        await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{last}/assignee", new { personId = town.Ben.PersonId }).IsProblemAsync(HttpStatusCode.UnprocessableEntity, "task.their_same_asset");

        // A program with a key is a person like any other.
        var account = (await town.Owner.PostAsync("/api/service-accounts", new { name = "Program", role = "member" })).GetProperty("id").GetGuid();
        await town.Owner.PostAsync($"{Project}/members", new { personId = account, role = "labeler" });
        var secret = (await town.Owner.PostAsync($"/api/service-accounts/{account}/keys", new { name = "Key", scopes = new[] { "task.work" }, expiresAt = host.Clock.GetUtcNow().AddDays(30) })).GetProperty("key").GetString()!;
        using var program = new HttpClient { BaseAddress = host.Url };
        program.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        program.DefaultRequestHeaders.Add("X-Hybrid-Request", "1");
        using var taken = await program.PostAsync(new Uri(host.Url, $"{town.Tasks}/{last}/claim"), null, Ct);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var submit = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, $"{town.Tasks}/{last}/submit")) { Content = System.Net.Http.Json.JsonContent.Create(new { document = Town.Label(10), activeMs = 1 }) };
        submit.Headers.Add("Idempotency-Key", Key());
        using var submitted = await program.SendAsync(submit, Ct);
        Assert.Equal(HttpStatusCode.OK, submitted.StatusCode);
        using var again = await program.PostAsync(new Uri(host.Url, $"{town.Tasks}/next"), System.Net.Http.Json.JsonContent.Create(new { kind = "label", reserve = 0 }), Ct);
        Assert.Equal(JsonValueKind.Null, JsonElement.Parse(await again.Content.ReadAsStringAsync(Ct)).GetProperty("task").ValueKind);
    }

    [Fact]
    public async Task ManyAtOnce_EachHoldsOneOfAnAsset_AndEachCopyHasOneHolder()
    {
        await PublishAsync(new { labelers = 3, share = 1.0, threshold = 0.6 });
        await ImportAsync(4);
        BrowserSession[] people = [town.Ana, town.Ben, town.Reviewer, town.Manager, town.Owner, await town.JoinAsync("labeler")];

        // Twelve tasks, six people: each takes one and reserves two, all at once, then answers everything.
        await Task.WhenAll(people.Select(async p =>
        {
            for (var i = 0; i < 12; i++)
            {
                var next = (await p.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 2 })).GetProperty("task");
                if (next.ValueKind == JsonValueKind.Null) break;
                await SubmitAsync(p, Id(next), 10);
            }
        }));

        await using var db = host.Database.Open();
        var labels = await db.Labels.IgnoreQueryFilters().AsNoTracking().Where(l => l.ProjectId == town.Project).Select(l => new { l.AssetId, l.AuthorId, l.TaskId }).ToListAsync(Ct);
        Assert.Equal((12, 12, 12), (labels.Count, labels.Select(l => l.TaskId).Distinct().Count(), labels.Select(l => (l.AssetId, l.AuthorId)).Distinct().Count()));
    }

    [Fact]
    public async Task ACopy_LooksLikeAnyOtherTask_InFieldsOrderAndTiming()
    {
        await PublishAsync(new { labelers = 2, share = 0.5, threshold = 0.6 });
        await ImportAsync(80);
        var queue = (await town.Manager.GetAsync($"{town.Tasks}?limit=200")).GetProperty("items").EnumerateArray().Select(t => (Task: Id(t), Asset: t.GetProperty("asset").GetProperty("id").GetGuid())).ToList();
        var shared = queue.GroupBy(t => t.Asset).Where(g => g.Count() == 2).Select(g => g.Key).ToHashSet();
        var (shapes, times, order) = (new Dictionary<bool, HashSet<string>> { [false] = [], [true] = [] }, new Dictionary<bool, List<double>> { [false] = [], [true] = [] }, new List<Guid>());

        for (var i = 0; i < 80; i++)
        {
            var watch = Stopwatch.StartNew();
            var next = await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 2 });
            var took = watch.Elapsed.TotalMilliseconds;
            var task = next.GetProperty("task");
            var asset = task.GetProperty("asset").GetProperty("id").GetGuid();
            order.Add(Id(task));
            times[shared.Contains(asset)].Add(took);
            var claimed = await town.Ana.PostAsync($"{town.Tasks}/{Id(task)}/claim");
            var label = await SubmitAsync(town.Ana, Id(task), 10);
            // Ordinals in ids, versions, rounds: all that is not a name, a time or random is the same for every task. The end of the queue is another thing.
            if (i < 70) shapes[shared.Contains(asset)].Add($"{Shape(next)} {Shape(claimed)} {Shape(label)}");
        }

        Assert.Equal(80, order.Distinct().Count());
        Assert.InRange(shared.Count, 10, 70);
        Assert.True(shapes[false].SetEquals(shapes[true]), $"{string.Join('\n', shapes[false])}\n\n{string.Join('\n', shapes[true])}");
        // In the order of the queue, copies and others mixed: by id, since all arrived at once by page.
        var places = order.Select(o => queue.FindIndex(q => q.Task == o)).ToList();
        Assert.Equal(places.Order(), places);
        var ratio = Median(times[true]) / Median(times[false]);
        TestContext.Current.SendDiagnosticMessage("next: {0:F2} ms for a copy, {1:F2} ms for another", Median(times[true]), Median(times[false]));
        Assert.InRange(ratio, 0.6, 1.67);
    }

    [Fact]
    public async Task Adaptive_AsksOneMoreUntilItIsSettled_AndNobodyAboveTheMost()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.5, most = 3, confidence = 0.9, accuracy = 0.8 }, rate: 0);
        var carl = await town.JoinAsync("labeler");

        // Settled by two; unsettled by two, and by the third, who is the last to be asked.
        await ImportAsync(1, "first");
        await AnswerAsync(town.Ana, 10);
        var agreed = await AnswerAsync(town.Ben, 10);
        Assert.Equal("done", (await SettledAsync(agreed)).GetProperty("status").GetString());

        await ImportAsync(1, "second");
        await AnswerAsync(town.Ana, 10);
        var disputed = await AnswerAsync(town.Ben, 500);
        await Wait.UntilAsync(async () => (await AssetAsync(disputed)).GetProperty("consensus").GetProperty("wanted").GetInt32() == 3);
        Assert.Equal("toDo", (await AssetAsync(disputed)).GetProperty("status").GetString());
        Assert.Null(await NextOfAsync(town.Ana, disputed));
        Assert.Equal(disputed, await AnswerAsync(carl, 10));
        var escalated = await SettledAsync(disputed);
        Assert.Equal(("submitted", 3, true), (escalated.GetProperty("status").GetString(), escalated.GetProperty("consensus").GetProperty("compared").GetInt32(), escalated.GetProperty("consensus").GetProperty("escalated").GetBoolean()));
        Assert.Equal(1, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.ConsensusLabelerAsked));
    }

    [Fact]
    public async Task WhatEverybodySkips_IsSkipped_AndOneAnswerAloneIsTheAssets()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.9 }, rate: 0);
        await ImportAsync(1, "first");
        foreach (var who in new[] { town.Ana, town.Ben })
        {
            var task = (await town.NextAsync(who))!.Value;
            await BrowserSession.OkAsync(await who.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(task)}/skip", new { reason = "blurred" }));
        }

        await ImportAsync(1, "second");
        var alone = await AnswerAsync(town.Ana, 10);
        var left = (await town.NextAsync(town.Ben))!.Value;
        await BrowserSession.OkAsync(await town.Ben.SendAsync(HttpMethod.Post, $"{town.Tasks}/{Id(left)}/skip", new { reason = "blurred" }));

        // One answer is under the minimum of two: nothing acts on it.
        Assert.Equal("done", (await SettledAsync(alone)).GetProperty("status").GetString());
        await Wait.UntilAsync(async () => (await town.Manager.GetAsync(Project)).GetProperty("progress").GetProperty("skipped").GetInt32() == 1);
        var progress = (await town.Manager.GetAsync(Project)).GetProperty("progress");
        Assert.Equal((1, 0), (progress.GetProperty("done").GetInt32(), progress.GetProperty("toDo").GetInt32()));
        Assert.Equal(1, (await town.Manager.GetAsync($"{Project}/assets?status=skipped")).GetProperty("total").GetInt32());
    }

    private async Task<JsonElement> SettledAsync(Guid asset)
    {
        await Wait.UntilAsync(async () => (await AssetAsync(asset)).GetProperty("consensus").GetProperty("state").GetString() == "settled");
        return await AssetAsync(asset);
    }

    private async Task<JsonElement?> NextOfAsync(BrowserSession who, Guid asset)
    {
        var next = await town.NextAsync(who);
        return next is { } task && task.GetProperty("asset").GetProperty("id").GetGuid() == asset ? next : null;
    }

    private async Task<Guid> AnswerAsync(BrowserSession who, double x)
    {
        var task = (await town.NextAsync(who))!.Value;
        await SubmitAsync(who, Id(task), x);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return task.GetProperty("asset").GetProperty("id").GetGuid();
    }

    private Task<JsonElement> SubmitAsync(BrowserSession who, Guid task, double x) => who.PostAsync($"{town.Tasks}/{task}/submit", new { document = Town.Label(x), activeMs = 100 }, Key());

    private async Task ImportAsync(int objects, string folder = "more")
    {
        town.Agent.Lists = _ => Task.FromResult(new ListPage([.. Enumerable.Range(1, objects).Select(i => new ListedObject($"{folder}/{i:D4}.jpg", 1000 + i, $"etag-{i}", "image/jpeg", null))], null, null));
        await town.ImportAsync();
    }

    private async Task PublishAsync(object consensus, double rate = 1, int basedOn = 1)
    {
        var review = (await town.Owner.GetAsync($"{Project}/workflow")).GetProperty("steps")[1].GetProperty("id").GetGuid();
        await BrowserSession.OkAsync(await SendAsync(basedOn, new { name = "Labeling", consensus }, new { id = review, name = "Review", sampling = new { kind = "fixed", rate } }));
    }

    private Task<HttpResponseMessage> SendAsync(int basedOn, params object[] steps) => town.Owner.SendAsync(HttpMethod.Put, $"{Project}/workflow", new { steps }, ifMatch: $"\"{basedOn}\"");

    private Task<JsonElement> AssetAsync(Guid asset) => town.Owner.GetAsync($"{Project}/assets/{asset}");

    private string Key() => $"consensus-key-{Interlocked.Increment(ref keys)}";

    private static Guid Id(JsonElement task) => task.GetProperty("id").GetGuid();

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>All that an answer says, without names, times and what is random in ids.</summary>
    internal static string Shape(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', e.EnumerateObject().Select(p => p.Name + ":" + (p.Name is "name" or "size" or "digest" or "waiting" ? "…" : p.Name == "asset" ? string.Join(',', p.Value.EnumerateObject().Select(a => a.Name)) : Shape(p.Value)))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', e.EnumerateArray().Select(Shape)) + "]",
        // Version, ordinal and variant of an id; never its random part, nor whose it is.
        JsonValueKind.String when Guid.TryParse(e.GetString(), out var id) => id.ToString()[14..18],
        JsonValueKind.String when DateTimeOffset.TryParse(e.GetString(), System.Globalization.CultureInfo.InvariantCulture, out _) => "time",
        _ => e.GetRawText(),
    };

    // As an auditor would compute it, without any of the product's code.
    private static double DrawOf(byte[] seed, Guid asset, Guid step)
    {
        byte[] message = [.. asset.ToByteArray(bigEndian: true), .. step.ToByteArray(bigEndian: true), 0, 0, 0, 1];
        return BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(seed, message)) / Math.Pow(2, 64);
    }
}

public sealed class ConsensusOnSqliteTests() : ConsensusTests(DatabaseProvider.Sqlite);

public sealed class ConsensusOnPostgresTests() : ConsensusTests(DatabaseProvider.Postgres);
