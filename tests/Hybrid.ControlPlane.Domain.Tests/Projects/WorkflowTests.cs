using CsCheck;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Domain.Tests.Projects;

public sealed class WorkflowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Project boats = Project.Create(Guid.NewGuid(), "Boats", null, false, Now);

    [Fact]
    public void Seed_IsWhatOpensslComputes()
    {
        // { printf hybrid.sampling1; printf 01890a5dac96774bbcceb302099a805700000003 | xxd -r -p; } |
        //   openssl dgst -sha256 -mac HMAC -macopt hexkey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();

        var seed = Workflow.SamplingSeed(key, Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"), 3);

        Assert.Equal("6a1ba87faed6d6b1c937ce80afb5e9310ec5ecb18cb67fb91faec87207ee226b", Convert.ToHexStringLower(seed));
    }

    [Fact]
    public void Following_WithoutAChange_IsTheRestInOrder()
    {
        var steps = Version(null, null, null, null);

        Assert.Equal(steps.Skip(1), Workflow.Following(steps, steps, steps[0].Id));
        Assert.Equal(steps.Skip(3), Workflow.Following(steps, steps, steps[2].Id));
        Assert.Empty(Workflow.Following(steps, steps, steps[3].Id));
    }

    [Fact]
    public void Following_WhenTheStepIsGone_GoesOnBehindTheLastThatStands()
    {
        var old = Version(null, null, null, null);
        boats.AdvanceWorkflow(true, true, false);
        var now = Version(old[0], old[3], old[2], null);

        // It was in the second step, which is gone: behind the first come the fourth, the third and a new one.
        Assert.Equal([old[3].Id, old[2].Id, now[3].Id], Workflow.Following(old, now, old[1].Id).Select(s => s.Id));
        // Behind the third, which stands: the fourth stands before it now and is not gone back to.
        Assert.Equal([now[3].Id], Workflow.Following(old, now, old[2].Id).Select(s => s.Id));
        Assert.All(Workflow.Following(old, now, old[1].Id), s => Assert.Equal(2, s.WorkflowVersion));
    }

    [Fact]
    public void Following_NeverGoesBackNorToLabeling() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 5].Array[0, 5], Gen.Int[0, 5], Gen.Bool).Sample((count, kept, at, adds) =>
        {
            var old = Version([.. Enumerable.Repeat<WorkflowStep?>(null, count)]);
            var now = Version([old[0], .. kept.Distinct().Where(k => k > 0 && k < count).Select(k => old[k]), .. adds ? new WorkflowStep?[] { null } : []]);
            var from = old[at % count];

            var following = Workflow.Following(old, now, from.Id);

            Assert.All(following, s => Assert.Equal(StepKind.Review, s.Kind));
            Assert.DoesNotContain(following, s => old.Any(o => o.Id == s.Id && o.Position <= from.Position));
            Assert.Equal(following.OrderBy(s => s.Position), following);
            Assert.Equal(following.Select(s => s.Id).Distinct(), following.Select(s => s.Id));
        });

    [Fact]
    public void Policy_KeepsItsVersionWhileItStaysAsItIs()
    {
        var fixedRate = new StepSampling(SamplingKind.Fixed, 0.2);
        var first = WorkflowStep.Create(boats, 1, StepKind.Review, "Review", false, fixedRate, null);
        boats.AdvanceWorkflow(true, true, true);
        var renamed = WorkflowStep.Create(boats, 2, StepKind.Review, "Second look", true, fixedRate, first);
        var changed = WorkflowStep.Create(boats, 2, StepKind.Review, "Second look", true, new StepSampling(SamplingKind.WarmUp, 0.2, 10), first);

        Assert.Equal((first.Id, 2, 1), (renamed.Id, renamed.WorkflowVersion, renamed.SamplingVersion));
        Assert.Equal((first.Id, 2), (changed.Id, changed.SamplingVersion));
        Assert.NotEqual(boats.SamplingSeed(first.Id, 1), boats.SamplingSeed(first.Id, 2));
        Assert.True(boats.HasNamedSteps);
    }

    [Fact]
    public void FirstReviewStep_TurnsSeparationOn_AndALaterOneLeavesItAsItIs()
    {
        Assert.True(boats.AdvanceWorkflow(reviews: true, reviewedBefore: false, named: false));
        Assert.True(boats.StepSeparation);
        Assert.True(boats.Separate(false));
        Assert.False(boats.Separate(false));
        Assert.False(boats.AdvanceWorkflow(reviews: true, reviewedBefore: true, named: false));
        Assert.False(boats.StepSeparation);
    }

    [Fact]
    public void TasksOfAnAsset_SortInTheirOrder_WhateverPlaceTheirStepsHave()
    {
        var steps = Version(null, null, null);
        var first = WorkTask.Arrive(steps[0], Guid.CreateVersion7(), 1, null, Now);
        var review = WorkTask.GoOn(steps[2], first, Guid.NewGuid(), Now);
        var second = WorkTask.GoOn(steps[1], review, Guid.NewGuid(), Now);
        var again = WorkTask.ComeBack(steps[0], second, Guid.NewGuid(), null, "one is missing", Now);

        var ids = new[] { first.Id, review.Id, second.Id, again.Id };
        Assert.Equal(ids.Order(), ids);
        Assert.Equal((2, null), (again.Round, again.SentBackTo));
    }

    private List<WorkflowStep> Version(params WorkflowStep?[] before) =>
        [.. before.Select((b, at) => WorkflowStep.Create(boats, at, at == 0 ? StepKind.Labeling : StepKind.Review, $"Step {at}", false, StepSampling.Everything, b))];
}
