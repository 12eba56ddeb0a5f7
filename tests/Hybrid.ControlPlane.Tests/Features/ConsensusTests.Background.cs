using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Quality;
using Hybrid.ControlPlane.Features.Quality;
using Hybrid.ControlPlane.Tests.Harness;
using Hybrid.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.ControlPlane.Tests.Features;

/// <summary>What follows an answer in the background, and the rules that ask its figures.</summary>
public abstract partial class ConsensusTests
{
    [Fact]
    public async Task ARowThatComesTwice_HasItsEffectOnce_AndRecomputingFindsTheSame()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.5 }, rate: 0);
        await ImportAsync(1);
        var asset = await AnswerAsync(town.Ana, 10);
        await SettledAsync(await AnswerAsync(town.Ben, 14));

        // As after a restore from a backup, or with two replicas at once.
        await using (var db = host.Database.Open())
        {
            foreach (var task in await db.Tasks.IgnoreQueryFilters().Where(t => t.AssetId == asset).ToListAsync(Ct)) db.QualityJobs.Add(QualityJob.Of(task, town.Ben.PersonId, host.Clock.GetUtcNow()));
            await db.SaveChangesAsync(Ct);
        }

        await Wait.UntilAsync(async () => await JobsAsync() == 0);
        Assert.Equal(1, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.ConsensusSettled));
        Assert.Equal(1, (await AssetAsync(asset)).GetProperty("versions").EnumerateArray().Count(v => v.GetProperty("isOwn").GetBoolean()));
        var pair = (await town.Manager.GetAsync($"{Project}/quality/pairs?one={town.Ana.PersonId}&other={town.Ben.PersonId}")).GetProperty("items")[0];
        var figures = await RecomputeAsync(write: false);
        Assert.Equal((1, 1, 0, 0, 0), (figures.Pairs, figures.Rounds, figures.Scores, figures.Different, figures.Missing));

        // What was tampered with is found, and put right to the last digit.
        await using (var db = host.Database.Open()) await db.LabelPairs.IgnoreQueryFilters().Where(p => p.AssetId == asset).ExecuteUpdateAsync(p => p.SetProperty(x => x.Agreement, 0.5), Ct);
        Assert.Equal(2, (await RecomputeAsync(write: false)).Different);
        Assert.Equal(1, (await RecomputeAsync(write: true)).Different);
        Assert.Equal(0, (await RecomputeAsync(write: false)).Different);
        pair = (await town.Manager.GetAsync($"{Project}/quality/pairs?one={town.Ana.PersonId}&other={town.Ben.PersonId}")).GetProperty("items")[0];
        Assert.Equal((((96.0 / 104) + 1) / 2, asset), (pair.GetProperty("agreement").GetDouble(), pair.GetProperty("assetId").GetGuid()));
    }

    [Fact]
    public async Task WhatFollowsASubmit_OutlivesTheProcess_IsDoneOnceByWhoeverComesFirst_AndLetsOthersPassWhenItFails()
    {
        await PublishAsync(new { labelers = 2, share = 1.0, threshold = 0.5 }, rate: 0);
        var worker = host.Services.GetRequiredService<QualityWorker>();
        await worker.StopAsync(Ct);
        await ImportAsync(1, "first");
        await AnswerAsync(town.Ana, 10);
        var first = await AnswerAsync(town.Ben, 10);
        await ImportAsync(1, "second");
        await AnswerAsync(town.Ana, 10);
        var second = await AnswerAsync(town.Ben, 10);

        // As a killed process leaves it: acknowledged, not followed up. A label that cannot be read holds up its own asset alone.
        Assert.Equal((4, "gathering", "submitted"), (await JobsAsync(), (await AssetAsync(first)).GetProperty("consensus").GetProperty("state").GetString(), (await AssetAsync(first)).GetProperty("status").GetString()));
        byte[] document;
        await using (var db = host.Database.Open())
        {
            document = await db.Labels.IgnoreQueryFilters().Where(l => l.AssetId == first).Select(l => l.Document).FirstAsync(Ct);
            await db.Labels.IgnoreQueryFilters().Where(l => l.AssetId == first).ExecuteUpdateAsync(l => l.SetProperty(x => x.Document, new byte[] { 1 }), Ct);
        }

        // Two at once, as two replicas.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            for (var i = 0; i < 20 && await worker.StepAsync(Ct); i++)
            {
            }
        }));
        Assert.Equal(("gathering", "settled", 2), ((await AssetAsync(first)).GetProperty("consensus").GetProperty("state").GetString(), (await AssetAsync(second)).GetProperty("consensus").GetProperty("state").GetString(), await JobsAsync()));

        await using (var db = host.Database.Open()) await db.Labels.IgnoreQueryFilters().Where(l => l.AssetId == first).ExecuteUpdateAsync(l => l.SetProperty(x => x.Document, document), Ct);
        host.Clock.Advance(TimeSpan.FromHours(2));
        while (await worker.StepAsync(Ct))
        {
        }

        Assert.Equal(("settled", 0), ((await AssetAsync(first)).GetProperty("consensus").GetProperty("state").GetString(), await JobsAsync()));
        Assert.Equal(2, (await host.AuditAsync(town.Project)).Count(e => e.Act == AuditActs.ConsensusSettled));
    }

    [Fact]
    public async Task NumbersThatWouldTellACopy_AreCoarseForThoseWhoLabel()
    {
        await PublishAsync(new { labelers = 2, share = 0.5, threshold = 0.5 });
        await ImportAsync(30);

        var before = (await town.Ana.GetAsync(Project)).GetProperty("progress").GetRawText();
        await AnswerAsync(town.Ana, 10);
        await AnswerAsync(town.Ana, 10);

        Assert.Equal(before, (await town.Ana.GetAsync(Project)).GetProperty("progress").GetRawText());
        Assert.Equal(0, (await town.Ana.PostAsync($"{town.Tasks}/next", new { kind = "label", reserve = 0 })).GetProperty("waiting").GetProperty("label").GetInt32() % 25);
        Assert.Equal(30, (await town.Manager.GetAsync(Project)).GetProperty("progress").GetProperty("toDo").GetInt32() + (await town.Manager.GetAsync(Project)).GetProperty("progress").GetProperty("submitted").GetInt32() + (await town.Manager.GetAsync(Project)).GetProperty("progress").GetProperty("inProgress").GetInt32());
    }

    [Fact]
    public async Task WhereNoStepReviews_TheProjectMayBlockWhatIsUnderTheThreshold()
    {
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/workflow", new { steps = new object[] { new { name = "Labeling", consensus = new { labelers = 2, share = 1.0, threshold = 0.9 } } } }, ifMatch: "\"1\""));
        await BrowserSession.OkAsync(await town.Owner.SendAsync(HttpMethod.Put, $"{Project}/quality/settings", Rules(blocks: true), ifMatch: "\"0\""));
        await ImportAsync(1);
        var asset = await AnswerAsync(town.Ana, 10);
        await AnswerAsync(town.Ben, 500);

        await Wait.UntilAsync(async () => (await AssetAsync(asset)).GetProperty("consensus").GetProperty("state").GetString() == "blocked");
        Assert.Equal("submitted", (await AssetAsync(asset)).GetProperty("status").GetString());
        Assert.Equal(1, (await town.Manager.GetAsync($"{Project}/quality")).GetProperty("consensus").GetProperty("blocked").GetInt32());
        Assert.Contains(await host.AuditAsync(town.Project), e => e.Act == AuditActs.ConsensusBlocked && e.Facts.Contains("\"threshold\":0.9", StringComparison.Ordinal));

        // A manager opens it again: one person answers, and it is done.
        await BrowserSession.OkAsync(await town.Manager.SendAsync(HttpMethod.Post, $"{Project}/assets/{asset}/reopen"));
        var owner = (await AssetAsync(asset)).GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("isOwn").GetBoolean()).GetProperty("author").GetProperty("id").GetGuid();
        var who = owner == town.Ana.PersonId ? town.Ana : town.Ben;
        Assert.Equal(asset, await AnswerAsync(who, 20));
        var done = await AssetAsync(asset);
        Assert.Equal(("done", 2), (done.GetProperty("status").GetString(), done.GetProperty("versions").EnumerateArray().Count(v => v.GetProperty("isOwn").GetBoolean())));
    }

    private static object Rules(bool blocks) => new
    {
        honeypotShare = 0.0, honeypotSpacing = 0, honeypotMostGiven = (int?)null, pauseThreshold = (double?)null, window = 50, minimum = 2, driftReference = (double?)null, driftSlack = 0.05, driftLimit = 0.5,
        consensusBlocksDone = blocks,
    };

    private async Task<Recomputation.Figures> RecomputeAsync(bool write)
    {
        await using var db = host.Database.Open();
        var organization = await db.Projects.IgnoreQueryFilters().Where(p => p.Id == town.Project).Select(p => p.OrganizationId).SingleAsync(Ct);
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Recomputation>().OfAsync(organization, town.Project, write, Ct);
    }

    private async Task<int> JobsAsync()
    {
        await using var db = host.Database.Open();
        return await db.QualityJobs.IgnoreQueryFilters().CountAsync(j => j.ProjectId == town.Project);
    }
}
