using FluentValidation;
using Hybrid.ControlPlane.Domain.Access;
using Hybrid.ControlPlane.Domain.Audit;
using Hybrid.ControlPlane.Domain.Results;
using Hybrid.ControlPlane.Domain.Talk;
using Hybrid.ControlPlane.Domain.Tasks;
using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.Auditing;
using Hybrid.ControlPlane.Infrastructure.Http;
using Hybrid.ControlPlane.Infrastructure.Live;
using Hybrid.ControlPlane.Infrastructure.Mediation;
using Hybrid.ControlPlane.Infrastructure.People;
using Hybrid.ControlPlane.Persistence;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Hybrid.ControlPlane.Features.Threads;

/// <summary>Opens an issue or a question about an asset. An issue goes to whoever made the label, a question to whoever reviews, where nobody is named.</summary>
public static class OpenThread
{
    internal static void Map(IEndpointRouteBuilder threads) => threads.MapPost("", Endpoint).WithName(nameof(OpenThread)).WithSummary("Opens an issue or a question.").Sends<Command>();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Endpoint(Guid projectId, Body body, IMediator mediator, ThreadParts parts, LiveNotices live, CancellationToken ct)
    {
        var result = await mediator.Send(new Command(projectId, body.AssetId, body.Kind, body.Anchor, body.Text, body.Assignee), ct);
        if (result.IsSuccess) await live.TellAsync(projectId, parts.Told, LiveKinds.Threads);
        return result.ToHttp();
    }

    /// <summary>About what, and what is said. People stand in the text as <c>@[id]</c>; the assignee is such an id.</summary>
    public sealed record Body(Guid AssetId, ThreadKind Kind, ThreadAnchor Anchor, string Text, string? Assignee);

    /// <summary>Opens.</summary>
    [Act(Acts.ThreadTakePart)]
    [Audits(AuditActs.ThreadOpened)]
    public sealed record Command(Guid ProjectId, Guid AssetId, ThreadKind Kind, ThreadAnchor Anchor, string Text, string? Assignee) : ICommand<Response>, IInProject;

    /// <summary>The thread.</summary>
    public sealed record Response(Guid Id);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).IsInEnum();
            RuleFor(c => c.Anchor).NotNull().Must(a => a is null or { IsWhole: true }).WithMessage("An anchor has exactly the members of its kind: an object's id, a point's x and y, or start and end.");
            RuleFor(c => c.Text).NotEmpty().Must(t => t is null || !string.IsNullOrWhiteSpace(t)).IsProse(4000);
            RuleFor(c => c.Assignee).MaximumLength(40);
        }
    }

    internal sealed class Handler(ControlPlaneDb db, ICurrentUser user, ThreadSight sight, ThreadParts parts, PersonRefs people, AuditTrail audit, TimeProvider clock) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            // 1. About an asset that is there for them; issues are for those who judge.
            if (!await sight.SeesAssetAsync(command.ProjectId, command.AssetId, ct)) return RequestErrors.NotFound;
            if (command.Kind == ThreadKind.Issue && !sight.Judges) return RequestErrors.Forbidden;
            var asset = await db.Assets.AsNoTracking().Where(a => a.Id == command.AssetId).Select(a => new { a.Width, a.Height }).SingleAsync(ct);
            if (command.Anchor.X > asset.Width || command.Anchor.Y > asset.Height) return ThreadErrors.UnknownObject;
            if (await TaskOfAsync(command.AssetId, ct) is not { } newest) return RequestErrors.NotFound;

            // 2. People of the project.
            if (await parts.ReadAsync(command.ProjectId, command.Text.Trim(), ct) is not { } read) return ThreadErrors.UnknownPerson;
            Guid? assignee = null;
            if (command.Assignee is { } named)
            {
                if (!(await people.PeopleOfAsync(command.ProjectId, [named], ct)).TryGetValue(named, out var known)) return ThreadErrors.UnknownPerson;
                assignee = known;
            }
            else if (command.Kind == ThreadKind.Issue)
            {
                assignee = await db.Labels.AsNoTracking().Where(l => l.AssetId == command.AssetId && l.Strand == 0 && l.Origin == Domain.Labels.LabelOrigin.Human).OrderByDescending(l => l.Number).Select(l => (Guid?)l.AuthorId).FirstOrDefaultAsync(ct);
                // Nobody is asked to do something who cannot come here any more.
                if (assignee is { } labeler && !await Places.At(db, clock.GetUtcNow()).AnyAsync(p => p.ProjectId == command.ProjectId && p.PersonId == labeler, ct)) assignee = null;
            }

            // 3. The thread, with what was in force.
            var project = await db.Projects.AsNoTracking().Where(p => p.Id == command.ProjectId).Select(p => new { p.OntologyVersion, p.GuidelineVersion }).SingleAsync(ct);
            var now = clock.GetUtcNow();
            var thread = IssueThread.Open(newest, command.Kind, command.Anchor, project.OntologyVersion, project.GuidelineVersion, user.PersonId, assignee, now);
            db.Threads.Add(thread);
            db.ThreadComments.Add(ThreadComment.Of(thread, user.PersonId, read.Text, now));
            await parts.HappenedAsync(thread, assignee is { } asked ? [.. read.Mentioned, asked] : read.Mentioned, ct);
            audit.Record(
                AuditActs.ThreadOpened, command.ProjectId, [thread.Id, thread.AssetId],
                new { kind = thread.Kind.ToString(), anchor = thread.Anchor.ToString(), step = thread.StepId, round = thread.Round, ontology = thread.OntologyVersion, guideline = thread.GuidelineVersion, label = thread.LabelId, assignee, mentions = read.Mentioned.Count });
            return new Response(thread.Id);
        }

        // The step, round and label that the thread is about: those of the task in hand, else of the newest. Who does not judge is shown none but
        // their own, since another's answer to the same asset, and that the asset is a known one, is nothing for them to learn.
        private Task<WorkTask?> TaskOfAsync(Guid assetId, CancellationToken ct)
        {
            var (me, judges, now) = (user.PersonId, sight.Judges, clock.GetUtcNow());
            return db.Tasks.AsNoTracking()
                .Select(t => new { Task = t, IsInHand = t.State == TaskState.Open && t.HolderId == me && !t.Reserved && t.HeldUntil > now })
                .Where(t => t.Task.AssetId == assetId && (t.IsInHand || (judges ? t.Task.Purpose != TaskPurpose.Honeypot : t.Task.FinishedBy == me)))
                .OrderByDescending(t => t.IsInHand).ThenByDescending(t => t.Task.Id).Select(t => t.Task).FirstOrDefaultAsync(ct);
        }
    }
}
