using System.Text.Json;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What stands beside the answers of several people and must not tell of them, nor mix them up: questions, and acts on many tasks.</summary>
public abstract partial class ConsensusTests
{
    [Fact]
    public async Task AQuestion_AboutOnesOwnAnswer_SaysNothingOfTheOthers()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.6 });
        await ImportAsync(1);
        var task = (await town.NextAsync(town.Ana))!.Value;
        // The other answer is there already, and its task is the newer one.
        var asset = await AnswerAsync(town.Ben, 10);
        Assert.Equal(asset, task.GetProperty("asset").GetProperty("id").GetGuid());

        Assert.Equal(JsonValueKind.Null, (await AskAsync(town.Ana, asset)).GetProperty("labelId").ValueKind);
        await SubmitAsync(town.Ana, Id(task), 10);
        await SettledAsync(asset);
        var mine = (await AssetAsync(asset)).GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("author").GetProperty("id").GetGuid() == town.Ana.PersonId).GetProperty("id").GetGuid();
        Assert.Equal(mine, (await AskAsync(town.Ana, asset)).GetProperty("labelId").GetGuid());

        // An issue goes to whoever made the asset's own label, not to whoever answered last.
        var own = (await AssetAsync(asset)).GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("isOwn").GetBoolean()).GetProperty("author").GetProperty("id").GetString();
        var issue = await AskAsync(town.Manager, asset, "issue");
        Assert.Equal(own, issue.GetProperty("assignee").GetProperty("id").GetString());
    }

    [Fact]
    public async Task AnActOnMany_TakenBack_GivesNobodyTwoAnswersForOneAsset_AndEnds()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.6 });
        await ImportAsync(1);
        var copies = (await town.Manager.GetAsync($"{town.Tasks}?kind=labeling")).GetProperty("items").EnumerateArray().Select(Id).ToList();
        await AssignAsync(copies[0], town.Ana);
        await AssignAsync(copies[1], town.Reviewer);

        // The first goes from Ana to Ben, the second cannot: it would be Ben's second answer.
        var job = await RunAsync(await town.Manager.PostAsync($"{Project}/queue-jobs", new { act = "assign", filter = new { }, person = town.Ben.PersonId.ToString() }));
        Assert.Equal((1, 1), (job.GetProperty("changed").GetInt32(), job.GetProperty("refused").GetInt32()));
        var moved = (await town.Manager.GetAsync($"{town.Tasks}?kind=labeling")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("assignedTo").GetProperty("id").GetGuid() == town.Ben.PersonId);
        var before = Id(moved) == copies[0] ? town.Ana : town.Reviewer;
        // Meanwhile whoever had it is given the other one.
        await AssignAsync(copies.Single(c => c != Id(moved)), before);

        var undone = await RunAsync(await town.Manager.PostAsync($"{Project}/queue-jobs/{Id(job)}/undo"));

        Assert.Equal((0, 1), (undone.GetProperty("changed").GetInt32(), undone.GetProperty("refused").GetInt32()));
    }

    private async Task AssignAsync(Guid task, BrowserSession who) => await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Put, $"{town.Tasks}/{task}/assignee", new { personId = who.PersonId }));

    private async Task<JsonElement> AskAsync(BrowserSession who, Guid asset, string kind = "question")
    {
        var id = Id(await who.PostAsync($"{Project}/threads", new { assetId = asset, kind, anchor = new { kind = "asset" }, text = "Is this a mast?" }));
        return (await who.GetAsync($"{Project}/threads/{id}")).GetProperty("thread");
    }

    private async Task<JsonElement> RunAsync(JsonElement started)
    {
        JsonElement job = default;
        await Wait.UntilAsync(async () => (job = (await town.Manager.GetAsync($"{Project}/queue-jobs")).GetProperty("items").EnumerateArray().Single(j => Id(j) == Id(started))).GetProperty("state").GetString() == "done");
        return job;
    }
}
