using System.Text.Json;
using Hybrid.ControlPlane.Domain.Assets;
using Hybrid.ControlPlane.Domain.Labels;
using Hybrid.ControlPlane.Domain.Projects;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Tasks;

/// <summary>A task with all that its page needs. Answers: those of several people, for whoever reviews what came of them.</summary>
public sealed record TaskView(
    Guid Id, AssetView Asset, StepView Step, int Round, LeaseView? Lease, OntologyView Ontology, DraftView? Draft, LabelView? Label, SentBackView? SentBack, int Priority, int? GuidelineVersion, IReadOnlyList<LabelView>? Answers = null);

/// <summary>The asset: a reference, never bytes.</summary>
public sealed record AssetView(Guid Id, string Name, string MediaType, long Size, int? Width, int? Height, int? Orientation)
{
    internal static AssetView Of(Asset a) => new(a.Id, a.Key, a.MediaType, a.Size, a.Width, a.Height, a.Orientation);
}

/// <summary>The step.</summary>
public sealed record StepView(Guid Id, StepKind Kind, string Name);

/// <summary>Until when the caller holds the task.</summary>
public sealed record LeaseView(DateTimeOffset ExpiresAt);

/// <summary>The ontology in force.</summary>
public sealed record OntologyView(int Version, JsonElement Document);

/// <summary>The caller's own draft.</summary>
public sealed record DraftView(JsonElement Document, int Revision, DateTimeOffset SavedAt, long ActiveMs);

/// <summary>The label under review, or the one that was sent back.</summary>
public sealed record LabelView(Guid Id, int Version, JsonElement Document, PersonRef? Author, DateTimeOffset CreatedAt, string Digest);

/// <summary>Why the task came back.</summary>
public sealed record SentBackView(string Reason, PersonRef? By, DateTimeOffset At, int? Score);

/// <summary>Shapes tasks for the person who holds them.</summary>
internal sealed class TaskViews(ControlPlaneDb db, ICurrentUser user, ProjectAccess access, PersonRefs people, TimeProvider clock)
{
    private static readonly HotQuery<Func<ControlPlaneDb, Guid, Guid, CancellationToken, Task<Parts>>> PartsOf = new(() => EF.CompileAsyncQuery(
        (ControlPlaneDb db, Guid task, Guid person, CancellationToken _) => (
            from t in db.Tasks.AsNoTracking()
            join a in db.Assets.AsNoTracking() on t.AssetId equals a.Id
            join s in db.WorkflowSteps.AsNoTracking() on new { Id = t.StepId, t.WorkflowVersion } equals new { s.Id, s.WorkflowVersion }
            join p in db.Projects.AsNoTracking() on t.ProjectId equals p.Id
            join o in db.OntologyVersions.AsNoTracking() on new { ProjectId = p.Id, Number = p.OntologyVersion } equals new { o.ProjectId, o.Number }
            from d in db.Drafts.AsNoTracking().Where(d => d.TaskId == t.Id && d.PersonId == person).DefaultIfEmpty()
            where t.Id == task
            select new Parts(t, a, s, o.Number, o.Document, p.GuidelineVersion, d)).Single()));

    /// <summary>A task that is known to exist, as it is now, and its view.</summary>
    public async Task<(WorkTask Task, TaskView View)> OfAsync(Guid taskId, CancellationToken ct)
    {
        var (task, asset, step, ontology, document, guideline, draft) = await PartsOf.In(db)(db, taskId, user.PersonId, ct);
        var label = task.LabelId is { } labelId ? await db.Labels.AsNoTracking().SingleAsync(l => l.Id == labelId, ct) : null;
        var back = task is { StepKind: StepKind.Labeling, Round: > 1, LabelId: { } judged }
            ? await db.Reviews.AsNoTracking().Where(r => r.LabelId == judged && r.Outcome == ReviewOutcome.SentBack).OrderByDescending(r => r.CreatedAt).FirstOrDefaultAsync(ct)
            : null;
        var answers = task.StepKind == StepKind.Review && access.Here is { Consensus: true } ? await AnswersAsync(task, ct) : [];
        var refs = await people.OfAsync(new[] { label?.AuthorId, back?.ReviewerId }.OfType<Guid>().Concat(answers.Select(a => a.AuthorId)), ct);
        return (task, new TaskView(
            task.Id, AssetView.Of(asset), new StepView(step.Id, step.Kind, step.Name), task.Round,
            task.IsLeasedTo(user.PersonId, clock.GetUtcNow()) ? new LeaseView(task.HeldUntil!.Value) : null,
            new OntologyView(ontology, JsonElement.Parse(document)),
            draft is null ? null : new DraftView(Documents.Read(draft.Document), draft.Revision, draft.SavedAt, draft.ActiveMs),
            label is null ? null : ViewOf(label, refs),
            back is null ? null : new SentBackView(back.Reason ?? "", refs.GetValueOrDefault(back.ReviewerId), people.TimeOf(back.CreatedAt), back.Score), task.Priority, guideline,
            answers.Count == 0 ? null : [.. answers.Select(a => ViewOf(a, refs))]));
    }

    // By id, which says nothing of who was first.
    private Task<List<Label>> AnswersAsync(WorkTask task, CancellationToken ct) => (
        from l in db.Labels.AsNoTracking()
        join t in db.Tasks.AsNoTracking() on l.TaskId equals t.Id
        where l.AssetId == task.AssetId && t.Purpose == TaskPurpose.Consensus && t.Round == task.Round
        orderby l.Id
        select l).ToListAsync(ct);

    private LabelView ViewOf(Label label, IReadOnlyDictionary<Guid, PersonRef> refs) => new(
        label.Id, label.Number, Documents.Read(label.Document), refs.GetValueOrDefault(label.AuthorId), people.TimeOf(label.CreatedAt), Convert.ToHexStringLower(label.Digest));

    private sealed record Parts(WorkTask Task, Asset Asset, WorkflowStep Step, int Ontology, string Document, int? Guideline, Draft? Draft);
}
