using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>A thread in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Issue or question.</param>
/// <param name="Status">Open, solved or cancelled.</param>
/// <param name="AssetId">The asset.</param>
/// <param name="Asset">Its name.</param>
/// <param name="Anchor">What in it.</param>
/// <param name="Step">Name of the step at which the asset was.</param>
/// <param name="Round">The round in which it was.</param>
/// <param name="Guideline">Guideline version in force then.</param>
/// <param name="Ontology">Ontology version in force then.</param>
/// <param name="LabelId">The label version that was there.</param>
/// <param name="By">Who opened it.</param>
/// <param name="Assignee">Who is to answer; null = whoever sees it.</param>
/// <param name="At">When it was opened.</param>
/// <param name="ChangedAt">When something last happened in it.</param>
/// <param name="Comments">How many.</param>
/// <param name="Opening">The first 200 characters of what it began with.</param>
/// <param name="Mentions">People who stand in it.</param>
/// <param name="Unread">Something in it waits for the caller.</param>
/// <param name="BecameGuideline">The guideline version that its answer became.</param>
/// <param name="MaySettle">The caller may solve, cancel and reopen it.</param>
public sealed record ThreadItem(
    Guid Id, ThreadKind Kind, ThreadStatus Status, Guid AssetId, string Asset, ThreadAnchor Anchor, string Step, int Round, int? Guideline, int Ontology, Guid? LabelId, PersonRef? By, PersonRef? Assignee,
    DateTimeOffset At, DateTimeOffset ChangedAt, int Comments, string Opening, IReadOnlyList<PersonRef> Mentions, bool Unread, int? BecameGuideline, bool MaySettle);

/// <summary>One comment; people stand in its text as <c>@[id]</c>.</summary>
public sealed record CommentView(Guid Id, int Number, PersonRef? By, string Text, DateTimeOffset At);

/// <summary>Shapes threads for the caller.</summary>
internal sealed class ThreadViews(ControlPlaneDb db, ICurrentUser user, ThreadSight sight, PersonRefs people)
{
    private const int MostOfOpening = 200;

    /// <summary>Threads as they stand in a list, in the order given.</summary>
    public async Task<IReadOnlyList<ThreadItem>> OfAsync(IReadOnlyList<IssueThread> threads, CancellationToken ct)
    {
        if (threads.Count == 0) return [];
        var ids = threads.Select(t => t.Id).ToList();
        var assetIds = threads.Select(t => t.AssetId).Distinct().ToList();
        var steps = threads.Select(t => t.StepId).Distinct().ToList();
        var assets = await db.Assets.AsNoTracking().Where(a => assetIds.Contains(a.Id)).Select(a => new { a.Id, a.Key }).ToDictionaryAsync(a => a.Id, a => a.Key, ct);
        var stepNames = (await db.WorkflowSteps.AsNoTracking().Where(s => steps.Contains(s.Id)).Select(s => new { s.Id, s.WorkflowVersion, s.Name }).ToListAsync(ct))
            .GroupBy(s => s.Id).ToDictionary(g => g.Key, g => g.MaxBy(s => s.WorkflowVersion)!.Name);
        var openings = await db.ThreadComments.AsNoTracking().Where(c => ids.Contains(c.ThreadId) && c.Number == 1).Select(c => new { c.ThreadId, c.Text }).ToDictionaryAsync(c => c.ThreadId, c => c.Text, ct);
        var unread = (await sight.Unread(db.Threads.AsNoTracking().Where(t => ids.Contains(t.Id))).Select(t => t.Id).ToListAsync(ct)).ToHashSet();
        var refs = await people.OfAsync(threads.SelectMany(t => new[] { t.AuthorId, t.AssigneeId ?? t.AuthorId }).Concat(openings.Values.SelectMany(ThreadParts.MentionedIn)), ct);
        return
        [
            .. threads.Select(t =>
            {
                var opening = openings.GetValueOrDefault(t.Id, "");
                var shown = ThreadParts.Show(opening, refs);
                return new ThreadItem(
                    t.Id, t.Kind, t.Status, t.AssetId, assets.GetValueOrDefault(t.AssetId, ""), new ThreadAnchor(t.Anchor, t.ObjectId, t.X, t.Y, t.SpanStart, t.SpanEnd), stepNames.GetValueOrDefault(t.StepId, ""), t.Round,
                    t.GuidelineVersion, t.OntologyVersion, t.LabelId, refs.GetValueOrDefault(t.AuthorId), t.AssigneeId is { } assignee ? refs.GetValueOrDefault(assignee) : null, people.TimeOf(t.OpenedAt), people.TimeOf(t.ChangedAt),
                    t.Comments, shown.Length > MostOfOpening ? shown[..MostOfOpening] : shown, [.. ThreadParts.MentionedIn(opening).Distinct().Where(refs.ContainsKey).Select(id => refs[id])], unread.Contains(t.Id), t.BecameGuideline, MaySettle(t));
            }),
        ];
    }

    /// <summary>Who may settle: whoever judges labels, and whoever asked the question.</summary>
    public bool MaySettle(IssueThread thread) => sight.Judges || (thread.Kind == ThreadKind.Question && thread.AuthorId == user.PersonId);
}
