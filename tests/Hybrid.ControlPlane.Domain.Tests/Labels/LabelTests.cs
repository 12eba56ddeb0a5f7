using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;

namespace Hybrid.ControlPlane.Domain.Tests.Labels;

public sealed class LabelTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Project Boats = Project.Create(Guid.NewGuid(), "Boats", null, true, Now);

    private readonly WorkTask task = WorkTask.Arrive(WorkflowStep.Create(Boats, 0, StepKind.Labeling, "Labeling"), Guid.NewGuid(), 3, null, Now);
    private readonly Guid author = Guid.NewGuid();

    [Fact]
    public void Label_RemembersWhatItWasMadeUnder()
    {
        var label = Make(2);

        Assert.Equal((task.OrganizationId, task.ProjectId, task.AssetId, task.Id, task.StepId), (label.OrganizationId, label.ProjectId, label.AssetId, label.TaskId, label.StepId));
        Assert.Equal((3, task.WorkflowVersion, 5, 2), (label.Round, label.WorkflowVersion, label.OntologyVersion, label.Number));
        Assert.Equal((author, LabelOrigin.Human, 900L, "key-0001", Now), (label.AuthorId, label.Origin, label.ActiveMs, label.IdempotencyKey, label.CreatedAt));
        Assert.Equal((9, 7, 1), (label.Document.Single(), label.Digest.Single(), label.ObjectCount));
    }

    [Fact]
    public void Label_IsImmutable() =>
        Assert.DoesNotContain(typeof(Label).GetProperties(), p => p.SetMethod is { IsPublic: true });

    [Fact]
    public void Class_KeepsTheExtentOrNone()
    {
        var label = Make(1);
        var with = LabelClass.Create(label, "boat", 2, (1, 2, 3, 4));
        var without = LabelClass.Create(label, "mood", 1, null);

        Assert.Equal((label.Id, "boat", 2, 1d, 2d, 3d, 4d), (with.LabelId, with.Tool, with.Count, with.MinX, with.MinY, with.MaxX, with.MaxY));
        Assert.Equal((null, null, null, null), (without.MinX, without.MinY, without.MaxX, without.MaxY));
    }

    [Fact]
    public void Review_NamesTheLabelItJudgedAndItsCorrection()
    {
        var (judged, corrected) = (Make(1), Make(2));

        var review = Review.Create(task, judged.Id, corrected.Id, author, ReviewOutcome.Corrected, 0.75, null, 4, 10, "key-0002", Now);

        Assert.Equal((task.AssetId, task.Id, judged.Id, corrected.Id), (review.AssetId, review.TaskId, review.LabelId, review.CorrectedLabelId));
        Assert.Equal((task.StepId, task.WorkflowVersion, 0.75), (review.StepId, review.WorkflowVersion, review.Agreement));
        Assert.Equal((ReviewOutcome.Corrected, 4, 10L, "key-0002"), (review.Outcome, review.Score, review.ActiveMs, review.IdempotencyKey));
    }

    private Label Make(int number) => Label.Create(task, author, number, null, 5, 2, new LabelContent([9], [7], 1), 900, LabelOrigin.Human, "key-0001", Now);
}
