using CsCheck;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Domain.Tests.Tasks;

public sealed class WorkTaskTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Project Boats = Project.Create(Guid.NewGuid(), "Boats", null, true, Now);
    private static readonly WorkflowStep Labeling = WorkflowStep.Create(Boats, 0, StepKind.Labeling, "Labeling");
    private static readonly WorkflowStep Review = WorkflowStep.Create(Boats, 1, StepKind.Review, "Review");

    private readonly Guid ana = Guid.NewGuid();
    private readonly Guid ben = Guid.NewGuid();

    [Fact]
    public void Lease_HoldsUntilItsInstantAndNotAtIt()
    {
        var task = Held(ana, Now.AddMinutes(30));

        Assert.True(task.IsLeasedTo(ana, Now.AddMinutes(30).AddTicks(-1)));
        Assert.False(task.IsLeasedTo(ana, Now.AddMinutes(30)));
        Assert.False(task.IsLeasedTo(ben, Now));
        Assert.True(task.IsHeldByAnother(ben, Now));
        Assert.False(task.IsHeldByAnother(ben, Now.AddMinutes(30)));
        Assert.False(task.IsHeldByAnother(ana, Now));
    }

    [Fact]
    public void Submit_AfterALapse_IsFineWhileNobodyElseTookIt()
    {
        Assert.True(Held(ana, Now.AddMinutes(-1)).MaySubmit(ana));
        Assert.False(Held(ben, Now.AddMinutes(30)).MaySubmit(ana));
        Assert.False(Held(ana, Now.AddMinutes(5), reserved: true).MaySubmit(ana));
    }

    [Fact]
    public void Reservation_IsNoLease()
    {
        var task = Held(ana, Now.AddMinutes(5), reserved: true);

        Assert.False(task.IsLeasedTo(ana, Now));
        Assert.True(task.IsHeldByAnother(ben, Now));
    }

    [Fact]
    public void Renew_LastsThirtyMinutesFromNow()
    {
        var task = Held(ana, Now);
        task.Renew(Now);

        Assert.Equal(Now + TimeSpan.FromMinutes(30), task.HeldUntil);
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5)), (WorkTask.LeaseDuration, WorkTask.ReservationDuration));
    }

    [Fact]
    public void FinishSkipAndRelease_LetGo()
    {
        var label = Guid.NewGuid();
        var (done, skipped, released) = (Held(ana, Now.AddMinutes(5)), Held(ana, Now.AddMinutes(5)), Held(ana, Now.AddMinutes(5), reserved: true));
        done.Finish(ana, label, Now);
        skipped.Skip(ana, "blurred", Now);
        released.Release();

        Assert.All([done, skipped, released], t => Assert.Equal((null, null, false), (t.HolderId, t.HeldUntil, t.Reserved)));
        Assert.Equal((TaskState.Done, label, ana, Now), (done.State, done.LabelId, done.FinishedBy, done.FinishedAt));
        Assert.Equal((TaskState.Skipped, "blurred", ana, Now), (skipped.State, skipped.Reason, skipped.FinishedBy, skipped.FinishedAt));
        Assert.Equal(TaskState.Open, released.State);
        Assert.All([done, skipped, released], t => Assert.False(t.MaySubmit(ana)));
    }

    [Fact]
    public void ComeBack_IsTheNextRoundForTheSameLabelerWithTheReason()
    {
        var review = WorkTask.Arrive(Review, Guid.NewGuid(), 2, Guid.NewGuid(), Now);
        var label = Guid.NewGuid();

        var again = WorkTask.ComeBack(Labeling, review, label, ana, "one is missing", Now.AddHours(1));

        Assert.Equal((review.AssetId, 3, ana, "one is missing", label), (again.AssetId, again.Round, again.SentBackTo, again.Reason, again.LabelId));
        Assert.Equal((StepKind.Labeling, Labeling.Id, review.Priority, Now.AddHours(1)), (again.StepKind, again.StepId, again.Priority, again.ArrivedAt));
    }

    [Fact]
    public void StepWork_NamesAssetPersonAndStep()
    {
        var task = WorkTask.Arrive(Labeling, Guid.NewGuid(), 1, null, Now);

        var work = StepWork.Of(task, ana);

        Assert.Equal((task.ProjectId, task.AssetId, ana, task.StepId), (work.ProjectId, work.AssetId, work.PersonId, work.StepId));
    }

    [Fact]
    public void Draft_TakesOnlyANewerRevision()
    {
        var draft = Draft.Begin(WorkTask.Arrive(Labeling, Guid.NewGuid(), 1, null, Now), ana);

        Assert.True(draft.Save([1], 1, 10, Now));
        Assert.False(draft.Save([2], 1, 20, Now.AddMinutes(1)));
        Assert.Equal((1, 1, 10L, Now), (draft.Document.Single(), draft.Revision, draft.ActiveMs, draft.SavedAt));
        Assert.True(draft.Save([3], 5, 30, Now.AddMinutes(2)));
        Assert.False(draft.Save([4], 4, 40, Now.AddMinutes(3)));
        Assert.Equal((3, 5), (draft.Document.Single(), draft.Revision));
    }

    [Fact]
    public void AtAnyInstant_AtMostOnePersonHoldsATask() =>
        Gen.Select(Gen.Int[-60, 60], Gen.Bool, Gen.Bool, Gen.Int[-60, 60]).Sample((minutes, reserved, finished, at) =>
        {
            var task = Held(ana, Now.AddMinutes(minutes), reserved);
            if (finished) task.Finish(ana, Guid.NewGuid(), Now);
            var instant = Now.AddMinutes(at);
            Assert.False(task.IsLeasedTo(ben, instant));
            Assert.False(task.MaySubmit(ben));
            Assert.False(task.IsHeldByAnother(ana, instant));
            // Whoever has a lease is the one whom the others see; a finished task is held by nobody.
            if (task.IsLeasedTo(ana, instant)) Assert.True(task.IsHeldByAnother(ben, instant));
            if (finished) Assert.False(task.IsLeasedTo(ana, instant) || task.IsHeldByAnother(ben, instant) || task.MaySubmit(ana));
        });

    // Claiming is one statement in SQL and no method of the aggregate: the row as it stands after it.
    private static WorkTask Held(Guid by, DateTimeOffset until, bool reserved = false)
    {
        var task = WorkTask.Arrive(Labeling, Guid.NewGuid(), 1, null, Now);
        foreach (var (name, value) in new (string, object)[] { (nameof(WorkTask.HolderId), by), (nameof(WorkTask.HeldUntil), until), (nameof(WorkTask.Reserved), reserved) })
            typeof(WorkTask).GetProperty(name)!.SetValue(task, value);
        return task;
    }
}
